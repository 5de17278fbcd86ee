// The algebra of simplification: what an operation on these arguments is in fewer or cheaper ones. A product with a
// spike becomes a selection, which is stricter than multiplying: 0·Infinity is 0 here, so that a reset to zero is
// one. Nothing else changes a value by more than the rounding of numbers that meet.

import type { Expr, Op } from './expression';
import { isMonotone, threshold } from './threshold';

/** What the rules may use: expressions made anew, simplified and equal ones the same object. */
export interface Maker {
  make(op: Op, args: readonly Expr[]): Expr;
  number(value: number): Expr;
  /** Whether values are f32, so that a comparison may move to the f32 number where it changes. */
  readonly floats: boolean;
}

const isNumber = (e: Expr, value?: number): boolean =>
  e.op === 'number' && (value === undefined || e.value === value);
/** condition ? number : number */
const isTwoValued = (e: Expr): boolean => e.op === 'select' && isNumber(e.args[1]!) && isNumber(e.args[2]!);
/** condition ? something : 0 */
const isGated = (e: Expr): boolean => e.op === 'select' && isNumber(e.args[2]!, 0);
/** A gradient with a slope that may be none. */
const isGatedGain = (e: Expr): boolean => e.op === 'gain' && isGated(e.args[1]!);
/** 1/something */
const isReciprocal = (e: Expr): boolean => e.op === 'div' && isNumber(e.args[0]!, 1);

type Rule = (m: Maker, a: Expr, b: Expr, c: Expr) => Expr | undefined;

const addition: Rule = (m, a, b) => {
  if (isNumber(b, 0)) return a;
  if (b.op === 'neg') return m.make('sub', [a, b.args[0]!]);
  if (a.op === 'neg') return m.make('sub', [b, a.args[0]!]);
  if (isNumber(b) && a.op === 'add' && isNumber(a.args[1]!))
    return m.make('add', [a.args[0]!, m.number(a.args[1]!.value + b.value)]);
  return intoArms(m, 'add', a, b);
};

const subtraction: Rule = (m, a, b) => {
  if (isNumber(a, 0)) return m.make('neg', [b]);
  if (isNumber(b)) return m.make('add', [a, m.number(-b.value)]);
  if (b.op === 'neg') return m.make('add', [a, b.args[0]!]);
  return intoArms(m, 'sub', a, b);
};

const product: Rule = (m, a, b) => {
  if (isNumber(b, 0)) return b;
  if (isGatedGain(a) || (a.op === 'gain' && isNumber(b))) return intoSlope(m, a, b);
  if (isGatedGain(b)) return intoSlope(m, b, a);
  if (isNumber(b, 1)) return a;
  if (isNumber(b, -1)) return m.make('neg', [a]);
  if (a.op === 'neg') return m.make('neg', [m.make('mul', [a.args[0]!, b])]);
  if (b.op === 'neg') return m.make('neg', [m.make('mul', [a, b.args[0]!])]);
  // numbers move outwards, where they meet
  if (a.op === 'mul' && isNumber(a.args[1]!)) {
    const [of, n] = a.args as [Expr, Expr];
    if (isNumber(b)) return m.make('mul', [of, m.number(n.value * b.value)]);
    return m.make('mul', [m.make('mul', [of, b]), n]);
  }
  if (b.op === 'mul' && isNumber(b.args[1]!))
    return m.make('mul', [m.make('mul', [a, b.args[0]!]), b.args[1]!]);
  // and so do selections of zero, so that what they hide may be anything
  if (isGated(a)) return m.make('select', [a.args[0]!, m.make('mul', [a.args[1]!, b]), a.args[2]!]);
  if (isGated(b)) return m.make('select', [b.args[0]!, m.make('mul', [b.args[1]!, a]), b.args[2]!]);
  if (isReciprocal(b)) return m.make('div', [a, b.args[1]!]);
  if (isReciprocal(a)) return m.make('div', [b, a.args[1]!]);
  return intoArms(m, 'mul', a, b);
};

/** What a slope of zero hides may be anything, but for the gradient itself: the other factor goes to the slope. */
const intoSlope = (m: Maker, gain: Expr, factor: Expr): Expr =>
  m.make('gain', [gain.args[0]!, m.make('mul', [gain.args[1]!, factor])]);

/** A gradient with a slope: numbers and signs go to the slope. */
const gained: Rule = (m, a, b) => {
  if (isNumber(a, 0)) return a;
  if (isNumber(b, 0)) return b;
  if (isNumber(b, 1)) return a;
  if (a.op === 'neg') return m.make('gain', [a.args[0]!, m.make('neg', [b])]);
  if (a.op === 'mul' && isNumber(a.args[1]!))
    return m.make('gain', [a.args[0]!, m.make('mul', [b, a.args[1]!])]);
  return undefined;
};

