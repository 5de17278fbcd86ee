// The slope of the logistic function.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The steepness of {@link sigmoidal}, and its scale. */
export interface SigmoidalOptions extends SurrogateScale {
  /** Steepness α, above 0. Default 4. */
  alpha?: number;
}

export const sigmoidalOptions = optionTable({
  alpha: option(finite({ above: 0 }), 4),
  ...scaleOption,
} satisfies OptionsOf<SigmoidalOptions>);

/**
 * s(u) = α·σ(αu)(1 - σ(αu)) with σ the logistic function. Integral 1.
 * Source: Zenke & Vogels, "The remarkable robustness of surrogate gradient learning", 2021 (σ'); α as in Fang et al.,
 * SpikingJelly (Sigmoid); snnTorch's sigmoid calls it slope.
 */
export function sigmoidal(options: SigmoidalOptions = {}): Surrogate {
  const { alpha, scale } = sigmoidalOptions.read('sigmoidal', options);
  return surrogate({
    name: 'sigmoidal',
    given: options,
    scale,
    parameters: { alpha },
    integral: 1,
    value: '1/(1 + exp(-alpha*u))',
    derivative: 'alpha*exp(-abs(alpha*u))/(1 + exp(-abs(alpha*u)))^2',
  });
}
