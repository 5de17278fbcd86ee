// The gradient as if there were no step.

import { type OptionsOf, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The scale of {@link straightThrough}. */
export interface StraightThroughOptions extends SurrogateScale {}

export const straightThroughOptions = optionTable({
  ...scaleOption,
} satisfies OptionsOf<StraightThroughOptions>);

/**
 * s(u) = 1: what comes from above goes on unchanged. Integral Infinity.
 * Source: Bengio, Léonard & Courville, "Estimating or propagating gradients through stochastic neurons", 2013;
 * DeterministicPass of SpikingJelly, straight_through_estimator of snnTorch.
 */
export function straightThrough(options: StraightThroughOptions = {}): Surrogate {
  const { scale } = straightThroughOptions.read('straightThrough', options);
  return surrogate({
    name: 'straightThrough',
    given: options,
    hasWidth: false,
    scale,
    parameters: {},
    integral: Number.POSITIVE_INFINITY,
    value: 'u',
    derivative: '1',
  });
}
