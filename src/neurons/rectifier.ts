// Rectifiers of one's own. The library's is in snn/rectifier.ts.

import { callback, either, type OptionsOf, option, optional, optionTable, required, text } from '../options';
import type { NumberFunction } from './graph/expression';
import { functionOf, refuseSource } from './own';
import { numbersByName } from './surrogates/custom';

/** The parts of {@link customRectifier}. */
export interface RectifierDefinition {
  /** For messages. */
  name: string;
  /** The numbers that its formula holds, by name; texts read them. Default `{}`. */
  parameters?: Readonly<Record<string, number>>;
  /** φ(x), a text in x such as `'x + a*tanh(x)'`, or a function of x. */
  value: string | NumberFunction['value'];
  /** φ'(x), likewise. Left out beside a text, it is found by rule. */
  derivative?: string | NumberFunction['derivative'];
}

const half = either(text, callback<NumberFunction['value']>('a function of x'));

export const rectifierDefinition = optionTable({
  name: required(text),
  parameters: option(numbersByName, () => ({})),
  value: required(half),
  derivative: optional(half),
} satisfies OptionsOf<RectifierDefinition>);

/**
 * A rectifier of your own, Ĥ = φ(H): what a charged membrane passes through before it is compared with the threshold.
 * Of texts, every backend compiles it; of functions, it runs on loops in JavaScript, and on no GPU.
 *
 * ```ts
 * const bend = customRectifier({ name: 'bend', parameters: { a: 0.1 }, value: 'x + a*x^3' });
 * ```
 *
 * @throws EquationError at the place of a mistake in a text; when a part is missing or there is one that no rectifier
 * has
 */
export function customRectifier(
  definition: RectifierDefinition,
): NumberFunction & { readonly parameters: Readonly<Record<string, number>> } {
  refuseSource('customRectifier', definition);
  const parts = rectifierDefinition.read('customRectifier', definition);
  return Object.freeze(functionOf('customRectifier', 'x', parts));
}
