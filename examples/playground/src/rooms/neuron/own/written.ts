// A neuron as the reader writes it: the JSON that `spikegrad train --neuron` takes and checkpoints hold, so that one
// from the page is one on the command line, and back. It may have mistakes: what it says is the library's to judge.

import type { FunctionInFile, LearnableInFile, NeuronFile } from 'spikegrad';
import type { Field } from '../../../frame/codec';

export interface Written extends NeuronFile {
  readonly equations: string;
  readonly parameters: Readonly<Record<string, number | LearnableInFile>>;
}

/** Characters of a neuron: an address holds no more in every browser. */
const LONGEST = 6000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isParameter = (value: unknown): value is number | LearnableInFile =>
  Number.isFinite(value) || (isRecord(value) && Number.isFinite(value.learn));

/** The neuron of a JSON text; undefined where it is none. */
export function fromJson(text: string): Written | undefined {
  try {
    const json: unknown = JSON.parse(text);
    if (!isRecord(json)) return undefined;
    const { equations, parameters = {}, ...rest } = json;
    const lines = Array.isArray(equations) ? equations.join('\n') : equations;
    if (typeof lines !== 'string' || !isRecord(parameters)) return undefined;
    const named = Object.entries(parameters).filter(([, value]) => isParameter(value));
    return { ...rest, equations: lines, parameters: Object.fromEntries(named) as Written['parameters'] };
  } catch {
    return undefined;
  }
}

/** The same as one line, without what is as it is anyway. */
export function toJson({ equations, parameters, ...rest }: Written): string {
  const some = (value: unknown) => !isRecord(value) || Object.keys(value).length > 0;
  const entries = Object.entries({ parameters, ...rest }).filter(
    ([, value]) => value !== undefined && some(value),
  );
  return JSON.stringify({ equations, ...Object.fromEntries(entries) });
}

/** A written neuron in an address; empty for none. */
export const writtenField: Field<string> = {
  initial: '',
  read(text) {
    if (text.length > LONGEST) return undefined;
    const written = fromJson(text);
    return written && toJson(written);
  },
  write: (text) => text,
};

/** Where a parameter stands, or starts. */
export const numberOf = (parameter: number | LearnableInFile): number =>
  typeof parameter === 'number' ? parameter : parameter.learn;

/** With another number for a parameter, learnt as before. */
export function withValue(written: Written, name: string, value: number): Written {
  const before = written.parameters[name];
  const now = typeof before === 'object' ? { ...before, learn: value } : value;
  return { ...written, parameters: { ...written.parameters, [name]: now } };
}

/** Digits that a slider shows of what was learnt. */
const DIGITS = 4;

/** A neuron's JSON with what training has made of its constants in the place of where they started. */
export function withLearnt(own: string, learned: Readonly<Record<string, number>>): string {
  let written = fromJson(own)!;
  for (const [name, value] of Object.entries(learned))
    if (Number.isFinite(value)) written = withValue(written, name, Number(value.toPrecision(DIGITS)));
  return toJson(written);
}

/** With a parameter learnt, or held. */
export function withLearning(written: Written, name: string, learns: boolean): Written {
  const value = numberOf(written.parameters[name]!);
  return { ...written, parameters: { ...written.parameters, [name]: learns ? { learn: value } : value } };
}

/** Names that a text says, whatever they mean there. */
export const namesIn = (equations: string): ReadonlySet<string> =>
  new Set(equations.match(/[A-Za-z_]\w*/g) ?? []);

/** Those parameters that the equations name: one whose line is being rewritten is kept, and is no mistake. */
export function usedParameters(written: Written): Written['parameters'] {
  const { equations, parameters } = written;
  const { threshold = '', reset = '', refractory = '' } = isDifferential(equations) ? besideOf(written) : {};
  const names = namesIn([equations, threshold, reset, refractory].join('\n'));
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => names.has(name)));
}

/** Whether the equations are differential ones, `dv/dt = …` or `v' = …`. */
export const isDifferential = (equations: string): boolean =>
  /^[^\S\n]*(?:d\w+[^\S\n]*\/[^\S\n]*dt|\w+')[^\S\n]*=/m.test(equations.replaceAll(';', '\n'));

/** What stands beside differential equations and beside no others. */
const BESIDE = ['threshold', 'reset', 'refractory', 'hold', 'dt', 'method', 'detachReset', 'width'] as const;
export type Beside = Partial<Record<(typeof BESIDE)[number], string | number>>;

/** That of a written neuron. */
export const besideOf = (written: Written): Beside => written as unknown as Beside;

/** What leaves the room: without what the equations do not name, which the library would refuse. */
export function sound(written: Written): Written {
  const names = namesIn(written.equations);
  const start = Object.entries(written.start ?? {}).filter(([name]) => names.has(name));
  const entries: Record<string, unknown> = { ...written, parameters: usedParameters(written) };
  if (written.start !== undefined) entries.start = Object.fromEntries(start);
  if (!isDifferential(written.equations)) for (const name of BESIDE) delete entries[name];
  return entries as unknown as Written;
}

/** A surrogate's name and constants. */
export function surrogateOf({ surrogate = 'rectangular' }: Written): {
  readonly name: string;
  readonly constants: Readonly<Record<string, number>>;
} {
  if (typeof surrogate === 'string') return { name: surrogate, constants: {} };
  const { name, ...constants } = surrogate;
  return { name, constants: constants as Record<string, number> };
}

export const withSurrogate = (written: Written, surrogate: FunctionInFile): Written => ({
  ...written,
  surrogate,
});
