// Convolutions of dense images with any kernel, stride, padding and channels, as matrix products over windows. Not for
// spikes (their kernels skip zeros), nor the fastest at 3x3, stride 1, from 4x4 pixels on (winograd/stride1.ts).
//
// One call is one image with its T planes, `pitch` bytes apart (0: all the same); images at one pitch may go as more
// planes. Windows are laid out for a block of pixels at a time, so that they stay in the second cache. 1x1 kernels at
// stride 1 need no windows; tiny images go plane by plane through dense/small.ts, which leaves out the padding.
//
// With K = kh·kw·cin: y = X w, dw += Xᵀ dy, dX = dy wᵀ, X [OH·OW][K] the windows of a plane.

import { gemm, gemmTransposedA, transposedScratchBytes } from "./gemm";
import { smallConv, smallInputGradient, SquareSizes } from "./small";
import { addFloats, col2im, im2col } from "./windows";

/** Floats of a block of windows, and the fewest and most windows. */
const BLOCK: i32 = 1 << 16;
const FEWEST: i32 = 64;
const MOST: i32 = 256;
/** Images of up to so many pixels, in at least so many planes, are tiny. */
const TINY: i32 = 9;
const PLANES: i32 = 4;

// @ts-ignore: decorator
@inline function blockRows(K: i32): i32 {
  return max(FEWEST, min(MOST, BLOCK / max(1, K)));
}

// @ts-ignore: decorator
@inline function pointwise(s: SquareSizes): bool {
  return s.kh == 1 && s.kw == 1 && s.stride == 1 && s.padding == 0;
}

/** Bytes of scratch of denseConv and denseInputGradient. */
export function denseScratchBytes(kh: i32, kw: i32, cin: i32): f64 {
  const K = <i64>kh * <i64>kw * <i64>cin;
  return <f64>blockRows(<i32>min<i64>(K, i32.MAX_VALUE)) * <f64>K * 4;
}

/** Bytes of scratch of denseWeightGradient; pixels = OH·OW. */
export function denseWeightScratchBytes(kh: i32, kw: i32, cin: i32, cout: i32, pixels: i32): f64 {
  const sum = <f64>pixels * <f64>cout * 4;
  return denseScratchBytes(kh, kw, cin) + 64 + transposedScratchBytes(cout) + 64 + sum;
}

/** y[t][OH][OW][cout] from x[t][H][W][cin] and panels of w[kh·kw·cin][cout] (packPanels). */
export function denseConv(
  x: usize, xPitch: usize, panels: usize, out: usize, outPitch: usize, scratch: usize, s: SquareSizes,
): void {
  const cin = s.cin, cout = s.cout;
  const pixels = s.OH * s.OW, K = s.kh * s.kw * cin, bytes: usize = <usize>(pixels * cout) << 2;
  const still = xPitch == 0, T = still ? 1 : s.T; // one image for all steps is computed once
  if (pointwise(s)) {
    const joined = xPitch == <usize>(pixels * cin) << 2 && outPitch == bytes;
    const planes = joined ? 1 : T, rows = joined ? T * pixels : pixels;
    for (let t = 0; t < planes; t++) {
      gemm(x + <usize>t * xPitch, <usize>cin << 2, panels, rows, cout, cin, out + <usize>t * outPitch, <usize>cout << 2, 0);
    }
  } else if (pixels <= TINY && T >= PLANES) {
    smallConv(x, xPitch, panels, out, outPitch, s);
  } else {
    // blocks run over the planes' borders; where the planes of y do not follow each other, products stop there
    const most = blockRows(K), total = T * pixels, row: usize = <usize>K << 2, joined = outPitch == bytes;
    for (let first = 0; first < total; first += most) {
      const end = min(first + most, total);
      for (let i = first; i < end;) {
        const t = i / pixels, at = i - t * pixels, count = min(pixels - at, end - i);
        const rows: usize = scratch + <usize>(i - first) * row;
        im2col(x + <usize>t * xPitch, rows, at, count, s);
        if (!joined) {
          const to: usize = out + <usize>t * outPitch + (<usize>(at * cout) << 2);
          gemm(rows, row, panels, count, cout, K, to, <usize>cout << 2, 0);
        }
        i += count;
      }
      if (joined) {
        gemm(scratch, row, panels, end - first, cout, K, out + (<usize>first * <usize>cout << 2), <usize>cout << 2, 0);
      }
    }
  }
  if (still) for (let t = 1; t < s.T; t++) memory.copy(out + <usize>t * outPitch, out, bytes);
}

