// A condition as a spike: Θ(u) of the margin by which it holds, its comparison kept as written. v > vth fires where
// v - vth > 0, v >= vth where v - vth >= 0; `and` is the smaller margin, `or` the larger, `not` the other side.

import {
  and,
  type Expr,
  ge,
  isCondition,
  le,
  max,
  min,
  neg,
  type SpikeSlope,
  select,
  spike,
  sub,
} from './expression';

interface Margin {
  readonly u: Expr;
  /** Whether u = 0 is outside. */
  readonly isStrict: boolean;
}

const isZero = ({ op, value }: Expr): boolean => op === 'number' && value === 0;
const less = (a: Expr, b: Expr): Expr => (isZero(b) ? a : sub(a, b));

/** By how much a condition holds. */
export function marginOf(condition: Expr): Margin {
  const [a, b] = condition.args as [Expr, Expr];
  switch (condition.op) {
    case 'gt':
      return { u: less(a, b), isStrict: true };
    case 'ge':
      return { u: less(a, b), isStrict: false };
    case 'lt':
      return { u: less(b, a), isStrict: true };
    case 'le':
      return { u: less(b, a), isStrict: false };
    case 'and':
      return joined(marginOf(a), marginOf(b), min, true);
    case 'or':
      return joined(marginOf(a), marginOf(b), max, false);
    case 'not': {
      const { u, isStrict } = marginOf(a);
      return { u: neg(u), isStrict: !isStrict };
    }
    default: // a number, which holds where it is at least 0, as in spike(u)
      return { u: condition, isStrict: false };
  }
}

/** @param strictWins whether of a strict and another margin the result is strict */
function joined(p: Margin, q: Margin, of: typeof min, strictWins: boolean): Margin {
  if (p.isStrict === q.isStrict) return { u: of(p.u, q.u), isStrict: p.isStrict };
  const [result, other] = p.isStrict === strictWins ? [p, q] : [q, p];
  // where the other is 0 it stands on the side that the result's Θ does not put it on: the result alone decides
  const decides = and(le(other.u, 0), ge(other.u, 0));
  return { u: select(decides, result.u, of(p.u, q.u)), isStrict: strictWins };
}

/** Θ of how far a condition, or a number u >= 0, holds; backward the surrogate's slope. */
export function firing(condition: Expr, slope: SpikeSlope): Expr {
  if (!isCondition(condition)) return spike(condition, slope);
  const { u, isStrict } = marginOf(condition);
  return spike(u, isStrict ? strict(slope) : slope);
}

const stricts = new WeakMap<SpikeSlope, SpikeSlope>();

/** The same that does not fire at 0; one for each, so that equal spikes are one. */
function strict(slope: SpikeSlope): SpikeSlope {
  const found = stricts.get(slope) ?? { ...slope, isStrict: true };
  stricts.set(slope, found);
  return found;
}

/** The same spike where a condition holds, none where it does not. */
export const where = (condition: Expr, fired: Expr): Expr =>
  spike(select(condition, fired.args[0]!, -1), fired.surrogate!);
