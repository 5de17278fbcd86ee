// Surrogate gradients: the derivative that stands in for the step's, as a function of u = Ĥ - vth. Each is the
// derivative of a smooth primitive, given as `value`, that looks like a step; `integral` is the step's height.

import type { ScalarFunction } from '../backends/backend';
import { type BuiltInName, builtIn } from '../backends/built-in';
import { scalarFunction } from '../core/kinds';
import { exp } from '../mathematics';
import { type SurrogateName, surrogateFormula, withFormula } from '../neurons';
import {
  anObject,
  anyNumber,
  callback,
  finite,
  type Kind,
  kind,
  type OptionsOf,
  option,
  optional,
  optionTable,
  required,
  text,
} from '../options';

/** A smooth stand-in for the step function, whose derivative the backward pass uses. */
export interface Surrogate extends ScalarFunction {
  /** ∫ derivative over the real line = value(∞) - value(-∞): 1 for a step of height one. */
  readonly integral: number;
}

/** What each surrogate takes besides its width or steepness. */
export interface SurrogateScale {
  /**
   * Multiplies value and derivative, above 0: a gain on every gradient that passes a spike, and on nothing else.
   * Default 1. Bellec et al. 2018 call it dampening.
   */
  scale?: number;
}

const scaleOption = { scale: option(finite({ above: 0 }), 1) };

type Formula = Pick<Surrogate, 'parameters' | 'integral' | 'value' | 'derivative'>;

/** A surrogate of the library, times its scale. */
function surrogate<N extends BuiltInName & SurrogateName>(
  name: N,
  scale: number,
  { parameters, integral, value, derivative }: Formula,
): Surrogate & { readonly name: N } {
  const made = builtIn({
    name,
    parameters: { ...parameters, scale },
    integral: scale * integral,
    value: (u: number) => scale * value(u),
    derivative: (u: number) => scale * derivative(u),
  });
  return withFormula(made, surrogateFormula(name, made.parameters));
}

/** The width of {@link rectangular}, and its scale. */
export interface RectangularOptions extends SurrogateScale {
  /** Width of the window on u, above 0. Default 1. */
  window?: number;
}

export const rectangularOptions = optionTable({
  window: option(finite({ above: 0 }), 1),
  ...scaleOption,
} satisfies OptionsOf<RectangularOptions>);

/**
 * s(u) = 1/window for |u| < window/2, else 0; at the edge itself 0. Integral 1.
 * Source: Wu et al., "Spatio-temporal backpropagation for training high-performance SNNs", 2018 (h1); Guo et al., AAAI
 * 2022, with window 1.
 */
export function rectangular(options: RectangularOptions = {}): Surrogate {
  const { window, scale } = rectangularOptions.read('rectangular', options);
  return surrogate('rectangular', scale, {
    parameters: { window },
    integral: 1,
    value: (u) => Math.min(1, Math.max(0, u / window + 0.5)),
    derivative: (u) => (Math.abs(u) < window / 2 ? 1 / window : 0),
  });
}

/** The width of {@link triangular}, and its scale. */
export interface TriangularOptions extends SurrogateScale {
  /** Half of the base of the triangle, above 0. Default 1. */
  width?: number;
}

export const triangularOptions = optionTable({
  width: option(finite({ above: 0 }), 1),
  ...scaleOption,
} satisfies OptionsOf<TriangularOptions>);

/**
 * s(u) = max(0, 1 - |u|/width)/width. Integral 1. Source: Bellec et al., "Long short-term memory and
 * learning-to-learn in networks of spiking neurons", 2018 (there with a dampening factor); Esser et al., PNAS 2016.
 */
export function triangular(options: TriangularOptions = {}): Surrogate {
  const { width, scale } = triangularOptions.read('triangular', options);
  return surrogate('triangular', scale, {
    parameters: { width },
    integral: 1,
    value: (u) => {
      const side = Math.max(0, 1 - Math.abs(u) / width);
      return u < 0 ? (side * side) / 2 : 1 - (side * side) / 2;
    },
    derivative: (u) => Math.max(0, 1 - Math.abs(u) / width) / width,
  });
}

/** The steepness of {@link sigmoidal}, and its scale. */
export interface SigmoidalOptions extends SurrogateScale {
  /** Steepness α, above 0. Default 4. */
  alpha?: number;
}

