// Convolutions of dense images with any kernel, stride, padding and channels, as matrix products over windows. Not for
// spikes (their kernels skip zeros), nor the fastest at 3x3, stride 1, from 4x4 pixels on (winograd/stride1.ts).
//
// One call is one image with its T planes, `pitch` bytes apart (0: all the same); images at one pitch may go as more
// planes. Windows are laid out for a block of pixels at a time, so that they stay in the second cache. 1x1 kernels at
// stride 1 need no windows; tiny images go plane by plane through dense/small.ts, which leaves out the padding.
//
// With K = kh·kw·cin: y = X w, dw += Xᵀ dy, dX = dy wᵀ, X [OH·OW][K] the windows of a plane.

import { gemm, gemmTransposedA, transposedScratchBytes } from "./gemm";
import { smallConv, smallInputGradient } from "./small";
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
@inline function pointwise(kh: i32, kw: i32, stride: i32, padding: i32): bool {
  return kh == 1 && kw == 1 && stride == 1 && padding == 0;
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
  x: usize, xPitch: usize, T: i32, H: i32, W: i32, cin: i32, kh: i32, kw: i32, stride: i32, padding: i32,
  OH: i32, OW: i32, cout: i32, panels: usize, out: usize, outPitch: usize, scratch: usize,
): void {
  const pixels = OH * OW, K = kh * kw * cin, bytes: usize = <usize>(pixels * cout) << 2;
  if (xPitch == 0 && T > 1) {
    denseConv(x, bytes, 1, H, W, cin, kh, kw, stride, padding, OH, OW, cout, panels, out, outPitch, scratch);
    for (let t = 1; t < T; t++) memory.copy(out + <usize>t * outPitch, out, bytes);
  } else if (pointwise(kh, kw, stride, padding)) {
    const joined = xPitch == <usize>(pixels * cin) << 2 && outPitch == bytes;
    const planes = joined ? 1 : T, rows = joined ? T * pixels : pixels;
    for (let t = 0; t < planes; t++) {
      gemm(x + <usize>t * xPitch, <usize>cin << 2, panels, rows, cout, cin, out + <usize>t * outPitch, <usize>cout << 2, 0);
    }
  } else if (pixels <= TINY && T >= PLANES) {
    smallConv(x, xPitch, T, H, W, cin, kh, kw, stride, padding, OH, OW, cout, panels, out, outPitch);
  } else {
    // blocks run over the planes' borders; where the planes of y do not follow each other, products stop there
    const most = blockRows(K), total = T * pixels, row: usize = <usize>K << 2, joined = outPitch == bytes;
    for (let first = 0; first < total; first += most) {
      const end = min(first + most, total);
      for (let i = first; i < end;) {
        const t = i / pixels, at = i - t * pixels, count = min(pixels - at, end - i);
        const rows: usize = scratch + <usize>(i - first) * row;
        im2col(x + <usize>t * xPitch, H, W, cin, kh, kw, stride, padding, OW, at, count, rows);
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
}

/** dw[kh·kw·cin][cout] += the windows of x, transposed, times dy[t][OH][OW][cout]. */
export function denseWeightGradient(
  x: usize, xPitch: usize, T: i32, H: i32, W: i32, cin: i32, kh: i32, kw: i32, stride: i32, padding: i32,
  OH: i32, OW: i32, cout: i32, dy: usize, dyPitch: usize, dw: usize, scratch: usize,
): void {
  const pixels = OH * OW, K = kh * kw * cin, row: usize = <usize>K << 2, ds: usize = <usize>cout << 2;
  const spare: usize = scratch + <usize>denseScratchBytes(kh, kw, cin) + 64;
  if (xPitch == 0 && T > 1) {
    // the same windows in every plane: Σ Xᵀ dy[t] = Xᵀ Σ dy[t]
    const sum: usize = spare + <usize>transposedScratchBytes(cout) + 64;
    memory.copy(sum, dy, <usize>pixels * ds);
    for (let t = 1; t < T; t++) addFloats(sum, dy + <usize>t * dyPitch, pixels * cout);
    dy = sum; T = 1;
  }
  const direct = pointwise(kh, kw, stride, padding), most = direct ? pixels : blockRows(K);
  for (let t = 0; t < T; t++) {
    for (let first = 0; first < pixels; first += most) {
      const count = min(most, pixels - first);
      if (!direct) im2col(x, H, W, cin, kh, kw, stride, padding, OW, first, count, scratch);
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
  dy: usize, dyPitch: usize, T: i32, OH: i32, OW: i32, cout: i32, kh: i32, kw: i32, stride: i32, padding: i32,
  H: i32, W: i32, cin: i32, panels: usize, out: usize, outPitch: usize, scratch: usize,
): void {
  const pixels = OH * OW, K = kh * kw * cin, row: usize = <usize>K << 2, ds: usize = <usize>cout << 2;
  if (pointwise(kh, kw, stride, padding)) {
    const joined = dyPitch == <usize>pixels * ds && outPitch == <usize>pixels * row;
    const planes = joined ? 1 : T, rows = joined ? T * pixels : pixels;
    for (let t = 0; t < planes; t++) {
      gemm(dy + <usize>t * dyPitch, ds, panels, rows, cin, cout, out + <usize>t * outPitch, row, 0);
    }
  } else if (pixels <= TINY && T >= PLANES && (cin & 7) == 0) {
    smallInputGradient(
      dy, dyPitch, <usize>OW * ds, T, OH, OW, cout, kh, kw, stride, padding, H, W, cin, panels, out, outPitch,
    );
  } else {
    for (let t = 0; t < T; t++) memory.fill(out + <usize>t * outPitch, 0, <usize>(H * W * cin) << 2);
    const most = blockRows(K), total = T * pixels, joined = dyPitch == <usize>pixels * ds;
    for (let first = 0; first < total; first += most) {
      const end = min(first + most, total);
      if (joined) gemm(dy + <usize>first * ds, ds, panels, end - first, K, cout, scratch, row, 0);
      for (let i = first; i < end;) {
        const t = i / pixels, at = i - t * pixels, count = min(pixels - at, end - i);
        const rows: usize = scratch + <usize>(i - first) * row;
        if (!joined) gemm(dy + <usize>t * dyPitch + <usize>at * ds, ds, panels, count, K, cout, rows, row, 0);
        col2im(rows, H, W, cin, kh, kw, stride, padding, OW, at, count, out + <usize>t * outPitch);
        i += count;
      }
    }
  }
}
