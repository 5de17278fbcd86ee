// A window around the threshold, in which every membrane has the same slope.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The width of {@link rectangular}, and its scale. */
export interface RectangularOptions extends SurrogateScale {
  /** Width of the window on u, above 0. Default 1. */
  window?: number;
}

export const rectangularOptions = optionTable({
  window: option(finite({ above: 0 }), 1),
  ...scaleOption,
} satisfies OptionsOf<RectangularOptions>);

/**
 * s(u) = 1/window for |u| < window/2, else 0; at the edge itself 0. Integral 1.
 * Source: Wu et al., "Spatio-temporal backpropagation for training high-performance SNNs", 2018 (h1); Guo et al., AAAI
 * 2022, with window 1. SpikingJelly's Rect(alpha) has window 1/alpha.
 */
export function rectangular(options: RectangularOptions = {}): Surrogate {
  const { window, scale } = rectangularOptions.read('rectangular', options);
  return surrogate({
    name: 'rectangular',
    given: options,
    scale,
    parameters: { window },
    integral: 1,
    value: 'min(max(u/window + 0.5, 0), 1)',
    derivative: 'abs(u) < window/2 ? 1/window : 0',
  });
}
