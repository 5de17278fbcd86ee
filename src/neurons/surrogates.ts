// Formulas of surrogates: s(u), which stands in for the derivative of the step, and the primitive that it is the
// derivative of, a smooth step. One entry each; snn/surrogate.ts makes options, checks and documentation of them.

import { callable, formulaOf } from './formula';
import { type Formula, type NumberFunction, withFormula } from './graph/expression';

interface SurrogateText {
  readonly value: string;
  readonly derivative: string;
}

/** By name; `u` is the membrane above the threshold. Sources stand with the functions that make them. */
export const surrogateTexts = {
  rectangular: { value: 'min(1, max(0, u/window + 0.5))', derivative: 'abs(u) < window/2 ? 1/window : 0' },
  triangular: {
    value: 'u < 0 ? max(0, 1 - abs(u)/width)^2/2 : 1 - max(0, 1 - abs(u)/width)^2/2',
    derivative: 'max(0, 1 - abs(u)/width)/width',
  },
  sigmoidal: { value: 'sigmoid(alpha*u)', derivative: 'alpha*bell(alpha*u)' },
  arctan: { value: 'arctan(pi/2*alpha*u)/pi + 0.5', derivative: 'alpha/2/(1 + (pi/2*alpha*u)^2)' },
  fastSigmoid: { value: 'u/(1 + beta*abs(u))', derivative: '1/(1 + beta*abs(u))^2' },
} satisfies Record<string, SurrogateText>;

export type SurrogateName = keyof typeof surrogateTexts;

/**
 * The formula of a surrogate of the list. @param parameters its width or steepness, and `scale`, which multiplies it
 */
export function surrogateFormula(name: SurrogateName, parameters: Readonly<Record<string, number>>): Formula {
  const { value, derivative } = surrogateTexts[name];
  const { scale = 1 } = parameters;
  const scaled = (text: string): string => (scale === 1 ? text : `scale*(${text})`);
  return formulaOf({ of: 'u', value: scaled(value), derivative: scaled(derivative), parameters });
}

/** The same by value and derivative. */
export function surrogateFunction(
  name: SurrogateName,
  parameters: Readonly<Record<string, number>>,
): NumberFunction {
  const formula = surrogateFormula(name, parameters);
  const f = { name, parameters, value: callable(formula.value), derivative: callable(formula.derivative) };
  return withFormula(f, formula);
}

/** The default: the rectangle of width 1. */
export const rectangle: NumberFunction = /* @__PURE__ */ surrogateFunction('rectangular', { window: 1 });
