// gain·s(φ(H) - vth)·φ'(H), the slope that stands in for the spike's, for a run of charged potentials. With
// u = φ(H) - vth, and the gain in the height:
//
//   rectangular  height                       triangular    height·max(0, 1 - |u|·steepness)
//   sigmoidal    height·e/(1 + e)², e = exp(-steepness·|u|)
//   arctan       height/(1 + (steepness·u)²)  fastSigmoid   height/(1 + steepness·|u|)²
//
// (snn/surrogate.ts has their sources.) Everything outside low < H < high is zero.

import { exponential, storeTable } from "../elementwise/exponential";
import {
  ALPHA, ARCTAN, BETA, BY_POLYNOMIAL, BY_SQUARE, CENTRE, DELTA, FAST_SIGMOID, GAMMA, HALF, HEIGHT, HIGH, K, LOW, NUMERATOR,
  RECTANGULAR, SHIFT, SIGMOIDAL, SLOPE, STEEPNESS, THRESHOLD, TRIANGULAR,
} from "./layout";
import { add, fma, fnma, ld, mul, splat, st, sub } from "../simd";

/**
 * slopes[n vectors] from h[n vectors].
 * @param spec as in neuron-layout
 * @param table 40 bytes of scratch
 */
export function slopesOf(h: usize, n: i32, spec: usize, slopes: usize, table: usize): void {
  storeTable(table);
  const kind = <i32>load<f32>(spec + SLOPE);
  if (kind == BY_POLYNOMIAL) polynomialSlopes(h, n, spec, slopes);
  else if (kind == BY_SQUARE) squareSlopes(h, n, spec, slopes);
  else if (kind == RECTANGULAR) rectangularSlopes(h, n, spec, slopes, table);
  else if (kind == TRIANGULAR) triangularSlopes(h, n, spec, slopes, table);
  else if (kind == SIGMOIDAL) sigmoidalSlopes(h, n, spec, slopes, table);
  else if (kind == ARCTAN) arctanSlopes(h, n, spec, slopes, table);
  else fastSigmoidSlopes(h, n, spec, slopes, table);
}

// one function a surrogate: inlined into one, Binaryen would fold them into a single loop that asks for each vector

function rectangularSlopes(h: usize, n: i32, spec: usize, slopes: usize, table: usize): void {
  if (load<f32>(spec + K) != 0) surrogateSlopes(RECTANGULAR, true, h, n, spec, slopes, table);
  else surrogateSlopes(RECTANGULAR, false, h, n, spec, slopes, table);
}

function triangularSlopes(h: usize, n: i32, spec: usize, slopes: usize, table: usize): void {
  if (load<f32>(spec + K) != 0) surrogateSlopes(TRIANGULAR, true, h, n, spec, slopes, table);
  else surrogateSlopes(TRIANGULAR, false, h, n, spec, slopes, table);
}

function sigmoidalSlopes(h: usize, n: i32, spec: usize, slopes: usize, table: usize): void {
  if (load<f32>(spec + K) != 0) surrogateSlopes(SIGMOIDAL, true, h, n, spec, slopes, table);
  else surrogateSlopes(SIGMOIDAL, false, h, n, spec, slopes, table);
}

function arctanSlopes(h: usize, n: i32, spec: usize, slopes: usize, table: usize): void {
  if (load<f32>(spec + K) != 0) surrogateSlopes(ARCTAN, true, h, n, spec, slopes, table);
  else surrogateSlopes(ARCTAN, false, h, n, spec, slopes, table);
}

function fastSigmoidSlopes(h: usize, n: i32, spec: usize, slopes: usize, table: usize): void {
  if (load<f32>(spec + K) != 0) surrogateSlopes(FAST_SIGMOID, true, h, n, spec, slopes, table);
  else surrogateSlopes(FAST_SIGMOID, false, h, n, spec, slopes, table);
}

/**
 * a where low < h < high, else 0; at a NaN a rectangle is 0 as the others are not, which have a NaN there themselves.
 */
// @ts-ignore: decorator
@inline function within(kind: i32, a: v128, h: v128, low: v128, high: v128): v128 {
  if (kind == RECTANGULAR) return v128.and(a, v128.and(f32x4.gt(h, low), f32x4.lt(h, high)));
  return v128.andnot(a, v128.or(f32x4.le(h, low), f32x4.ge(h, high)));
}

function polynomialSlopes(h: usize, n: i32, spec: usize, slopes: usize): void {
  reciprocalSlopes(false, h, n, spec, slopes);
}

function squareSlopes(h: usize, n: i32, spec: usize, slopes: usize): void {
  reciprocalSlopes(true, h, n, spec, slopes);
}

