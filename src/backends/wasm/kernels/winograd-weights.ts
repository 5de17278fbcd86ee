// Weights of a 3x3 convolution in Winograd's domain for tiles of 4x4 outputs: U = G g Gᵀ, 6x6 matrices a pair of channels.
// Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks" (CVPR 2016), F(4x4,3x3), points 0, 1, -1, 2, -2, ∞.
//
// Both directions of a layer are the same correlation of a padded image of K channels, out[n] = Σ_k d[k] ⋆ g[n][k]:
//   forward         K = cin,  N = cout, g[n][k] = w[·][·][k][n]
//   input gradient  K = cout, N = cin,  g[n][k] = w[2-·][2-·][n][k], the kernel turned by half a circle
// U lies as 36 matrices of panels [N/8][K][8], as gemm.ts reads them, winogradPlane bytes apart.

import { add, fma, fnma, ld, mul, st } from "./simd";

/** Bytes from one of the 36 matrices of `rows` x `columns` floats to the next; 64 more, as planes must not share cache sets. */
// @ts-ignore: decorator
@inline export function winogradPlane(rows: i32, columns: i32): usize {
  return (<usize>rows * <usize>columns << 2) + 64;
}

/** Bytes of U, for both directions. */
export function winogradWeightBytes(cin: i32, cout: i32): usize {
  return 36 * winogradPlane(cin, cout);
}

/** Bytes of scratch of winogradWeights and winogradForwardWeights. */
export function winogradWeightScratchBytes(): usize {
  return 18 * 16;
}

/** U for winogradInputGradient from w[3][3][cin][cout]; channels in multiples of 8. */
export function winogradWeights(w: usize, cin: i32, cout: i32, u: usize, scratch: usize): void {
  const tap: usize = <usize>cin * <usize>cout << 2, plane = winogradPlane(cin, cout);
  for (let n = 0; n < cin; n++) {
    for (let k = 0; k < cout; k += 4) {
      // four k at once: they lie side by side in w and 32 bytes apart in a panel
      columns(w + (<usize>(n * cout + k) << 2) + 8 * tap, 0 - tap, scratch);
      const at: usize = u + (<usize>(((n >> 3) * cout + k) * 8 + (n & 7)) << 2);
      for (let i: usize = 0; i < 6; i++) scatterRow(scratch + i * 48, at + i * 6 * plane, plane);
    }
  }
}

/** U for winogradForward from w[3][3][cin][cout]; channels in multiples of 8. */
export function winogradForwardWeights(w: usize, cin: i32, cout: i32, u: usize, scratch: usize): void {
  const tap: usize = <usize>cin * <usize>cout << 2, plane = winogradPlane(cin, cout);
  for (let k = 0; k < cin; k++) {
    for (let n = 0; n < cout; n += 4) {
      // four n at once: side by side in w and in a panel
      columns(w + (<usize>(k * cout + n) << 2), tap, scratch);
      const at: usize = u + (<usize>(((n >> 3) * cin + k) * 8 + (n & 7)) << 2);
      for (let i: usize = 0; i < 6; i++) row(scratch + i * 48, 16, at + i * 6 * plane, plane);
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
 * Six values of G (g0, g1, g2):
 *   g0/4,  -(g0 + g2)/6 ∓ g1/6,  g0/24 + g2/6 ± g1/12,  g2
 */
// @ts-ignore: decorator
@inline function row(g: usize, pitch: usize, to: usize, step: usize): void {
  const g0 = ld(g), g1 = ld(g + pitch), g2 = ld(g + 2 * pitch);
  const even1 = mul(f32x4.splat(-1.0 / 6.0), add(g0, g2));
  const even2 = fma(f32x4.splat(1.0 / 24.0), g0, mul(f32x4.splat(1.0 / 6.0), g2));
  st(to, mul(f32x4.splat(0.25), g0)); to += step;
  st(to, fma(f32x4.splat(-1.0 / 6.0), g1, even1)); to += step;
  st(to, fnma(f32x4.splat(-1.0 / 6.0), g1, even1)); to += step;
  st(to, fma(f32x4.splat(1.0 / 12.0), g1, even2)); to += step;
  st(to, fnma(f32x4.splat(1.0 / 12.0), g1, even2)); to += step;
  st(to, g2);
}

/** The same, each result's four numbers 32 bytes apart. */
function scatterRow(t: usize, to: usize, step: usize): void {
  const g0 = ld(t), g1 = ld(t, 16), g2 = ld(t, 32);
  const even1 = mul(f32x4.splat(-1.0 / 6.0), add(g0, g2));
  const even2 = fma(f32x4.splat(1.0 / 24.0), g0, mul(f32x4.splat(1.0 / 6.0), g2));
  scatter(to, mul(f32x4.splat(0.25), g0)); to += step;
  scatter(to, fma(f32x4.splat(-1.0 / 6.0), g1, even1)); to += step;
  scatter(to, fnma(f32x4.splat(-1.0 / 6.0), g1, even1)); to += step;
  scatter(to, fma(f32x4.splat(1.0 / 12.0), g1, even2)); to += step;
  scatter(to, fnma(f32x4.splat(1.0 / 12.0), g1, even2)); to += step;
  scatter(to, g2);
}

// @ts-ignore: decorator
@inline function scatter(to: usize, v: v128): void {
  v128.store32_lane(to, v, 0); v128.store32_lane(to, v, 1, 32); v128.store32_lane(to, v, 2, 64); v128.store32_lane(to, v, 3, 96);
}
