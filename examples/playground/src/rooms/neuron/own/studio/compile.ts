// From what is written to a neuron that runs, or to the mistake that is in the way: where it stands, and the sentence
// that mends it.

import { EquationError, type NeuronModel, neuronFromJson, SpikegradError } from 'spikegrad';
import { sound, type Written } from '../written';
import type { Mistake } from './messages';

export type Compiled = { readonly model: NeuronModel } | { readonly mistake: Mistake };

/** Names of the library's that mean something else elsewhere are no constants that are missing. */
const MISSING = /is no parameter and nothing assigns it(?!; (?:the input|noise|time|a step))/;

export function compile(written: Written): Compiled {
  try {
    return { model: neuronFromJson(sound(written)) };
  } catch (error) {
    if (error instanceof EquationError) return { mistake: placed(written.equations, meant(written, error)) };
    if (error instanceof SpikegradError) return { mistake: { words: error.problem } };
    throw error;
  }
}

/** The same mistake with all parameters known, of which one may have been meant. */
function meant(written: Written, error: EquationError): EquationError {
  try {
    neuronFromJson({ ...sound(written), parameters: written.parameters });
  } catch (again) {
    if (again instanceof EquationError) return again;
  }
  return error;
}

function placed(equations: string, { line, column, length, mistake: words }: EquationError): Mistake {
  const before = equations.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  const end = Math.min(equations.length, start + length);
  const name = equations.slice(start, end);
  const isName = /^[A-Za-z_]\w*$/.test(name) && MISSING.test(words);
  return { words, place: { line, column, start, end }, ...(isName && { unknown: name }) };
}
