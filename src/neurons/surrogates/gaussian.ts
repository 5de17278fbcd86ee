// The bell curve, whose primitive is the error function.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The steepness of {@link gaussian}, and its scale. */
export interface GaussianOptions extends SurrogateScale {
  /** Steepness α = 1/(σ√2), above 0. Default 2. */
  alpha?: number;
}

export const gaussianOptions = optionTable({
  alpha: option(finite({ above: 0 }), 2),
  ...scaleOption,
} satisfies OptionsOf<GaussianOptions>);

/**
 * s(u) = α/√π·e^(-α²u²), the normal density with σ = 1/(α√2). Integral 1.
 * Source: Yin, Corradi & Bohté, "Accurate and efficient time-domain classification with adaptive spiking recurrent
 * neural networks", 2021; Erf of SpikingJelly.
 */
export function gaussian(options: GaussianOptions = {}): Surrogate {
  const { alpha, scale } = gaussianOptions.read('gaussian', options);
  return surrogate({
    name: 'gaussian',
    given: options,
    scale,
    parameters: { alpha },
    integral: 1,
    value: 'erf(alpha*u)/2 + 0.5',
    derivative: 'alpha/sqrt(pi)*exp(-(alpha*u)^2)',
  });
}