/** dw[kh·kw·cin][cout] += the windows of x, transposed, times dy[t][OH][OW][cout]. */
export function denseWeightGradient(
  x: usize, xPitch: usize, dy: usize, dyPitch: usize, dw: usize, scratch: usize, s: SquareSizes,
): void {
  const kh = s.kh, kw = s.kw, cin = s.cin, cout = s.cout;
  let T = s.T;
  const pixels = s.OH * s.OW, K = kh * kw * cin, row: usize = <usize>K << 2, ds: usize = <usize>cout << 2;
  const spare: usize = scratch + <usize>denseScratchBytes(kh, kw, cin) + 64;
  if (xPitch == 0 && T > 1) {
    // the same windows in every plane: Σ Xᵀ dy[t] = Xᵀ Σ dy[t]
    const sum: usize = spare + <usize>transposedScratchBytes(cout) + 64;
    memory.copy(sum, dy, <usize>pixels * ds);
    for (let t = 1; t < T; t++) addFloats(sum, dy + <usize>t * dyPitch, pixels * cout);
    dy = sum; T = 1;
  }
  const direct = pointwise(s), most = direct ? pixels : blockRows(K);
  for (let t = 0; t < T; t++) {
    for (let first = 0; first < pixels; first += most) {
      const count = min(most, pixels - first);
      if (!direct) im2col(x, scratch, first, count, s);
      gemmTransposedA(direct ? x : scratch, row, dy + <usize>first * ds, ds, count, K, cout, dw, spare);
    }
    x += xPitch; dy += dyPitch;
  }
}

/**
 * dx[t][H][W][cin] from dy[t][OH][OW][cout] and panels of wᵀ, packPanels(w, 4, cout·4, cout, kh·kw·cin, panels). Every
 * pixel of dx is written.
 */
export function denseInputGradient(
  dy: usize, dyPitch: usize, panels: usize, out: usize, outPitch: usize, scratch: usize, s: SquareSizes,
): void {
  const T = s.T, cin = s.cin, cout = s.cout;
  const pixels = s.OH * s.OW, K = s.kh * s.kw * cin, row: usize = <usize>K << 2, ds: usize = <usize>cout << 2;
  if (pointwise(s)) {
    const joined = dyPitch == <usize>pixels * ds && outPitch == <usize>pixels * row;
    const planes = joined ? 1 : T, rows = joined ? T * pixels : pixels;
    for (let t = 0; t < planes; t++) {
      gemm(dy + <usize>t * dyPitch, ds, panels, rows, cin, cout, out + <usize>t * outPitch, row, 0);
    }
  } else if (pixels <= TINY && T >= PLANES && (cin & 7) == 0) {
    smallInputGradient(dy, dyPitch, <usize>s.OW * ds, panels, out, outPitch, s);
  } else {
    for (let t = 0; t < T; t++) memory.fill(out + <usize>t * outPitch, 0, <usize>(s.H * s.W * cin) << 2);
    const most = blockRows(K), total = T * pixels, joined = dyPitch == <usize>pixels * ds;
    for (let first = 0; first < total; first += most) {
      const end = min(first + most, total);
      if (joined) gemm(dy + <usize>first * ds, ds, panels, end - first, K, cout, scratch, row, 0);
      for (let i = first; i < end;) {
        const t = i / pixels, at = i - t * pixels, count = min(pixels - at, end - i);
        const rows: usize = scratch + <usize>(i - first) * row;
        if (!joined) gemm(dy + <usize>t * dyPitch + <usize>at * ds, ds, panels, count, K, cout, rows, row, 0);
        col2im(rows, out + <usize>t * outPitch, at, count, s);
        i += count;
      }
    }
  }
}
