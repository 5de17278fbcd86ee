// A triangle, highest at the threshold.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The width of {@link triangular}, and its scale. */
export interface TriangularOptions extends SurrogateScale {
  /** Half of the base of the triangle, above 0. Default 1. */
  width?: number;
}

export const triangularOptions = optionTable({
  width: option(finite({ above: 0 }), 1),
  ...scaleOption,
} satisfies OptionsOf<TriangularOptions>);

/**
 * s(u) = max(0, 1 - |u|/width)/width. Integral 1.
 * Source: Bellec et al., "Long short-term memory and learning-to-learn in networks of spiking neurons", 2018 (there
 * with a dampening factor); Esser et al., PNAS 2016. SpikingJelly's PiecewiseQuadratic(alpha) has width 1/alpha.
 */
export function triangular(options: TriangularOptions = {}): Surrogate {
  const { width, scale } = triangularOptions.read('triangular', options);
  return surrogate({
    name: 'triangular',
    given: options,
    scale,
    parameters: { width },
    integral: 1,
    value: 'u < 0 ? max(1 - abs(u)/width, 0)^2/2 : 1 - max(1 - abs(u)/width, 0)^2/2',
    derivative: 'max(1 - abs(u)/width, 0)/width',
  });
}
