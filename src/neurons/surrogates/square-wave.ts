// The first terms of the Fourier series of a square wave, which is a step as long as one stays within half a period.

import { finite, type OptionsOf, option, optionTable, whole } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The terms and the period of {@link squareWave}, and its scale. */
export interface SquareWaveOptions extends SurrogateScale {
  /** Terms of the series, at least 1. Default 1. */
  terms?: number;
  /** Its period on u, above 0. Default 8. */
  period?: number;
}

export const squareWaveOptions = optionTable({
  terms: option(whole({ least: 1, most: 32 }), 1),
  period: option(finite({ above: 0 }), 8),
  ...scaleOption,
} satisfies OptionsOf<SquareWaveOptions>);

/**
 * s(u) = 4/period·Σ cos((2i - 1)·2πu/period), i = 1…terms. It is negative beyond a quarter of the period, and has no
 * integral. Source: SquarewaveFourierSeries(n, T_period) of SpikingJelly, which sums n - 1 terms.
 */
export function squareWave(options: SquareWaveOptions = {}): Surrogate {
  const { terms, period, scale } = squareWaveOptions.read('squareWave', options);
  const odd = Array.from({ length: terms }, (_, i) => 2 * i + 1);
  const sum = (term: (n: number) => string): string => odd.map(term).join(' + ');
  return surrogate({
    name: 'squareWave',
    given: options,
    scale,
    parameters: { terms, period },
    integral: Number.NaN,
    value: `0.5 + 2/pi*(${sum((n) => `sin(${n}*2*pi/period*u)/${n}`)})`,
    derivative: `4/period*(${sum((n) => `cos(${n}*2*pi/period*u)`)})`,
  });
}
