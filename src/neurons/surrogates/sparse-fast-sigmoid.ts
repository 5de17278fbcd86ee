// The fast sigmoid above a bound, and no gradient below it.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The steepness and the bound of {@link sparseFastSigmoid}, and its scale. */
export interface SparseFastSigmoidOptions extends SurrogateScale {
  /** Steepness β, above 0. Default 25. */
  beta?: number;
  /** The bound on u, above which there is a gradient. Default 1. */
  least?: number;
}

export const sparseFastSigmoidOptions = optionTable({
  beta: option(finite({ above: 0 }), 25),
  least: option(finite(), 1),
  ...scaleOption,
} satisfies OptionsOf<SparseFastSigmoidOptions>);

/**
 * s(u) = 1/(1 + β|u|)² for u > least, else 0. Integral ∫ s from least on.
 * Source: SFS of snnTorch (β its slope, least its B), after Perez-Nieves & Goodman, "Sparse spiking gradient descent",
 * NeurIPS 2021, where the bound is on |u|.
 */
export function sparseFastSigmoid(options: SparseFastSigmoidOptions = {}): Surrogate {
  const { beta, least, scale } = sparseFastSigmoidOptions.read('sparseFastSigmoid', options);
  return surrogate({
    name: 'sparseFastSigmoid',
    given: options,
    scale,
    parameters: { beta, least },
    integral: 1 / beta - least / (1 + beta * Math.abs(least)),
    value: 'u > least ? u/(1 + beta*abs(u)) : least/(1 + beta*abs(least))',
    derivative: 'u > least ? 1/(1 + beta*abs(u))^2 : 0',
  });
}
