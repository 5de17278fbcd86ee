// The affine of the input current, X = a·y + b. Shared by forward and backward, which must find the same H to the last
// bit; and it is the same bit whether X was computed beforehand or here, so that looking at X changes nothing.
// Nothing is exported to TypeScript.

import { ld, zero } from "../simd";

/** a of four channels; without coefficients 1. */
// @ts-ignore: decorator
@inline export function scaleOf(coef: usize, offset: usize): v128 {
  return coef ? ld(coef + offset) : f32x4.splat(1);
}

/** b; without coefficients 0. */
// @ts-ignore: decorator
@inline export function offsetOf(coef: usize, offset: usize): v128 {
  return coef ? ld(coef + offset) : zero();
}
