// A peak that falls off exponentially on both sides.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The steepness of {@link doubleExponential}, its place, and its scale. */
export interface DoubleExponentialOptions extends SurrogateScale {
  /** Steepness α, above 0. Default 1. */
  alpha?: number;
  /** Where the peak is on u. Default 0, the threshold. */
  centre?: number;
}

export const doubleExponentialOptions = optionTable({
  alpha: option(finite({ above: 0 }), 1),
  centre: option(finite(), 0),
  ...scaleOption,
} satisfies OptionsOf<DoubleExponentialOptions>);

/**
 * s(u) = α/2·e^(-α|u - centre|). Integral 1.
 * Source: Shrestha & Orchard, "SLAYER", NeurIPS 2018; PiecewiseExp of SpikingJelly.
 * Away from the threshold it is the escape rate of Gerstner & Kistler, 2002: snnTorch's spike_rate_escape(beta, slope)
 * is { alpha: beta, centre: 1, scale: 2*slope/beta }.
 */
export function doubleExponential(options: DoubleExponentialOptions = {}): Surrogate {
  const { alpha, centre, scale } = doubleExponentialOptions.read('doubleExponential', options);
  return surrogate({
    name: 'doubleExponential',
    given: options,
    scale,
    parameters: { alpha, centre },
    integral: 1,
    value: 'u < centre ? exp(alpha*(u - centre))/2 : 1 - exp(-alpha*(u - centre))/2',
    derivative: 'alpha/2*exp(-alpha*abs(u - centre))',
  });
}
