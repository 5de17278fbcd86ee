// Functions of one variable from their formulas: a text of value and, where it is not to be found by rule, derivative.

import { gradients } from './graph/differentiate';
import { type Expr, type Formula, leaf, number } from './graph/expression';
import { Simplifier } from './graph/simplify';
import { evaluate } from './graph/value';
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

/** An expression of one variable as a function of a number: closures, so that nothing is evaluated from text. */
export function callable(make: (x: Expr) => Expr): (x: number) => number {
  const variable = leaf('x', 'neuron');
  const closures = new Map<Expr, (x: number) => number>();
  const closureOf = (e: Expr): ((x: number) => number) => {
    const known = closures.get(e);
    if (known !== undefined) return known;
    const [a, b, c] = e.args.map(closureOf);
    const made = e === variable ? (x: number) => x : closure(e, a, b, c);
    closures.set(e, made);
    return made;
  };
  return closureOf(make(variable));
}

type Call = (x: number) => number;
function closure(e: Expr, a?: Call, b?: Call, c?: Call): Call {
  if (a === undefined) {
    const value = evaluate(e, []);
    return () => value;
  }
  switch (e.op) {
    case 'add':
      return (x) => a(x) + b!(x);
    case 'sub':
      return (x) => a(x) - b!(x);
    case 'mul':
      return (x) => a(x) * b!(x);
    case 'div':
      return (x) => a(x) / b!(x);
    case 'select':
      return (x) => (a(x) ? b!(x) : c!(x));
    default:
      return (x) => evaluate(e, [a(x), b === undefined ? 0 : b(x), c === undefined ? 0 : c(x)]);
  }
}