/** numerator/P or numerator/P², with P as in neuron-layout: no exponential, few multiplications. */
// @ts-ignore: decorator
@inline function reciprocalSlopes(square: bool, h: usize, n: i32, spec: usize, slopes: usize): void {
  const low = splat(spec, LOW), high = splat(spec, HIGH), centre = splat(spec, CENTRE), numerator = splat(spec, NUMERATOR);
  const shift = splat(spec, SHIFT), alpha = splat(spec, ALPHA), beta = splat(spec, BETA);
  const delta = splat(spec, DELTA), gamma = splat(spec, GAMMA), end = h + (<usize>n << 4);
  for (; h + 64 <= end; h += 64, slopes += 64) {
    reciprocalSlope(square, 0, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
    reciprocalSlope(square, 16, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
    reciprocalSlope(square, 32, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
    reciprocalSlope(square, 48, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
  }
  for (; h < end; h += 16, slopes += 16) {
    reciprocalSlope(square, 0, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
  }
}

// @ts-ignore: decorator
@inline function reciprocalSlope(
  square: bool, o: usize, h: usize, slopes: usize, low: v128, high: v128, centre: v128, numerator: v128, shift: v128,
  alpha: v128, beta: v128, delta: v128, gamma: v128,
): void {
  const x = ld(h, o), d = sub(x, centre), t = fma(d, d, shift), t2 = mul(t, t);
  const p = fma(fma(add(t2, alpha), t2, beta), add(t, delta), gamma);
  st(slopes, within(RECTANGULAR, f32x4.div(numerator, square ? mul(p, p) : p), x, low, high), o);
}

/**
 * With z = k(H - centre) and E = exp(-2|z|): tanh|z| = (1 - E)/(1 + E), sech² z = 4E/(1 + E)²; nothing overflows, and
 * the tails of sech² keep their digits.
 */
// @ts-ignore: decorator
@inline function surrogateSlopes(
  kind: i32, rectified: bool, h: usize, n: i32, spec: usize, slopes: usize, table: usize,
): void {
  const low = splat(spec, LOW), high = splat(spec, HIGH);
  const steepness = splat(spec, STEEPNESS), threshold = splat(spec, THRESHOLD);
  const k = splat(spec, K), centre = splat(spec, CENTRE), half = splat(spec, HALF);
  const height = rectified ? mul(f32x4.splat(4), splat(spec, HEIGHT)) : splat(spec, HEIGHT);
  const offset = sub(centre, threshold), end = h + (<usize>n << 4);
  // two at a time: alone, a vector would wait for itself most of the time
  for (; h + 32 <= end; h += 32, slopes += 32) {
    const x = ld(h), y = ld(h, 16);
    const a = surrogateSlope(kind, rectified, x, threshold, k, centre, half, offset, height, steepness, table);
    const b = surrogateSlope(kind, rectified, y, threshold, k, centre, half, offset, height, steepness, table);
    st(slopes, within(kind, a, x, low, high));
    st(slopes, within(kind, b, y, low, high), 16);
  }
  if (h < end) {
    const x = ld(h);
    const a = surrogateSlope(kind, rectified, x, threshold, k, centre, half, offset, height, steepness, table);
    st(slopes, within(kind, a, x, low, high));
  }
}

// @ts-ignore: decorator
@inline function surrogateSlope(
  kind: i32, rectified: bool, x: v128, threshold: v128, k: v128, centre: v128, half: v128, offset: v128, height: v128,
  steepness: v128, table: usize,
): v128 {
  const one = f32x4.splat(1), sign = i32x4.splat(1 << 31);
  if (!rectified) return surrogate(kind, sub(x, threshold), height, steepness, one, sign, table);
  const z = mul(k, sub(x, centre)), E = exponential(v128.or(add(z, z), sign), true, table);
  const share = f32x4.div(one, add(one, E));
  const u = fma(v128.or(mul(sub(one, E), share), v128.and(z, sign)), half, offset);
  const slope = mul(mul(k, mul(half, E)), mul(share, share)); // a quarter of it; the rest is in the height
  return mul(slope, surrogate(kind, u, height, steepness, one, sign, table));
}

// @ts-ignore: decorator
@inline function surrogate(
  kind: i32, u: v128, height: v128, steepness: v128, one: v128, sign: v128, table: usize,
): v128 {
  const size = f32x4.abs(u);
  if (kind == TRIANGULAR) return mul(height, f32x4.pmax(f32x4.splat(0), fnma(size, steepness, one)));
  if (kind == SIGMOIDAL) {
    const e = exponential(v128.or(mul(size, steepness), sign), true, table), side = add(one, e);
    return f32x4.div(mul(height, e), mul(side, side));
  }
  if (kind == ARCTAN) {
    const x = mul(u, steepness);
    return f32x4.div(height, fma(x, x, one));
  }
  if (kind == FAST_SIGMOID) {
    const side = fma(size, steepness, one);
    return f32x4.div(height, mul(side, side));
  }
  return height;
}
