// One slope below the threshold and one from it on: a leaky ReLU.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The slopes of {@link twoSlopes}, and its scale. */
export interface TwoSlopesOptions extends SurrogateScale {
  /** The slope for u < 0. Default 0. */
  below?: number;
  /** The slope from u = 0 on. Default 1. */
  above?: number;
}

export const twoSlopesOptions = optionTable({
  below: option(finite(), 0),
  above: option(finite(), 1),
  ...scaleOption,
} satisfies OptionsOf<TwoSlopesOptions>);

/**
 * s(u) = below for u < 0, above from 0 on. No integral unless both are 0: Infinity, -Infinity or NaN.
 * Source: LeakyKReLU(leak, k) of SpikingJelly. With snnTorch's names: heaviside() is { below: 0, above: 1 }, LSO(slope)
 * { below: slope, above: 1 }, and what it calls triangular(threshold) { below: threshold, above: -threshold }.
 */
export function twoSlopes(options: TwoSlopesOptions = {}): Surrogate {
  const { below, above, scale } = twoSlopesOptions.read('twoSlopes', options);
  return surrogate({
    name: 'twoSlopes',
    given: options,
    hasWidth: false,
    scale,
    parameters: { below, above },
    integral: Number.POSITIVE_INFINITY * (Math.sign(below) + Math.sign(above)),
    value: 'u < 0 ? below*u : above*u',
    derivative: 'u < 0 ? below : above',
  });
}