export const sigmoidalOptions = optionTable({
  alpha: option(finite({ above: 0 }), 4),
  ...scaleOption,
} satisfies OptionsOf<SigmoidalOptions>);

/**
 * s(u) = α·σ(αu)(1 - σ(αu)) with σ the logistic function. Integral 1.
 * Source: Zenke & Vogels, "The remarkable robustness of surrogate gradient learning", 2021 (σ'); α as in Fang et al.,
 * SpikingJelly.
 */
export function sigmoidal(options: SigmoidalOptions = {}): Surrogate {
  const { alpha, scale } = sigmoidalOptions.read('sigmoidal', options);
  return surrogate('sigmoidal', scale, {
    parameters: { alpha },
    integral: 1,
    value: (u) => 1 / (1 + exp(-alpha * u)),
    derivative: (u) => {
      const decay = exp(-Math.abs(alpha * u));
      return (alpha * decay) / ((1 + decay) * (1 + decay));
    },
  });
}

/** The steepness of {@link arctan}, and its scale. */
export interface ArctanOptions extends SurrogateScale {
  /** Steepness α, above 0. Default 2. */
  alpha?: number;
}

export const arctanOptions = optionTable({
  alpha: option(finite({ above: 0 }), 2),
  ...scaleOption,
} satisfies OptionsOf<ArctanOptions>);

/**
 * s(u) = (α/2) / (1 + (π·α·u/2)²); its primitive is arctan(π·α·u/2)/π + 1/2. Integral 1.
 * Source: Fang et al., "Incorporating learnable membrane time constant", ICCV 2021.
 */
export function arctan(options: ArctanOptions = {}): Surrogate {
  const { alpha, scale } = arctanOptions.read('arctan', options);
  return surrogate('arctan', scale, {
    parameters: { alpha },
    integral: 1,
    value: (u) => Math.atan((Math.PI / 2) * alpha * u) / Math.PI + 0.5,
    derivative: (u) => {
      const slope = (Math.PI / 2) * alpha * u;
      return alpha / 2 / (1 + slope * slope);
    },
  });
}

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
 * Source: Zenke & Ganguli, "SuperSpike", Neural Computation 2018.
 */
export function fastSigmoid(options: FastSigmoidOptions = {}): Surrogate {
  const { beta, scale } = fastSigmoidOptions.read('fastSigmoid', options);
  return surrogate('fastSigmoid', scale, {
    parameters: { beta },
    integral: 2 / beta,
    value: (u) => u / (1 + beta * Math.abs(u)),
    derivative: (u) => {
      const root = 1 + beta * Math.abs(u);
      return 1 / (root * root);
    },
  });
}

/** The parts of {@link customSurrogate}: a surrogate whose parameters may be left out. */
export interface SurrogateDefinition extends Omit<Surrogate, 'parameters'> {
  /** The numbers that its formula holds, by name: for messages, and for `source`. Default `{}`. */
  readonly parameters?: Surrogate['parameters'];
}

const expressions = kind<NonNullable<Surrogate['source']>>(
  '{ value, derivative }, two expressions of JavaScript in x',
  (value) => anObject.holds(value) && text.holds(value.value) && text.holds(value.derivative),
);

const numbersByName = kind<Surrogate['parameters']>(
  'an object of numbers',
  (value) => anObject.holds(value) && Object.values(value).every(anyNumber.holds),
);

export const surrogateDefinition = optionTable({
  name: required(text),
  parameters: option(numbersByName, () => ({})),
  integral: required(finite()),
  source: optional(expressions),
  value: required(callback<Surrogate['value']>('a function of u')),
  derivative: required(callback<Surrogate['derivative']>('a function of u')),
} satisfies OptionsOf<SurrogateDefinition>);

/**
 * A surrogate of your own. Backends run its two functions (on the GPU its `source`), whatever its name.
 * @throws when a part is missing or there is one that no surrogate has
 */
export function customSurrogate(definition: SurrogateDefinition): Surrogate {
  const { source, parameters, ...rest } = surrogateDefinition.read('customSurrogate', definition);
  return Object.freeze({
    ...rest,
    parameters: Object.freeze(parameters),
    ...(source !== undefined && { source }),
  });
}

/** What stands in for the step's derivative. */
export const aSurrogate: Kind<Surrogate> = scalarFunction<Surrogate>(
  'what arctan() or customSurrogate() makes',
);
