// A window around the threshold, and a small slope outside it.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The width and the leak of {@link leakyRectangular}, and its scale. */
export interface LeakyRectangularOptions extends SurrogateScale {
  /** Width of the window on u, above 0. Default 2. */
  window?: number;
  /** The slope outside, >= 0. Default 0.01. */
  leak?: number;
}

export const leakyRectangularOptions = optionTable({
  window: option(finite({ above: 0 }), 2),
  leak: option(finite({ least: 0 }), 0.01),
  ...scaleOption,
} satisfies OptionsOf<LeakyRectangularOptions>);

/**
 * s(u) = 1/window for |u| < window/2, else leak. Integral 1 where leak is 0, else Infinity.
 * Source: PiecewiseLeakyReLU(w, c) of SpikingJelly, window 2·w and leak c.
 */
export function leakyRectangular(options: LeakyRectangularOptions = {}): Surrogate {
  const { window, leak, scale } = leakyRectangularOptions.read('leakyRectangular', options);
  return surrogate({
    name: 'leakyRectangular',
    given: options,
    scale,
    parameters: { window, leak },
    integral: leak === 0 ? 1 : Number.POSITIVE_INFINITY,
    value: 'abs(u) < window/2 ? u/window + 0.5 : u < 0 ? leak*(u + window/2) : 1 + leak*(u - window/2)',
    derivative: 'abs(u) < window/2 ? 1/window : leak',
  });
}
