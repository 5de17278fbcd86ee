// A ReLU whose slope falls off as 1/u beyond 1.

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The leak of {@link logTailed}, and its scale. */
export interface LogTailedOptions extends SurrogateScale {
  /** The slope up to u = 0, >= 0. Default 0. */
  leak?: number;
}

export const logTailedOptions = optionTable({
  leak: option(finite({ least: 0 }), 0),
  ...scaleOption,
} satisfies OptionsOf<LogTailedOptions>);

/**
 * s(u) = leak for u <= 0, 1 up to u = 1, 1/u beyond. Integral Infinity.
 * Source: Cai et al., "Deep learning with low precision by half-wave Gaussian quantization", CVPR 2017; LogTailedReLU
 * of SpikingJelly.
 */
export function logTailed(options: LogTailedOptions = {}): Surrogate {
  const { leak, scale } = logTailedOptions.read('logTailed', options);
  return surrogate({
    name: 'logTailed',
    given: options,
    scale,
    parameters: { leak },
    integral: Number.POSITIVE_INFINITY,
    value: 'u <= 0 ? leak*u : u <= 1 ? u : log(u) + 1',
    derivative: 'u <= 0 ? leak : u <= 1 ? 1 : 1/u',
  });
}
