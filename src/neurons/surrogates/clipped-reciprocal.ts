// The difference quotient of the step, (Θ(u) - Θ(0±))/u, where it is not too large.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The largest slope of {@link clippedReciprocal}, and its scale. */
export interface ClippedReciprocalOptions extends SurrogateScale {
  /** The largest slope α, above 0. Default 0.3. */
  alpha?: number;
}

export const clippedReciprocalOptions = optionTable({
  alpha: option(finite({ above: 0 }), 0.3),
  ...scaleOption,
} satisfies OptionsOf<ClippedReciprocalOptions>);

/**
 * s(u) = min(1/|u|, α). Integral Infinity.
 * Source: FakeNumericalGradient of SpikingJelly.
 */
export function clippedReciprocal(options: ClippedReciprocalOptions = {}): Surrogate {
  const { alpha, scale } = clippedReciprocalOptions.read('clippedReciprocal', options);
  return surrogate({
    name: 'clippedReciprocal',
    given: options,
    scale,
    parameters: { alpha },
    integral: Number.POSITIVE_INFINITY,
    value: 'abs(u) < 1/alpha ? alpha*u : sign(u)*(1 + log(alpha*abs(u)))',
    derivative: 'min(1/abs(u), alpha)',
  });
}
