// exp, tanh and the logistic function of four floats, to about one unit in the last place. Nothing is exported to
// TypeScript.

import { add, fma, fnma, mul, sub } from "../simd";

const LOWEST: f32 = -104;
const HIGHEST: f32 = 89;
const LOG2_E: f32 = 1.44269502;
/** ln 2 in two parts, of which the first times any n below is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194442e-4;
/** (exp(r) - 1 - r)/r² on |r| <= ln 2 / 2: a relative error of 4e-9 in exp(r). */
const Q0: f32 = 0.49999988079071045;
const Q1: f32 = 0.166665181517601;
const Q2: f32 = 0.04166954383254051;
const Q3: f32 = 0.00836898759007454;
const Q4: f32 = 0.0013751150108873844;

/** The float 2^n, n in -126..127: its exponent bits. */
// @ts-ignore: decorator
@inline function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/**
 * exp(x) = 2^n·exp(r) with n the integer nearest to x/ln 2, so |r| <= ln 2 / 2; exp(r) = 1 + r + r²·q(r). 2^n in two
 * factors, so that results below the normal floats and Infinity come out right. NaN stays NaN: of pmin and pmax the
 * first operand wins.
 */
// @ts-ignore: decorator
@inline export function exponential(v: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(v, f32x4.splat(LOWEST)), f32x4.splat(HIGHEST));
  const n = f32x4.nearest(mul(x, f32x4.splat(LOG2_E)));
  const r = fnma(n, f32x4.splat(LN2_LOW), sub(x, mul(n, f32x4.splat(LN2_HIGH))));
  let q = fma(f32x4.splat(Q4), r, f32x4.splat(Q3));
  q = fma(q, r, f32x4.splat(Q2));
  q = fma(q, r, f32x4.splat(Q1));
  q = fma(q, r, f32x4.splat(Q0));
  const e = add(fma(mul(r, r), q, r), f32x4.splat(1));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const first = i32x4.shr_s(whole, 1);
  return mul(mul(e, powerOfTwo(first)), powerOfTwo(i32x4.sub(whole, first)));
}

/** tanh x = ±(1 - e)/(1 + e), e = exp(-2|x|); below 0.625, where that cancels, x + x³·p(x²). */
// @ts-ignore: decorator
@inline export function hyperbolicTangent(x: v128): v128 {
  const size = f32x4.abs(x), one = f32x4.splat(1);
  const e = exponential(mul(size, f32x4.splat(-2)));
  const far = v128.or(f32x4.div(sub(one, e), add(one, e)), v128.and(x, i32x4.splat(1 << 31)));
  const w = mul(x, x);
  let p = fma(f32x4.splat(-0.005704040173441172), w, f32x4.splat(0.020637858659029007));
  p = fma(p, w, f32x4.splat(-0.05373915657401085));
  p = fma(p, w, f32x4.splat(0.133314311504364));
  p = fma(p, w, f32x4.splat(-0.3333328068256378));
  const near = fma(mul(x, w), p, x);
  return v128.bitselect(near, far, f32x4.lt(size, f32x4.splat(0.625)));
}

/** 1/(1 + exp(-x)), from exp(-|x|), so that neither tail overflows: 1/(1 + e) or e/(1 + e). */
// @ts-ignore: decorator
@inline export function logistic(x: v128): v128 {
  const one = f32x4.splat(1), e = exponential(v128.or(x, i32x4.splat(1 << 31)));
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0))), add(one, e));
}