const quotient: Rule = (m, a, b) => {
  // by a power of two without rounding; by others nothing is gained that a digit is worth
  if (isNumber(b) && isPowerOfTwo(b.value)) return m.make('mul', [a, m.number(1 / b.value)]);
  if (a.op === 'neg') return m.make('neg', [m.make('div', [a.args[0]!, b])]);
  // what a selection of zero hides may be infinite, or 0/0
  if (isGated(a)) return m.make('select', [a.args[0]!, m.make('div', [a.args[1]!, b]), a.args[2]!]);
  return undefined;
};

/** Without a logarithm, whose last bits are the engine's: halved or doubled until it is 1. */
function isPowerOfTwo(x: number): boolean {
  let size = Math.abs(x);
  if (!(size > 0 && size < Number.POSITIVE_INFINITY && Number.isFinite(1 / size))) return false;
  while (size > 1) size /= 2;
  while (size < 1) size *= 2;
  return size === 1;
}

const negation: Rule = (m, a) => {
  if (a.op === 'neg') return a.args[0];
  if (a.op === 'sub') return m.make('sub', [a.args[1]!, a.args[0]!]);
  if (!isTwoValued(a)) return undefined;
  return m.make('select', [a.args[0]!, m.make('neg', [a.args[1]!]), m.make('neg', [a.args[2]!])]);
};

const selection: Rule = (m, a, b, c) => {
  if (isNumber(a)) return a.value ? b : c;
  if (b === c) return b;
  if (a.op === 'not') return m.make('select', [a.args[0]!, c, b]);
  if (b.op === 'select' && b.args[0] === a) return m.make('select', [a, b.args[1]!, c]);
  if (c.op === 'select' && c.args[0] === a) return m.make('select', [a, b, c.args[2]!]);
  return undefined;
};

/** `a op b`, for a comparison. */
function comparison(m: Maker, op: Op, a: Expr, b: Expr): Expr | undefined {
  // a - b >= 0 is a >= b to the last bit
  if (isNumber(b, 0) && a.op === 'sub') return m.make(op, [a.args[0]!, a.args[1]!]);
  if (!m.floats || !isNumber(b)) return undefined;
  if (op === 'lt' && a.op === 'abs') {
    // |a| < b, where a is worth looking through, is -b < a && a < b
    const of = a.args[0]!;
    if (!isMonotone(of)) return undefined;
    return m.make('and', [m.make('lt', [of, b]), m.make('gt', [of, m.number(-b.value)])]);
  }
  const found = threshold(a, op, b.value);
  return found && m.make(found.op, [found.of, m.number(found.than)]);
}

/** x∘(condition ? p : q), taken into the arms where these are numbers and a product with them is none. */
function intoArms(m: Maker, op: Op, a: Expr, b: Expr): Expr | undefined {
  const arms = (condition: Expr, p: readonly Expr[], q: readonly Expr[]): Expr =>
    m.make('select', [condition, m.make(op, p), m.make(op, q)]);
  if (a.op === 'select' && b.op === 'select' && a.args[0] === b.args[0] && (isTwoValued(a) || isTwoValued(b)))
    return arms(a.args[0]!, [a.args[1]!, b.args[1]!], [a.args[2]!, b.args[2]!]);
  for (const [s, other, isFirst] of [
    [a, b, true],
    [b, a, false],
  ] as const) {
    if (!isTwoValued(s)) continue;
    const [condition, p, q] = s.args as [Expr, Expr, Expr];
    const isFree = op === 'mul' && [p, q].every(({ value }) => value === 0 || Math.abs(value) === 1);
    if (!isFree && !isNumber(other)) continue;
    return arms(condition, isFirst ? [p, other] : [other, p], isFirst ? [q, other] : [other, q]);
  }
  return undefined;
}

/** What `op` on these arguments is in simpler ones; undefined where it stays as it is. */
export function simpler(m: Maker, op: Op, a: Expr, b: Expr, c: Expr): Expr | undefined {
  switch (op) {
    case 'add':
      return addition(m, a, b, c);
    case 'sub':
      return subtraction(m, a, b, c);
    case 'mul':
      return product(m, a, b, c);
    case 'gain':
      return gained(m, a, b, c);
    case 'div':
      return quotient(m, a, b, c);
    case 'neg':
      return negation(m, a, b, c);
    case 'abs':
      return a.op === 'abs' ? a : a.op === 'neg' ? m.make('abs', [a.args[0]!]) : undefined;
    case 'not':
      return a.op === 'not' ? a.args[0] : undefined;
    case 'select':
      return selection(m, a, b, c);
    case 'and':
      return isNumber(b) ? (b.value ? a : b) : a === b ? a : undefined;
    case 'or':
      return isNumber(b) ? (b.value ? b : a) : a === b ? a : undefined;
    case 'ge':
    case 'gt':
    case 'lt':
    case 'le':
      return comparison(m, op, a, b);
    case 'fma':
      return isNumber(a, 0) || isNumber(b, 0) ? c : isNumber(c, 0) ? m.make('mul', [a, b]) : undefined;
    case 'fnma':
      if (isNumber(a, 0) || isNumber(b, 0)) return c;
      return isNumber(c, 0) ? m.make('neg', [m.make('mul', [a, b])]) : undefined;
    default:
      return undefined;
  }
}
