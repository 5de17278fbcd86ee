// The exponential of a matrix over a step, e^(hA) = I + F, and what a constant input leaves, P = ∫ e^(sA) ds from 0 to
// h: the two parts of the exponential of the system augmented by its input (Rotter & Diesmann, "Exact digital
// simulation of time-invariant linear systems", Biological Cybernetics 81, 1999). By the series of a short step,
// doubled again and again: F(2h) = 2F + F², P(2h) = 2P + F·P. Nothing is divided by a difference, so equal time
// constants and singular matrices are like others, and F keeps its digits where the step is short.
//
// Entries are expressions: numbers fold to numbers; learnable ones become formulas, with their derivatives beside them.

import { check } from '../../errors';
import { type Expr, exp, exprel, inOrder, mul, number } from '../graph/expression';
import { Simplifier } from '../graph/simplify';
import { valueAt } from '../graph/value';
import { constant, type Dual, dual, joined, product, scaled, sum } from './dual';

type Matrix<T> = readonly (readonly T[])[];

/** Terms of the series, and the norm up to which they are enough for doubles. */
const TERMS = 9;
const NORM = 1 / 8;
/** Doublings more where entries are learnt: they may grow so many times twofold before digits are lost. */
const ROOM = 4;

export interface Propagator {
  /** e^(hA), and the share of a constant input that a step adds. */
  readonly decay: Matrix<Expr>;
  readonly gain: Matrix<Expr>;
}

/**
 * @param names of the rows
 * @param starts where learnable leaves start
 */
export function propagator(
  a: Matrix<Expr>,
  h: number,
  names: readonly string[],
  starts: ReadonlyMap<Expr, number>,
): Propagator {
  for (const [i, row] of a.entries())
    for (const [j, e] of row.entries()) {
      const factor = valueAt(e, starts);
      check(
        Number.isFinite(factor),
        'neuron',
        () => `d${names[i]}/dt has ${factor} times ${names[j]}: is a time constant 0?`,
      );
    }
  const decay = a.map((row, i) => row.map((_, j) => number(i === j ? 1 : 0)));
  const gain = a.map((row) => row.map(() => number(0)));
  for (const rows of components(a)) {
    const part = rows.length === 1 ? single(a[rows[0]!]![rows[0]!]!, h) : several(rows);
    for (const [i, row] of rows.entries())
      for (const [j, column] of rows.entries()) {
        decay[row]![column] = part.decay[i]![j]!;
        gain[row]![column] = part.gain[i]![j]!;
      }
  }
  return { decay, gain };

  function several(rows: readonly number[]): Propagator {
    const block = rows.map((row) => rows.map((column) => a[row]![column]!));
    const leaves = inOrder(block.flat()).filter(({ op }) => op === 'leaf');
    const norm = Math.max(
      ...block.map((row) => row.reduce((total, e) => total + Math.abs(h * valueAt(e, starts)), 0)),
    );
    const doublings = Math.max(0, Math.ceil(Math.log2(norm / NORM))) + (leaves.length > 0 ? ROOM : 0);
    const step = h / 2 ** doublings;
    const m = block.map((row) => row.map((e) => scaled(dual(e, leaves), step)));
    const one = identity(rows.length, leaves);
    // Σ M^k/(k + 1)!, from within
    let series = one;
    for (let k = TERMS; k > 1; k--) series = plus(one, scale(times(m, series), 1 / k));
    let f = times(m, series);
    let p = scale(series, step);
    for (let k = 0; k < doublings; k++)
      [f, p] = [plus(scale(f, 2), times(f, f)), plus(scale(p, 2), times(f, p))];
    const named = (of: Matrix<Dual>, what: string) =>
      of.map((row, i) =>
        row.map((e, j) => joined(e, leaves, `${what}_${names[rows[i]!]}_${names[rows[j]!]}`)),
      );
    return { decay: named(plus(one, f), 'decay'), gain: named(p, 'gain') };
  }
}

/** Of one equation that no other is coupled to. */
function single(a: Expr, h: number): Propagator {
  const z = mul(a, h);
  const [decay, gain] = new Simplifier(false).rebuild([exp(z), mul(exprel(z), h)]);
  return { decay: [[decay!]], gain: [[gain!]] };
}

/** Rows that depend on each other, directly or through others. */
function components(a: Matrix<Expr>): number[][] {
  const group = a.map((_, i) => i);
  const isZero = ({ op, value }: Expr): boolean => op === 'number' && value === 0;
  for (const [i, row] of a.entries())
    for (const [j, e] of row.entries()) {
      if (i === j || isZero(e) || group[i] === group[j]) continue;
      const [from, to] = [group[j]!, group[i]!];
      for (const [k, g] of group.entries()) if (g === from) group[k] = to;
    }
  const rows = new Map<number, number[]>();
  for (const [i, g] of group.entries()) rows.set(g, [...(rows.get(g) ?? []), i]);
  return [...rows.values()];
}

const identity = (n: number, leaves: readonly Expr[]): Matrix<Dual> =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => constant(i === j ? 1 : 0, leaves)));
const plus = (a: Matrix<Dual>, b: Matrix<Dual>): Matrix<Dual> =>
  a.map((row, i) => row.map((e, j) => sum(e, b[i]![j]!)));
const scale = (a: Matrix<Dual>, by: number): Matrix<Dual> => a.map((row) => row.map((e) => scaled(e, by)));
const times = (a: Matrix<Dual>, b: Matrix<Dual>): Matrix<Dual> =>
  a.map((row) =>
    row.map((_, j) => row.map((e, k) => product(e, b[k]![j]!)).reduce((total, e) => sum(total, e))),
  );
