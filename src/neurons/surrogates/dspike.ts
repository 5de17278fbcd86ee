// The slope of a hyperbolic tangent within a window: nearly the rectangle where b is small, a peak where it is large.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The shape of {@link dspike}, its width, and its scale. */
export interface DspikeOptions extends SurrogateScale {
  /** Temperature b, above 0: how much steeper it is in the middle than at the ends. Default 3. */
  b?: number;
  /** Width, above 0. Default 1. */
  window?: number;
}

export const dspikeOptions = optionTable({
  b: option(finite({ above: 0 }), 3),
  window: option(finite({ above: 0 }), 1),
  ...scaleOption,
} satisfies OptionsOf<DspikeOptions>);

/**
 * s(u) = b·sech²(b·u/window) / (2·window·tanh(b/2)) where |u| < window/2, else 0; its primitive is
 * tanh(b·u/window)/(2·tanh(b/2)) + 1/2, 0 below and 1 above. Integral 1.
 * Source: Li et al., "Differentiable spike: rethinking gradient-descent for training spiking neural networks",
 * NeurIPS 2021.
 */
export function dspike(options: DspikeOptions = {}): Surrogate {
  const { b, window, scale } = dspikeOptions.read('dspike', options);
  return surrogate({
    name: 'dspike',
    given: options,
    scale,
    parameters: { b, window },
    integral: 1,
    value: 'clamp(tanh(b*u/window)/(2*tanh(b/2)) + 0.5, 0, 1)',
    derivative: 'abs(u) < window/2 ? b*sech2(b*u/window)/(2*window*tanh(b/2)) : 0',
  });
}
