// What each operation computes, in doubles: the meaning of an expression, to which every target is held. Conditions
// are 1 and
// 0. Functions that ECMAScript leaves to the engine come from mathematics.ts, so that the same neuron gives the same
// bits in every version of every engine.

import { cos, exp, expm1, log, sin, tanh } from '../../mathematics';
import type { Expr, Op } from './expression';

/** 1/(1 + e^-x) */
const sigma = (x: number): number => {
  const e = exp(-Math.abs(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
};

/** 2/√π·∫ e^-t² from 0 to x: its series near 0, the continued fraction of erfc beyond. Within 1e-15. */
function errorFunction(x: number): number {
  const a = Math.abs(x);
  if (!(a < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  const density = (2 / Math.sqrt(Math.PI)) * exp(-a * a);
  if (a < 2.5) {
    // erf(x) = 2/√π·e^-x²·Σ 2ⁿ·x^(2n+1)/(2n+1)!!
    let term = a;
    let sum = a;
    for (let n = 1; term > 1e-18 * sum; n++) {
      term *= (2 * a * a) / (2 * n + 1);
      sum += term;
    }
    return Math.sign(x) * density * sum;
  }
  // erfc(x) = e^-x²/√π / (x + 1/2/(x + 1/(x + 3/2/(x + …))))
  let tail = a;
  for (let n = 60; n > 0; n--) tail = a + n / 2 / tail;
  return Math.sign(x) * (1 - density / 2 / tail);
}

/** The whole number nearest to x; of two the even one. */
function nearest(x: number): number {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/** Values of numbers by operation; `number`, `leaf` and custom functions have none here. */
export const values = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  // where the two do not compare (NaN), the first: what SIMD's pmin and pmax do
  min: (a: number, b: number) => (b < a ? b : a),
  max: (a: number, b: number) => (a < b ? b : a),
  neg: (a: number) => -a,
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp,
  log,
  sin,
  cos,
  tanh,
  sech2: (a: number) => {
    const e = exp(-2 * Math.abs(a));
    return (4 * e) / ((1 + e) * (1 + e));
  },
  sigmoid: sigma,
  bell: (a: number) => {
    const e = exp(-Math.abs(a));
    return e / ((1 + e) * (1 + e));
  },
  atan: Math.atan,
  erf: errorFunction,
  exprel: (a: number) => (a === 0 ? 1 : expm1(a) / a),
  floor: Math.floor,
  lt: (a: number, b: number) => Number(a < b),
  le: (a: number, b: number) => Number(a <= b),
  gt: (a: number, b: number) => Number(a > b),
  ge: (a: number, b: number) => Number(a >= b),
  and: (a: number, b: number) => a && b,
  or: (a: number, b: number) => a || b,
  not: (a: number) => Number(!a),
  select: (a: number, b: number, c: number) => (a ? b : c),
  spike: (a: number) => Number(a >= 0),
  detach: (a: number) => a,
  known: (a: number) => a,
  gain: (a: number, b: number) => a * b,
  fma: (a: number, b: number, c: number) => a * b + c,
  fnma: (a: number, b: number, c: number) => c - a * b,
  nearest,
  scale2: (a: number, n: number) => a * 2 ** n,
  exponent: (a: number) => new Uint32Array(Float32Array.of(a).buffer)[0]! >>> 23,
} satisfies Partial<Record<Op, (a: number, b: number, c: number) => number>>;

/** An operation that {@link values} has. */
export type ValuedOp = keyof typeof values;

/** What one expression computes of its arguments' values. */
export function evaluate({ op, value, custom, surrogate }: Expr, args: readonly number[]): number {
  if (op === 'number') return value;
  if (op === 'spike' && surrogate?.isStrict) return Number(args[0]! > 0);
  if (op === 'custom') return custom!.value(args[0]!);
  if (op === 'customSlope') return custom!.derivative(args[0]!);
  const compute = values[op as ValuedOp] as (a: number, b: number, c: number) => number;
  return compute(args[0]!, args[1]!, args[2]!);
}

/** A root's value where these expressions have these values. */
export function valueAt(root: Expr, given: ReadonlyMap<Expr, number>): number {
  const known = new Map<Expr, number>(given);
  // no recursion: a neuron may be longer than the stack is deep
  const stack = [root];
  while (stack.length > 0) {
    const e = stack.at(-1)!;
    const missing = known.has(e) ? [] : e.args.filter((a) => !known.has(a));
    if (missing.length > 0) stack.push(...missing);
    else {
      if (!known.has(e))
        known.set(
          e,
          evaluate(
            e,
            e.args.map((a) => known.get(a)!),
          ),
        );
      stack.pop();
    }
  }
  return known.get(root)!;
}
