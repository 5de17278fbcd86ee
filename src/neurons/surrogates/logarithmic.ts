// The slope of ln(1 + α|u|), the tails of which never end.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The steepness of {@link logarithmic}, and its scale. */
export interface LogarithmicOptions extends SurrogateScale {
  /** Steepness α, above 0. Default 1. */
  alpha?: number;
}

export const logarithmicOptions = optionTable({
  alpha: option(finite({ above: 0 }), 1),
  ...scaleOption,
} satisfies OptionsOf<LogarithmicOptions>);

/**
 * s(u) = 1/(1/α + |u|); its primitive is sign(u)·ln(1 + α|u|). Integral Infinity.
 * Source: NonzeroSignLogAbs of SpikingJelly.
 */
export function logarithmic(options: LogarithmicOptions = {}): Surrogate {
  const { alpha, scale } = logarithmicOptions.read('logarithmic', options);
  return surrogate({
    name: 'logarithmic',
    given: options,
    scale,
    parameters: { alpha },
    integral: Number.POSITIVE_INFINITY,
    value: 'sign(u)*log(alpha*abs(u) + 1)',
    derivative: '1/(1/alpha + abs(u))',
  });
}
