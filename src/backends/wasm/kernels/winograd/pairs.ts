// The input gradient of a 3x3 convolution at stride 1 and padding 1 on images of 2x2 pixels, for large layers. Down as
// across, two pixels are a product with a Toeplitz matrix,
//   dx0 = w1 dy0 + w0 dy1          dx0 = m0 + m1,  m0 = w1 (dy0 + dy1),  m1 = (w0 - w1) dy1
//   dx1 = w2 dy0 + w1 dy1          dx1 = m0 + m2,  m2 = (w2 - w1) dy0
// which takes three products instead of four: nine instead of sixteen for both. As in winograd/channels.ts all images'
// factors come first, V [9][planes][K], and then each group of input channels makes its weights in the cache.

import { packPanels } from "../dense/pack";
import { add, ld, st, sub } from "../simd";
import { LayerPart } from "./sizes";
import { multiplyPlanes } from "./stride1";
import { winogradPlane, winogradPlaneBytes } from "./weights";

/** Planes that are multiplied before they are added up. */
const PLANES: i32 = 32;

/** Bytes of one of the nine matrices of V; products read planes in fours. */
export function pairPlane(planes: i32, K: i32): f64 {
  return winogradPlaneBytes((planes + 3) & ~3, K);
}

/** V of one image's T planes dy[2][2][K], rows dyRow bytes apart; to v, planes vPitch bytes apart. */
export function pairFactors(
  dy: usize, dyPitch: usize, dyRow: usize, T: i32, K: i32, v: usize, vPitch: usize, vPlane: usize,
): void {
  const pixel: usize = <usize>K << 2, row: usize = 3 * vPlane;
  for (let t = 0; t < T; t++, dy += dyPitch, v += vPitch) {
    for (let k: usize = 0; k < pixel; k += 16) {
      const d = dy + k, e = d + dyRow, to = v + k;
      const d0 = ld(d), d1 = ld(d + pixel), e0 = ld(e), e1 = ld(e + pixel);
      factors(add(d0, e0), add(d1, e1), to, vPlane);
      factors(e0, e1, to + row, vPlane);
      factors(d0, d1, to + 2 * row, vPlane);
    }
  }
}

// @ts-ignore: decorator
@inline function factors(a: v128, b: v128, to: usize, plane: usize): void {
  st(to, add(a, b));
  st(to + plane, b);
  st(to + 2 * plane, a);
}

/** Bytes of scratch of pairGradientPart: a row of weights of eight channels, their panels, products. */
export function pairScratchBytes(cout: i32): f64 {
  return 32 * <f64>cout + 9 * (winogradPlaneBytes(cout, 8) + winogradPlaneBytes(PLANES, 8));
}

/**
 * Some input channels of dx[T][2][2][cin] (outPitch bytes apart) from V of all planes and w[3][3][cin][cout].
 */
export function pairGradientPart(v: usize, w: usize, out: usize, outPitch: usize, scratch: usize, s: LayerPart): void {
  const planes = s.T, cin = s.cin, cout = s.cout, end = s.end;
  const uPlane = winogradPlane(cout, 8), mPlane = winogradPlane(PLANES, 8), vPlane = <usize>pairPlane(planes, cout);
  const row: usize = <usize>cout << 2, pixel: usize = <usize>cin << 2, u: usize = scratch + 8 * row, m: usize = u + 9 * uPlane;
  for (let n = s.first; n < end; n += 8) {
    for (let i = 0; i < 9; i++) {
      differences(w + <usize>n * row, <usize>cin * row, i / 3, i % 3, 8 * row, scratch);
      packPanels(scratch, 4, row, cout, 8, u + <usize>i * uPlane);
    }
    for (let p = 0; p < planes; p += PLANES) {
      const count = min(PLANES, planes - p);
      multiplyPlanes(9, v + <usize>p * row, vPlane, u, count, cout, 8, m, mPlane);
      const to: usize = out + <usize>p * outPitch + (<usize>n << 2);
      for (let r: usize = 0; r < <usize>count; r++) addUp(m + (r << 5), mPlane, to + r * outPitch, pixel);
    }
  }
}

/** Tap 1, tap 0 less tap 1, tap 2 less tap 1 of the kernels' rows (i = 0, 1, 2) and of their columns (j). */
function differences(w: usize, tap: usize, i: i32, j: i32, bytes: usize, to: usize): void {
  const down: usize = (i == 0 ? 1 : i == 1 ? 0 : 2) * 3 * tap, across: usize = (j == 0 ? 1 : j == 1 ? 0 : 2) * tap;
  for (const end: usize = w + bytes; w < end; w += 16, to += 16) {
    let x = ld(w + down + across);
    if (i) x = sub(x, ld(w + 3 * tap + across));
    if (j) {
      let y = ld(w + down + tap);
      if (i) y = sub(y, ld(w + 4 * tap));
      x = sub(x, y);
    }
    st(to, x);
  }
}

/** The four pixels of eight channels, each from four of the nine products. */
function addUp(m: usize, plane: usize, out: usize, pixel: usize): void {
  for (let h: usize = 0; h < 32; h += 16, m += 16, out += 16) {
    for (let y: usize = 0; y < 2; y++) {
      const p: usize = m + (1 + y) * 3 * plane, to: usize = out + y * 2 * pixel;
      const both = add(ld(m), ld(p));
      st(to, add(both, add(ld(m + plane), ld(p + plane))));
      st(to + pixel, add(both, add(ld(m + 2 * plane), ld(p + 2 * plane))));
    }
  }
}
