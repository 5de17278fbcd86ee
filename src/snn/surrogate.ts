// Surrogate gradients: the derivative that stands in for the step's, as a function of u = Ĥ - vth. Each is the
// derivative of a smooth primitive, given as `value`, that looks like a step; `integral` is the step's height.

import type { ScalarFunction } from '../backends/backend';
import { builtIn } from '../backends/built-in';
import { check } from '../errors';

/** A smooth stand-in for the step function, whose derivative the backward pass uses. */
export interface Surrogate extends ScalarFunction {
  /** ∫ derivative over the real line = value(∞) - value(-∞): 1 for a step of height one. */
  readonly integral: number;
}

function positive(where: string, name: string, value: number): void {
  check(Number.isFinite(value) && value > 0, where, () => `${name} must be a number above 0, got ${value}`);
}

/**
 * s(u) = 1/window for |u| < window/2, else 0; at the edge itself 0. Integral 1.
 * Source: Wu et al., "Spatio-temporal backpropagation for training high-performance SNNs", 2018 (h1); Guo et al., AAAI
 * 2022, with window 1.
 */
export function rectangular({ window = 1 }: { window?: number } = {}): Surrogate {
  positive('rectangular', 'window', window);
  return builtIn({
    name: 'rectangular',
    parameters: { window },
    integral: 1,
    value: (u) => Math.min(1, Math.max(0, u / window + 0.5)),
    derivative: (u) => (Math.abs(u) < window / 2 ? 1 / window : 0),
  });
}

/**
 * s(u) = max(0, 1 - |u|/width)/width. Integral 1.
 * Source: Bellec et al., "Long short-term memory and learning-to-learn in networks of spiking neurons", 2018 (there with
 * a dampening factor); Esser et al., PNAS 2016.
 */
export function triangular({ width = 1 }: { width?: number } = {}): Surrogate {
  positive('triangular', 'width', width);
  return builtIn({
    name: 'triangular',
    parameters: { width },
    integral: 1,
    value: (u) => {
      const side = Math.max(0, 1 - Math.abs(u) / width);
      return u < 0 ? (side * side) / 2 : 1 - (side * side) / 2;
    },
    derivative: (u) => Math.max(0, 1 - Math.abs(u) / width) / width,
  });
}

/**
 * s(u) = α·σ(αu)(1 - σ(αu)) with σ the logistic function. Integral 1.
 * Source: Zenke & Vogels, "The remarkable robustness of surrogate gradient learning", 2021 (σ'); α as in Fang et al.,
 * SpikingJelly.
 */
export function sigmoidal({ alpha = 4 }: { alpha?: number } = {}): Surrogate {
  positive('sigmoidal', 'alpha', alpha);
  return builtIn({
    name: 'sigmoidal',
    parameters: { alpha },
    integral: 1,
    value: (u) => 1 / (1 + Math.exp(-alpha * u)),
    derivative: (u) => {
      const decay = Math.exp(-Math.abs(alpha * u));
      return (alpha * decay) / (1 + decay) ** 2;
    },
  });
}

/**
 * s(u) = (α/2) / (1 + (π·α·u/2)²); its primitive is arctan(π·α·u/2)/π + 1/2. Integral 1.
 * Source: Fang et al., "Incorporating learnable membrane time constant", ICCV 2021.
 */
export function arctan({ alpha = 2 }: { alpha?: number } = {}): Surrogate {
  positive('arctan', 'alpha', alpha);
  return builtIn({
    name: 'arctan',
    parameters: { alpha },
    integral: 1,
    value: (u) => Math.atan((Math.PI / 2) * alpha * u) / Math.PI + 0.5,
    derivative: (u) => alpha / 2 / (1 + ((Math.PI / 2) * alpha * u) ** 2),
  });
}

/**
 * s(u) = 1/(1 + β|u|)², the derivative of the fast sigmoid u/(1 + β|u|). Integral 2/β: it is 1 at the threshold
 * whatever β is, so its area is not.
 * Source: Zenke & Ganguli, "SuperSpike", Neural Computation 2018.
 */
export function fastSigmoid({ beta = 10 }: { beta?: number } = {}): Surrogate {
  positive('fastSigmoid', 'beta', beta);
  return builtIn({
    name: 'fastSigmoid',
    parameters: { beta },
    integral: 2 / beta,
    value: (u) => u / (1 + beta * Math.abs(u)),
    derivative: (u) => 1 / (1 + beta * Math.abs(u)) ** 2,
  });
}

/** A surrogate of your own. @throws when value and derivative are not functions */
export function customSurrogate(
  definition: Omit<Surrogate, 'parameters'> & Partial<Pick<Surrogate, 'parameters'>>,
): Surrogate {
  check(
    typeof definition.value === 'function' && typeof definition.derivative === 'function',
    'customSurrogate',
    'needs value(u) and derivative(u)',
  );
  return { parameters: {}, ...definition };
}
