// Rectifiers φ: what a charged membrane H passes through before it is compared with the threshold, Ĥ = φ(H).

import type { ScalarFunction } from '../backends/backend';
import { scalarFunction } from '../core/kinds';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { exp, tanh } from '../mathematics';
import { formulaOf, withFormula } from '../neurons';
import { builtIn, madeOf } from '../neurons/built-in';
import { anObject, finite, type Kind, kind, type OptionsOf, option, optionTable, shown } from '../options';

/**
 * A rectifier, either as value and derivative (the fused neuron runs it), or as operators on tensors (the neuron is
 * then unrolled step by step; autograd finds the derivative).
 */
export type Rectifier = ScalarFunction | ((charged: Tensor) => Tensor);

/** The constants of {@link mpr}. */
export interface MprOptions {
  /** Steepness, above 0: 1, 3, 5, 7 in the paper. Default 3, its best. */
  k?: number;
  /** The point that stays where it is and is stretched around. Default 0.5; keep it at the threshold. */
  centre?: number;
}

const steepness: Kind<number> = {
  ...finite({ above: 0 }),
  advice: (value) => (value === 0 || value === null ? 'leave the rectifier out for none' : undefined),
};

export const mprOptions = optionTable({
  k: option(steepness, 3),
  centre: option(finite(), 0.5),
} satisfies OptionsOf<MprOptions>);

/** MPR, and where it is centred. */
export interface MprRectifier extends ScalarFunction {
  readonly name: 'mpr';
  readonly parameters: { readonly k: number; readonly centre: number };
}

/**
 * Membrane potential rectification (Guo et al., AAAI 2022, eq. 8), with c the centre (1/2 in the paper):
 *
 *   φ(x) = tanh(k(x - c)) / (2 tanh(k/2)) + c,   φ'(x) = k / (2 tanh(k/2)) · sech²(k(x - c)).
 *
 * It fixes c and c ± 1/2, is odd about c and strictly increasing; it brings every potential nearer to its spike and
 * never across c, so with vth = c it changes no spike, only the gradient.
 */
export function mpr(options: MprOptions = {}): MprRectifier {
  const { k, centre } = mprOptions.read('mpr', options);
  const scale = 1 / (2 * tanh(k / 2));
  check(scale < Number.POSITIVE_INFINITY, 'mpr', `k ${k} is too small: 1/(2 tanh(k/2)) is infinite`);
  const rectifier: MprRectifier = builtIn({
    name: 'mpr',
    parameters: { k, centre },
    value: (x) => tanh(k * (x - centre)) * scale + centre,
    // sech from e^-|z|: 1 - tanh² has lost every digit where tanh is close to 1
    derivative: (x) => {
      const decay = exp(-Math.abs(k * (x - centre)));
      const sech = (2 * decay) / (1 + decay * decay);
      return k * scale * sech * sech;
    },
  });
  const parameters = { k, centre, scale };
  return withFormula(
    rectifier,
    formulaOf({ of: 'x', value: 'tanh(k*(x - centre))*scale + centre', parameters }),
  );
}

/** The constants of an MPR; undefined for any other rectifier, whatever its name. */
export function mprOf(rectifier: Rectifier | null | undefined): MprRectifier['parameters'] | undefined {
  if (typeof rectifier !== 'object' || rectifier === null) return undefined;
  const found = madeOf(rectifier);
  return found?.name === 'mpr' ? (found.parameters as MprRectifier['parameters']) : undefined;
}

const byValue = scalarFunction<ScalarFunction>('what mpr() makes');

/** φ, by value and derivative or as operators on tensors. An uncalled `mpr` is a function too, and is none. */
export const aRectifier: Kind<Rectifier> = kind(
  'what mpr() makes, { name, parameters, value(x), derivative(x) }, or a function from tensor to tensor',
  (value) => (typeof value === 'function' ? value !== mpr : byValue.holds(value)),
  (value) =>
    byValue.advice?.(value) ??
    (anObject.holds(value) && typeof value.value === 'string'
      ? 'customRectifier({ name, value }) makes one of texts'
      : undefined) ??
    (finite({ above: 0 }).holds(value) ? `mpr({ k: ${shown(value)} })` : undefined),
);
