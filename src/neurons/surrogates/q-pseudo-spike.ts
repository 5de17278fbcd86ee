// Tails as heavy as one likes.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The exponent of {@link qPseudoSpike}, and its scale. */
export interface QPseudoSpikeOptions extends SurrogateScale {
  /** Exponent of the tails α, above 1. Default 2. */
  alpha?: number;
}

export const qPseudoSpikeOptions = optionTable({
  alpha: option(finite({ above: 1 }), 2),
  ...scaleOption,
} satisfies OptionsOf<QPseudoSpikeOptions>);

/**
 * s(u) = (1 + 2|u|/(α - 1))^-α. Integral 1.
 * Source: Herranz-Celotti & Rouat, "Surrogate gradients design", 2022; QPseudoSpike of SpikingJelly.
 */
export function qPseudoSpike(options: QPseudoSpikeOptions = {}): Surrogate {
  const { alpha, scale } = qPseudoSpikeOptions.read('qPseudoSpike', options);
  return surrogate({
    name: 'qPseudoSpike',
    given: options,
    scale,
    parameters: { alpha },
    integral: 1,
    value: 'u < 0 ? (1 - 2/(alpha - 1)*u)^(1 - alpha)/2 : 1 - (1 + 2/(alpha - 1)*u)^(1 - alpha)/2',
    derivative: '(1 + 2/(alpha - 1)*abs(u))^(-alpha)',
  });
}
