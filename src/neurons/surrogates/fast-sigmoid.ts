// The slope of the fast sigmoid u/(1 + β|u|).

import { finite, type OptionsOf, option, optionTable } from '../../options';
import { type Surrogate, type SurrogateScale, scaleOption, surrogate } from './surrogate';

/** The steepness of {@link fastSigmoid}, and its scale. */
export interface FastSigmoidOptions extends SurrogateScale {
  /** Steepness β, above 0. Default 10. */
  beta?: number;
}

export const fastSigmoidOptions = optionTable({
  beta: option(finite({ above: 0 }), 10),
  ...scaleOption,
} satisfies OptionsOf<FastSigmoidOptions>);

/**
 * s(u) = 1/(1 + β|u|)², the derivative of the fast sigmoid u/(1 + β|u|). Integral 2/β: it is 1 at the threshold
 * whatever β is, so its area is not.
 * Source: Zenke & Ganguli, "SuperSpike", Neural Computation 2018; snnTorch's fast_sigmoid calls β slope. SpikingJelly's
 * SuperSpike(alpha) has β = 1 and scale alpha, its SoftSign(alpha) β = alpha and scale alpha/2.
 */
export function fastSigmoid(options: FastSigmoidOptions = {}): Surrogate {
  const { beta, scale } = fastSigmoidOptions.read('fastSigmoid', options);
  return surrogate({
    name: 'fastSigmoid',
    given: options,
    scale,
    parameters: { beta },
    integral: 2 / beta,
    value: 'u/(1 + beta*abs(u))',
    derivative: '1/(1 + beta*abs(u))^2',
  });
}
