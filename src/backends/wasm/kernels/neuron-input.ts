// The affine of the input current, X = a·y + b, with the neuron's gain already in it. Shared by forward and backward, which
// must find the same H to the last bit. Nothing is exported to TypeScript.

import { ld, mul, zero } from "./simd";

/** gain·a for four channels; without coefficients a is 1. */
// @ts-ignore: decorator
@inline export function scaleOf(coef: usize, offset: usize, gain: v128): v128 {
  return coef ? mul(gain, ld(coef + offset)) : gain;
}

/** gain·b; without coefficients b is 0. */
// @ts-ignore: decorator
@inline export function offsetOf(coef: usize, offset: usize, gain: v128): v128 {
  return coef ? mul(gain, ld(coef + offset)) : zero();
}
