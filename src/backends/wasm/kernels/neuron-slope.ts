// gain·s(φ(H) - vth)·φ'(H), the slope that stands in for the spike's, for a run of charged potentials. With
// u = φ(H) - vth, and the gain in the height:
//
//   rectangular  height                       triangular    height·max(0, 1 - |u|·steepness)
//   sigmoidal    height·e/(1 + e)², e = exp(-steepness·|u|)
//   arctan       height/(1 + (steepness·u)²)  fastSigmoid   height/(1 + steepness·|u|)²
//
// (snn/surrogate.ts has their sources.) Everything outside low < H < high is zero.

import { exponential, storeTable } from "./exponential";
import {
  ALPHA, ARCTAN, BETA, BY_POLYNOMIAL, CENTRE, DELTA, FAST_SIGMOID, GAMMA, HALF, HEIGHT, HIGH, K, LOW, NUMERATOR, RECTANGULAR,
  SHIFT, SIGMOIDAL, SLOPE, STEEPNESS, THRESHOLD, TRIANGULAR,
} from "./neuron-layout";
import { add, fma, fnma, ld, mul, splat, st, sub } from "./simd";

/**
 * slopes[n vectors] from h[n vectors].
 * @param spec as in neuron-layout
 * @param table TABLE_BYTES of scratch
 */
export function slopesOf(h: usize, n: i32, spec: usize, slopes: usize, table: usize): void {
  storeTable(table);
  const kind = <i32>load<f32>(spec + SLOPE);
  if (kind == BY_POLYNOMIAL) polynomialSlopes(h, n, spec, slopes);
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

/** a where low < h < high, else 0. */
// @ts-ignore: decorator
@inline function within(a: v128, h: v128, low: v128, high: v128): v128 {
  return v128.and(a, v128.and(f32x4.gt(h, low), f32x4.lt(h, high)));
}

/** numerator/P((H - centre)²), with P as in neuron-layout: no exponential, few multiplications. */
function polynomialSlopes(h: usize, n: i32, spec: usize, slopes: usize): void {
  const low = splat(spec, LOW), high = splat(spec, HIGH), centre = splat(spec, CENTRE), numerator = splat(spec, NUMERATOR);
  const shift = splat(spec, SHIFT), alpha = splat(spec, ALPHA), beta = splat(spec, BETA);
  const delta = splat(spec, DELTA), gamma = splat(spec, GAMMA), end = h + (<usize>n << 4);
  for (; h + 64 <= end; h += 64, slopes += 64) {
    polynomialSlope(0, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
    polynomialSlope(16, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
    polynomialSlope(32, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
    polynomialSlope(48, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
  }
  for (; h < end; h += 16, slopes += 16) {
    polynomialSlope(0, h, slopes, low, high, centre, numerator, shift, alpha, beta, delta, gamma);
  }
}

// @ts-ignore: decorator
@inline function polynomialSlope(
  o: usize, h: usize, slopes: usize, low: v128, high: v128, centre: v128, numerator: v128, shift: v128, alpha: v128,
  beta: v128, delta: v128, gamma: v128,
): void {
  const x = ld(h, o), d = sub(x, centre), t = fma(d, d, shift), square = mul(t, t);
  const p = fma(fma(add(square, alpha), square, beta), add(t, delta), gamma);
  st(slopes, f32x4.div(within(numerator, x, low, high), p), o);
}

/**
 * With z = k(H - centre) and E = exp(-2|z|): tanh|z| = (1 - E)/(1 + E), sech² z = 4E/(1 + E)²; nothing overflows, and
 * the tails of sech² keep their digits.
 */
// @ts-ignore: decorator
@inline function surrogateSlopes(
  kind: i32, rectified: bool, h: usize, n: i32, spec: usize, slopes: usize, table: usize,
): void {
  const low = splat(spec, LOW), high = splat(spec, HIGH), one = f32x4.splat(1), sign = i32x4.splat(1 << 31);
  const height = splat(spec, HEIGHT), steepness = splat(spec, STEEPNESS), threshold = splat(spec, THRESHOLD);
  const k = splat(spec, K), centre = splat(spec, CENTRE), half = splat(spec, HALF);
  const slopeAtCentre = mul(f32x4.splat(4), mul(k, half));
  const offset = sub(centre, threshold);
  for (const end = h + (<usize>n << 4); h < end; h += 16, slopes += 16) {
    const x = ld(h);
    let slope = one, u = sub(x, threshold);
    if (rectified) {
      const z = mul(k, sub(x, centre)), E = exponential(v128.or(add(z, z), sign), true, table);
      const share = f32x4.div(one, add(one, E));
      slope = mul(mul(slopeAtCentre, E), mul(share, share));
      u = fma(v128.or(mul(sub(one, E), share), v128.and(z, sign)), half, offset);
    }
    st(slopes, within(mul(slope, surrogate(kind, u, height, steepness, one, sign, table)), x, low, high));
  }
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
