// Weights of a 3x3 convolution in Winograd's domain for tiles of 4x4 outputs: U = G g Gᵀ, 6x6 matrices a pair of
// channels. Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks" (CVPR 2016), F(4x4,3x3), at the points
// 0, ±a, ±b, ∞ of winograd/points.ts.
//
// Both directions of a layer are the same correlation of a padded image of K channels, out[n] = Σ_k d[k] ⋆ g[n][k]:
//   forward         K = cin,  N = cout, g[n][k] = w[·][·][k][n]
//   input gradient  K = cout, N = cin,  g[n][k] = w[2-·][2-·][n][k], the kernel turned by half a circle
// U lies as 36 matrices of panels [N/8][K][8], as dense/gemm.ts reads them, winogradPlane bytes apart.

import { fma, fnma, ld, mul, st } from "../simd";
import { A, A2, B, B2 } from "./points";

const OVER_0: f32 = 1 / (A2 * B2);
const OVER_A: f32 = 1 / (2 * A2 * (A2 - B2));
const OVER_B: f32 = 1 / (2 * B2 * (B2 - A2));

/**
 * Bytes from one of the 36 matrices of `rows` x `columns` floats to the next; 64 more, as planes must not share cache
 * sets.
 */
// @ts-ignore: decorator
@inline export function winogradPlane(rows: i32, columns: i32): usize {
  return (<usize>rows * <usize>columns << 2) + 64;
}

/** The same for planes that may not fit into the memory. */
// @ts-ignore: decorator
@inline export function winogradPlaneBytes(rows: i32, columns: i32): f64 {
  return 4 * <f64>rows * <f64>columns + 64;
}

/** Bytes of U, for both directions. */
export function winogradWeightBytes(cin: i32, cout: i32): f64 {
  return 36 * winogradPlaneBytes(cin, cout);
}

/** Bytes of scratch of winogradWeights and winogradForwardWeights. */
export function winogradWeightScratchBytes(): usize {
  return 24 * 16;
}

/**
 * U for winogradInputGradient from w[3][3][cin][cout]; channels in multiples of 8. Panel after panel, line after line.
 */
export function winogradWeights(w: usize, cin: i32, cout: i32, u: usize, scratch: usize): void {
  winogradWeightsPart(w, cin, cout, 0, cin, u, scratch);
}

/** The part of input channels first .. end, multiples of 8, so that threads can share the work. */
export function winogradWeightsPart(
  w: usize, cin: i32, cout: i32, first: i32, end: i32, u: usize, scratch: usize,
): void {
  winogradPanels(w, cin, cout, first, end, u, winogradPlane(cin, cout), scratch);
}

/** The same, matrices `plane` bytes apart; u is where panel 0 would lie. */
export function winogradPanels(
  w: usize, cin: i32, cout: i32, first: i32, end: i32, u: usize, plane: usize, scratch: usize,
): void {
  const tap: usize = <usize>cin * <usize>cout << 2;
  for (let panel = first; panel < end; panel += 8) {
    for (let k = 0; k < cout; k += 4) {
      for (let n = panel; n < panel + 8; n++) {
        // four k at once: they lie side by side in w and 32 bytes apart in a panel
        columns(w + (<usize>(n * cout + k) << 2) + 8 * tap, 0 - tap, scratch);
        let to: usize = u + (<usize>(panel * cout + k * 8 + (n & 7)) << 2);
        for (let i: usize = 0; i < 6; i++) {
          scatterRow(scratch + i * 48, to, plane, scratch + 18 * 16);
          to += 6 * plane;
        }
      }
    }
  }
}

/** U for winogradForward from w[3][3][cin][cout]; channels in multiples of 8. */
export function winogradForwardWeights(w: usize, cin: i32, cout: i32, u: usize, scratch: usize): void {
  winogradForwardWeightsPart(w, cin, cout, 0, cout, u, scratch);
}

/** The part of output channels first .. end, multiples of 8. */
export function winogradForwardWeightsPart(
  w: usize, cin: i32, cout: i32, first: i32, end: i32, u: usize, scratch: usize,
): void {
  const tap: usize = <usize>cin * <usize>cout << 2, plane = winogradPlane(cin, cout);
  for (let panel = first; panel < end; panel += 8) {
    for (let k = 0; k < cin; k++) {
      for (let n = panel; n < panel + 8; n += 4) {
        // four n at once: side by side in w and in a panel
        columns(w + (<usize>(k * cout + n) << 2), tap, scratch);
        let to: usize = u + (<usize>(panel * cin + k * 8 + (n & 7)) << 2);
        for (let i: usize = 0; i < 6; i++) {
          row(scratch + i * 48, 16, to, plane);
          to += 6 * plane;
        }
      }
    }
  }
}

/** G g, a column of the kernel at a time: t[6][3] from nine taps. */
function columns(g: usize, tap: usize, t: usize): void {
  row(g, 3 * tap, t, 48);
  row(g + tap, 3 * tap, t + 16, 48);
  row(g + 2 * tap, 3 * tap, t + 32, 48);
}

/**
 * Six values of G (g0, g1, g2), the kernel's polynomial at the points over what they have in common:
 *   g0 / a²b²,  (g0 ± a g1 + a² g2) / 2a²(a² - b²),  (g0 ± b g1 + b² g2) / 2b²(b² - a²),  g2
 */
// @ts-ignore: decorator
@inline function row(g: usize, pitch: usize, to: usize, step: usize): void {
  const g0 = ld(g), g1 = ld(g + pitch), g2 = ld(g + 2 * pitch);
  const evenA = mul(f32x4.splat(OVER_A), fma(f32x4.splat(A2), g2, g0)), oddA = f32x4.splat(OVER_A * A);
  const evenB = mul(f32x4.splat(OVER_B), fma(f32x4.splat(B2), g2, g0)), oddB = f32x4.splat(OVER_B * B);
  st(to, mul(f32x4.splat(OVER_0), g0)); to += step;
  st(to, fma(oddA, g1, evenA)); to += step;
  st(to, fnma(oddA, g1, evenA)); to += step;
  st(to, fma(oddB, g1, evenB)); to += step;
  st(to, fnma(oddB, g1, evenB)); to += step;
  st(to, g2);
}

/** The same of three vectors side by side, each result's four numbers 32 bytes apart. */
function scatterRow(t: usize, to: usize, step: usize, values: usize): void {
  row(t, 16, values, 16);
  for (let i: usize = 0; i < 96; i += 16) {
    const v = ld(values + i);
    v128.store32_lane(to, v, 0); v128.store32_lane(to, v, 1, 32);
    v128.store32_lane(to, v, 2, 64); v128.store32_lane(to, v, 3, 96);
    to += step;
  }
}
