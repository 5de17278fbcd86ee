// What a surrogate is: the derivative that stands in for the step's, as a function of u = Ĥ - vth, the membrane above
// the threshold. Each file beside this one is one of them: its formula as one text for the value and one for the
// derivative, of which everything else is made.

import { finite, option } from '../../options';
import { builtIn } from '../built-in';
import { type FormulaText, formulaOf } from '../formula';
import { type Expr, type Formula, type NumberFunction, withFormula } from '../graph/expression';
import { callable } from '../numbers/callable';

/** A smooth stand-in for the step function, whose derivative the backward pass uses. */
export interface Surrogate extends NumberFunction {
  /** The numbers that its formula holds, by name. */
  readonly parameters: Readonly<Record<string, number>>;
  /**
   * ∫ derivative over the real line = value(∞) - value(-∞): 1 for a step of height one; Infinity where the tails hold
   * more than any number, NaN where there is no such limit.
   */
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

export const scaleOption = { scale: option(finite({ above: 0 }), 1) };

/** A surrogate of the library by its formula in u. */
interface Definition<N extends string> extends Required<Omit<FormulaText, 'of'>> {
  readonly name: N;
  /** What its maker was given. */
  readonly given: SurrogateScale;
  /** Whether u has a scale in it; a slope of 1 everywhere is as wide as any other. Default true. */
  readonly hasWidth?: boolean;
  readonly scale: number;
  /** Without the scale. */
  readonly integral: number;
}

/** A surrogate of the library, times its scale. Its texts are read when they are first needed. */
export function surrogate<N extends string>(definition: Definition<N>): Surrogate & { readonly name: N } {
  const { name, scale, integral, given, hasWidth = true } = definition;
  const parameters = Object.freeze({ ...definition.parameters, scale });
  const scaled = (text: string): string => (scale === 1 ? text : `scale*(${text})`);
  let read: Formula | undefined;
  const formula = (): Formula => {
    const [value, derivative] = [scaled(definition.value), scaled(definition.derivative)];
    read ??= formulaOf({ of: 'u', value, derivative, parameters });
    return read;
  };
  const value = (u: Expr): Expr => formula().value(u);
  const derivative = (u: Expr): Expr => formula().derivative(u);
  const calls = { value: callable(value), derivative: callable(derivative) };
  const made = { name, parameters, integral: scale * integral, ...calls };
  const isPlain = Object.entries(given).every(([key, option]) => key === 'scale' || option === undefined);
  return builtIn(withFormula(made, { value, derivative }), hasWidth && isPlain);
}
