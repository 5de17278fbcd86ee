// Functions of one variable from their formulas: a text of value and, where it is not to be found by rule, derivative.

import { gradients } from './graph/differentiate';
import { type Expr, type Formula, leaf, number } from './graph/expression';
import { Simplifier } from './graph/simplify';
import { parseExpression } from './text/parse';
import { expressionOf } from './text/read';

/** A function's formula, in the language of equations: value and derivative in one variable, with named constants. */
export interface FormulaText {
  /** The name of the variable. */
  readonly of: string;
  readonly value: string;
  /** Left out: by the rules of differentiation. */
  readonly derivative?: string;
  readonly parameters?: Readonly<Record<string, number>>;
}

/** @throws EquationError at the place of a mistake */
export function formulaOf({ of, value, derivative, parameters = {} }: FormulaText): Formula {
  const constants = Object.fromEntries(Object.entries(parameters).map(([name, n]) => [name, number(n)]));
  const read = (text: string): ((x: Expr) => Expr) => {
    const node = parseExpression(text);
    const at = (x: Expr): Expr =>
      expressionOf(node, { text, values: { ...constants, [of]: x }, functions: {} });
    at(leaf(of, 'neuron')); // complain when it is made
    return at;
  };
  const make = read(value);
  return { value: make, derivative: derivative === undefined ? derivativeOf(make) : read(derivative) };
}

/** By the rules. */
function derivativeOf(make: (x: Expr) => Expr): (x: Expr) => Expr {
  return (x) => {
    const variable = leaf('formula variable', 'neuron');
    const slope = gradients([{ root: make(variable), seed: number(1) }], [variable]);
    return new Simplifier(false).rebuild(slope, (e) => (e === variable ? x : undefined))[0]!;
  };
}
