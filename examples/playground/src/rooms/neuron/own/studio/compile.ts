// From what is written to a neuron that runs, or to the mistake that is in the way: where it stands, and the sentence
// that mends it.

import { EquationError, type NeuronModel, neuronFromJson, SpikegradError } from 'spikegrad';
import { besideOf, sound, type Written } from '../written';
import { besideTexts, type Mistake } from './messages';

export type Compiled = { readonly model: NeuronModel } | { readonly mistake: Mistake };

/** Names of the library's that mean something else elsewhere are no constants that are missing. */
const MISSING =
  /is no parameter(?: and nothing assigns it|, no state and no sub-expression)(?!; (?:the input|noise|time|a step|there are no units|what a spike))/;

export function compile(written: Written): Compiled {
  try {
    return { model: neuronFromJson(sound(written)) };
  } catch (error) {
    if (error instanceof EquationError) return { mistake: placed(written, meant(written, error)) };
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

function placed(written: Written, { where, line, column, length, mistake: words }: EquationError): Mistake {
  const key = besideTexts.find((one) => where.endsWith(`: ${one}`));
  const text = key === undefined ? written.equations : String(besideOf(written)[key]);
  const before = text.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  const end = Math.min(text.length, start + length);
  const name = text.slice(start, end);
  const isName = /^[A-Za-z_]\w*$/.test(name) && MISSING.test(words);
  return {
    words,
    ...(key === undefined ? { place: { line, column, start, end } } : { beside: { key, column: start + 1 } }),
    ...(isName && { unknown: name }),
  };
}
