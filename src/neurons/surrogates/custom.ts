// Surrogates of one's own: two texts in the language of equations, or two functions of JavaScript.

import {
  anObject,
  anyNumber,
  callback,
  either,
  kind,
  type OptionsOf,
  option,
  optional,
  optionTable,
  required,
  text,
} from '../../options';
import { functionOf, refuseSource } from '../own';
import type { Surrogate } from './surrogate';

/** The parts of {@link customSurrogate}. */
export interface SurrogateDefinition {
  /** For messages. */
  name: string;
  /** The numbers that its formula holds, by name; texts read them. Default `{}`. */
  parameters?: Surrogate['parameters'];
  /** value(∞) - value(-∞): 1 for a step of height one; it may be infinite. */
  integral: number;
  /** The smooth step, a text in u such as `'sigmoid(alpha*u)'`, or a function of u. */
  value: string | Surrogate['value'];
  /** What stands in for the step's derivative, likewise. Left out beside a text, it is found by rule. */
  derivative?: string | Surrogate['derivative'];
}

export const numbersByName = kind<Surrogate['parameters']>(
  'an object of numbers',
  (value) => anObject.holds(value) && Object.values(value).every(anyNumber.holds),
);

const half = either(text, callback<Surrogate['value']>('a function of u'));

export const surrogateDefinition = optionTable({
  name: required(text),
  parameters: option(numbersByName, () => ({})),
  integral: required(anyNumber),
  value: required(half),
  derivative: optional(half),
} satisfies OptionsOf<SurrogateDefinition>);

/**
 * A surrogate of your own. Of texts, every backend compiles it and a neuron is as fast with it as with one of the
 * library:
 *
 * ```ts
 * const mine = customSurrogate({
 *   name: 'mine', integral: 1, parameters: { a: 3 },
 *   value: '0.5 + tanh(a*u)/2',
 *   derivative: 'a/2*sech2(a*u)',
 * });
 * ```
 *
 * Of functions, it runs on loops in JavaScript, several times slower, whatever its name, and on no GPU.
 * @throws EquationError at the place of a mistake in a text; when a part is missing or there is one that no surrogate
 * has
 */
export function customSurrogate(definition: SurrogateDefinition): Surrogate {
  refuseSource('customSurrogate', definition);
  const { integral, ...parts } = surrogateDefinition.read('customSurrogate', definition);
  return Object.freeze({ ...functionOf('customSurrogate', 'u', parts), integral });
}
