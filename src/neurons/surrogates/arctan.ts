// The slope of the arctangent, with heavy tails.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The steepness of {@link arctan}, and its scale. */
export interface ArctanOptions extends SurrogateScale {
  /** Steepness α, above 0. Default 2. */
  alpha?: number;
}

export const arctanOptions = optionTable({
  alpha: option(finite({ above: 0 }), 2),
  ...scaleOption,
} satisfies OptionsOf<ArctanOptions>);

/**
 * s(u) = (α/2) / (1 + (π·α·u/2)²); its primitive is arctan(π·α·u/2)/π + 1/2. Integral 1.
 * Source: Fang et al., "Incorporating learnable membrane time constant", ICCV 2021; ATan of SpikingJelly, atan of
 * snnTorch.
 */
export function arctan(options: ArctanOptions = {}): Surrogate {
  const { alpha, scale } = arctanOptions.read('arctan', options);
  return surrogate({
    name: 'arctan',
    given: options,
    scale,
    parameters: { alpha },
    integral: 1,
    value: 'arctan(pi/2*alpha*u)/pi + 0.5',
    derivative: 'alpha/2/(1 + (pi/2*alpha*u)^2)',
  });
}
