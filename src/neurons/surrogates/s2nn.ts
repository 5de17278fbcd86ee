// Logistic below the threshold, logarithmic above it.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The two slopes of {@link s2nn}, and its scale. */
export interface S2nnOptions extends SurrogateScale {
  /** Steepness α below the threshold, above 0. Default 4. */
  alpha?: number;
  /** The slope at the threshold from above β, above 0. Default 1. */
  beta?: number;
}

export const s2nnOptions = optionTable({
  alpha: option(finite({ above: 0 }), 4),
  beta: option(finite({ above: 0 }), 1),
  ...scaleOption,
} satisfies OptionsOf<S2nnOptions>);

/**
 * s(u) = α·σ(αu)(1 - σ(αu)) for u < 0, β/(u + 1) from 0 on. Integral Infinity.
 * Source: Suetake et al., "S2NN: Time step reduction of spiking surrogate gradients", 2022; S2NN of SpikingJelly, whose
 * primitive has 10^-5 more in the logarithm.
 */
export function s2nn(options: S2nnOptions = {}): Surrogate {
  const { alpha, beta, scale } = s2nnOptions.read('s2nn', options);
  return surrogate({
    name: 's2nn',
    given: options,
    scale,
    parameters: { alpha, beta },
    integral: Number.POSITIVE_INFINITY,
    value: 'u < 0 ? sigmoid(alpha*u) : beta*log(u + 1) + 0.5',
    derivative: 'u < 0 ? alpha*bell(alpha*u) : beta/(u + 1)',
  });
}
