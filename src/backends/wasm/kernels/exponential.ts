// exp and tanh of four floats, to about one unit in the last place; nothing is exported to TypeScript.

import { add, fma, fnma, mul, sub } from "./simd";

// @ts-ignore: decorator
@inline function constant(x: f32): v128 {
  return f32x4.splat(x);
}

/** The float 2^n, n in -126..127: its exponent bits. */
// @ts-ignore: decorator
@inline function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/**
 * exp(x) = 2^n·exp(r) with n the integer nearest to x/ln 2, so |r| <= ln 2 / 2; exp(r) = 1 + r + r²·q(r). ln 2 is
 * taken off in two parts, of which the first times n is exact. 2^n in two factors, so that results below the normal
 * floats and Infinity come out right. NaN stays NaN: of pmin and pmax the first operand wins.
 */
// @ts-ignore: decorator
@inline export function exponential(v: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(v, constant(-104)), constant(89));
  const n = f32x4.nearest(mul(x, constant(1.44269502)));
  let r = sub(x, mul(n, constant(0.693359375)));
  r = fnma(n, constant(-2.12194442e-4), r);
  let q = fma(constant(0.0013751150108873844), r, constant(0.00836898759007454));
  q = fma(q, r, constant(0.04166954383254051));
  q = fma(q, r, constant(0.166665181517601));
  q = fma(q, r, constant(0.49999988079071045));
  const e = add(fma(mul(r, r), q, r), constant(1));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const first = i32x4.shr_s(whole, 1);
  return mul(mul(e, powerOfTwo(first)), powerOfTwo(i32x4.sub(whole, first)));
}

/**
 * tanh x = ±(1 - e)/(1 + e), e = exp(-2|x|); below 0.625, where that cancels, x + x³·p(x²).
 */
// @ts-ignore: decorator
@inline export function hyperbolicTangent(x: v128): v128 {
  const size = f32x4.abs(x), one = constant(1);
  const e = exponential(mul(size, constant(-2)));
  const far = v128.or(f32x4.div(sub(one, e), add(one, e)), v128.and(x, i32x4.splat(1 << 31)));
  const w = mul(x, x);
  let p = fma(constant(-0.005704040173441172), w, constant(0.020637858659029007));
  p = fma(p, w, constant(-0.05373915657401085));
  p = fma(p, w, constant(0.133314311504364));
  p = fma(p, w, constant(-0.3333328068256378));
  const near = fma(mul(x, w), p, x);
  return v128.bitselect(near, far, f32x4.lt(size, constant(0.625)));
}

/** 1/(1 + exp(-x)), from exp(-|x|), so that neither tail overflows: 1/(1 + e) or e/(1 + e). */
// @ts-ignore: decorator
@inline export function logistic(x: v128): v128 {
  const one = constant(1), e = exponential(v128.or(x, i32x4.splat(1 << 31)));
  return f32x4.div(v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0))), add(one, e));
}
