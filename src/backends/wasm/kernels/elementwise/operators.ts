// Elementwise arithmetic on flat arrays of any length. Operators are numbers,
// which elementwise/codes.ts has. Broadcasting beyond a scalar or a row is the caller's.

import {
  ABS, ADD, CLAMP, DIVIDE, EQUAL, EXP, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, MAXIMUM, MINIMUM, MULTIPLY, NEGATE,
  NOT_EQUAL, RELU, SIGMOID, SIGN, SQRT, SUBTRACT, TANH,
} from "./codes";
import { exponential, hyperbolicTangent, logistic } from "./exponential";
import { loadLanes, storeLanes } from "../lanes";

/**
 * out[i] = op(a[i·aStep], b[i·bStep]) for n floats; a step is 1, or 0 for a scalar. out may be a or b.
 * Maximum and minimum pass NaN on; a comparison gives 1 or 0. Power is not here.
 */
export function binary(op: i32, a: usize, aStep: i32, b: usize, bStep: i32, n: i32, out: usize): void {
  if (op == ADD) along(ADD, a, aStep, b, bStep, n, out);
  else if (op == SUBTRACT) along(SUBTRACT, a, aStep, b, bStep, n, out);
  else if (op == MULTIPLY) along(MULTIPLY, a, aStep, b, bStep, n, out);
  else if (op == DIVIDE) along(DIVIDE, a, aStep, b, bStep, n, out);
  else if (op == MAXIMUM) along(MAXIMUM, a, aStep, b, bStep, n, out);
  else if (op == MINIMUM) along(MINIMUM, a, aStep, b, bStep, n, out);
  else if (op == EQUAL) along(EQUAL, a, aStep, b, bStep, n, out);
  else if (op == NOT_EQUAL) along(NOT_EQUAL, a, aStep, b, bStep, n, out);
  else if (op == LESS) along(LESS, a, aStep, b, bStep, n, out);
  else if (op == LESS_EQUAL) along(LESS_EQUAL, a, aStep, b, bStep, n, out);
  else if (op == GREATER) along(GREATER, a, aStep, b, bStep, n, out);
  else if (op == GREATER_EQUAL) along(GREATER_EQUAL, a, aStep, b, bStep, n, out);
}

/** out[r][c] = op(x[r][c], row[c]). out may be x. */
export function addRow(x: usize, rows: i32, C: i32, row: usize, op: i32, out: usize): void {
  for (let r = 0; r < rows; r++) {
    binary(op, x, 1, row, 1, C, out);
    x += <usize>C << 2;
    out += <usize>C << 2;
  }
}

// @ts-ignore: decorator
@inline function along(op: i32, a: usize, aStep: i32, b: usize, bStep: i32, n: i32, out: usize): void {
  const end = out + (<usize>n << 2), x = v128.load32_splat(a), y = v128.load32_splat(b);
  for (; out + 16 <= end; out += 16, a += 16, b += 16) {
    storeLanes(false, out, combine(op, aStep ? loadLanes(false, a) : x, bStep ? loadLanes(false, b) : y));
  }
  for (; out < end; out += 4, a += 4, b += 4) {
    storeLanes(true, out, combine(op, aStep ? loadLanes(true, a) : x, bStep ? loadLanes(true, b) : y));
  }
}

// @ts-ignore: decorator
@inline function combine(op: i32, a: v128, b: v128): v128 {
  if (op == ADD) return f32x4.add(a, b);
  if (op == SUBTRACT) return f32x4.sub(a, b);
  if (op == MULTIPLY) return f32x4.mul(a, b);
  if (op == DIVIDE) return f32x4.div(a, b);
  if (op == MAXIMUM) return f32x4.max(a, b);
  if (op == MINIMUM) return f32x4.min(a, b);
  if (op == EQUAL) return asFloat(f32x4.eq(a, b));
  if (op == NOT_EQUAL) return asFloat(f32x4.ne(a, b));
  if (op == LESS) return asFloat(f32x4.lt(a, b));
  if (op == LESS_EQUAL) return asFloat(f32x4.le(a, b));
  if (op == GREATER) return asFloat(f32x4.gt(a, b));
  return asFloat(f32x4.ge(a, b));
}

// @ts-ignore: decorator
@inline function asFloat(mask: v128): v128 {
  return v128.and(mask, f32x4.splat(1));
}

/**
 * out[i] = op(x[i]) for n floats; p and q are clamp's bounds. out may be x. Log and power are not here. NaN
 * stays NaN.
 */
export function unary(op: i32, x: usize, n: i32, p: f32, q: f32, out: usize): void {
  if (op == NEGATE) each(NEGATE, x, n, p, q, out);
  else if (op == EXP) each(EXP, x, n, p, q, out);
  else if (op == SQRT) each(SQRT, x, n, p, q, out);
  else if (op == TANH) each(TANH, x, n, p, q, out);
  else if (op == SIGMOID) each(SIGMOID, x, n, p, q, out);
  else if (op == RELU) each(RELU, x, n, p, q, out);
  else if (op == ABS) each(ABS, x, n, p, q, out);
  else if (op == SIGN) each(SIGN, x, n, p, q, out);
  else if (op == CLAMP) each(CLAMP, x, n, p, q, out);
}

// @ts-ignore: decorator
@inline function each(op: i32, x: usize, n: i32, p: f32, q: f32, out: usize): void {
  const end = out + (<usize>n << 2), low = f32x4.splat(p), high = f32x4.splat(q);
  for (; out + 16 <= end; out += 16, x += 16) storeLanes(false, out, map(op, loadLanes(false, x), low, high));
  for (; out < end; out += 4, x += 4) storeLanes(true, out, map(op, loadLanes(true, x), low, high));
}

// @ts-ignore: decorator
@inline function map(op: i32, x: v128, low: v128, high: v128): v128 {
  const zero = f32x4.splat(0);
  if (op == NEGATE) return f32x4.neg(x);
  if (op == EXP) return exponential(x);
  if (op == SQRT) return f32x4.sqrt(x);
  if (op == TANH) return hyperbolicTangent(x);
  if (op == SIGMOID) return logistic(x);
  if (op == RELU) return v128.andnot(x, f32x4.le(x, zero));
  if (op == ABS) return f32x4.abs(x);
  if (op == SIGN) {
    const one = v128.or(v128.and(x, i32x4.splat(1 << 31)), f32x4.splat(1));
    return v128.bitselect(one, x, f32x4.gt(f32x4.abs(x), zero)); // zeros and NaN are their own sign
  }
  return v128.bitselect(low, v128.bitselect(high, x, f32x4.gt(x, high)), f32x4.lt(x, low));
}
