// One neuron of a peer against the laws: a row of the table.

import {
  type Counterexample,
  checkNeuron,
  type ForeignNeuron,
  LawBroken,
  type LawReport,
} from '../../src/testing';

/** A law that failed, with the smallest counterexample found. */
export interface BrokenLaw {
  readonly law: string;
  readonly words: string;
  readonly numbers: readonly string[];
}

export interface Row {
  readonly peer: string;
  readonly neuron: string;
  readonly held: readonly string[];
  readonly broken: readonly BrokenLaw[];
  /** Laws that the neuron gives no means to try, and why. */
  readonly notChecked: readonly { readonly law: string; readonly reason: string }[];
}

export interface RowOptions {
  readonly runs: number;
  readonly seed: number;
  readonly law?: string;
}

export async function rowOf(peer: string, neuron: ForeignNeuron, options: RowOptions): Promise<Row> {
  const row = ({ held, notChecked }: LawReport, broken: readonly Counterexample[]): Row => ({
    peer,
    neuron: neuron.name!,
    held: held.map(({ law }) => law),
    broken: broken.map(({ law, words, numbers }) => ({ law, words, numbers })),
    notChecked,
  });
  try {
    return row(await checkNeuron(neuron, options), []);
  } catch (error) {
    if (error instanceof LawBroken) return row(error.report, error.counterexamples);
    throw error;
  }
}

/** The line that makes this row, or one cell of it, anew. */
export const commandOf = (
  peer: string,
  neuron: string,
  law?: string,
  source: '--peer' | '--file' = '--peer',
): string =>
  `npm run laws:peers -- ${source} ${peer} --neuron ${quoted(neuron)}${law === undefined ? '' : ` --law ${quoted(law)}`}`;

const quoted = (text: string): string => (/^[\w=.-]+$/.test(text) ? text : `"${text}"`);
