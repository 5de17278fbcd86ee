// Sums and products that are numbers where their terms are, and nothing where a term is 0: for matrices of
// expressions, most of whose entries are numbers.

import { add, div, type Expr, mul, number, sub } from './expression';

const isNumber = ({ op }: Expr): boolean => op === 'number';
const is = (e: Expr, value: number): boolean => isNumber(e) && e.value === value;

export function plus(a: Expr, b: Expr): Expr {
  if (isNumber(a) && isNumber(b)) return number(a.value + b.value);
  return is(a, 0) ? b : is(b, 0) ? a : add(a, b);
}

export function minus(a: Expr, b: Expr): Expr {
  if (isNumber(a) && isNumber(b)) return number(a.value - b.value);
  return is(a, 0) ? times(number(-1), b) : is(b, 0) ? a : sub(a, b);
}

export function times(a: Expr, b: Expr): Expr {
  if (isNumber(a) && isNumber(b)) return number(a.value * b.value);
  if (is(a, 0) || is(b, 0)) return number(0);
  return is(a, 1) ? b : is(b, 1) ? a : mul(a, b);
}

export function over(a: Expr, b: Expr): Expr {
  if (isNumber(a) && isNumber(b)) return number(a.value / b.value);
  return is(a, 0) || is(b, 1) ? a : div(a, b);
}

/** Σ aᵢ·bᵢ */
export const dot = (a: readonly Expr[], b: readonly Expr[]): Expr =>
  a.reduce((sum, e, i) => plus(sum, times(e, b[i]!)), number(0));
