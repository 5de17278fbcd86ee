// Expressions together with their derivatives with respect to some leaves, which are carried along: where a matrix
// exponential has learnable entries, its derivatives belong to the layer and are computed once, not by every neuron.

import { gradients } from '../graph/differentiate';
import { type Expr, known, number } from '../graph/expression';
import { plus, times } from '../graph/fold';
import { Simplifier } from '../graph/simplify';

export interface Dual {
  readonly value: Expr;
  /** By leaf. */
  readonly slopes: readonly Expr[];
}

export function dual(value: Expr, leaves: readonly Expr[]): Dual {
  const slopes = gradients([{ root: value, seed: number(1) }], leaves);
  const [simple, ...rest] = new Simplifier(false).rebuild([value, ...slopes]);
  return { value: simple!, slopes: rest };
}

export const constant = (value: number, leaves: readonly Expr[]): Dual => ({
  value: number(value),
  slopes: leaves.map(() => number(0)),
});

export const sum = (a: Dual, b: Dual): Dual => ({
  value: plus(a.value, b.value),
  slopes: a.slopes.map((slope, k) => plus(slope, b.slopes[k]!)),
});

export const product = (a: Dual, b: Dual): Dual => ({
  value: times(a.value, b.value),
  slopes: a.slopes.map((slope, k) => plus(times(slope, b.value), times(a.value, b.slopes[k]!))),
});

export function scaled({ value, slopes }: Dual, by: number): Dual {
  return { value: times(value, number(by)), slopes: slopes.map((slope) => times(slope, number(by))) };
}

/** As one expression under a name, whose gradients are the slopes. */
export const joined = ({ value, slopes }: Dual, leaves: readonly Expr[], name: string): Expr =>
  slopes.reduce(
    (e, slope, k) => (slope.op === 'number' && slope.value === 0 ? e : known(e, leaves[k]!, slope, name)),
    value,
  );
