// Input gradient of a 3x3 convolution at stride 2 and padding 1, for any image. Not the fastest for images of full
// tiles (winograd/strided/), nor for those of a few pixels in many planes (smallInputGradient).
//
// Output pixel o saw input pixels 2o - 1 .. 2o + 1. So an even input pixel 2i was seen through tap 1 by output i alone,
// an odd one 2i + 1 through tap 2 by output i and tap 0 by output i + 1; the same down and across. The four phases
// (odd or even row, odd or even column) of dx are four small convolutions of dy, of 1, 2, 2 and 4 taps:
//   dx[2i + p][2j + q] = Σ_{a <= p, b <= q} dy[i + a][j + b] · w[tap(p, a)][tap(q, b)]ᵀ
// with tap(0, 0) = 1, tap(1, a) = 2 - 2a.
// Taps of one row are 2·cout neighbouring numbers of dy, so each phase is a product of its rows with one panel.

import { fma, ld, splat, st, zero } from "../simd";
import { StridedSizes } from "./sizes";

/** Bytes of what stridedWeights makes. */
export function stridedWeightBytes(cin: i32, cout: i32): f64 {
  return 36 * <f64>cin * <f64>cout;
}

/** Taps of a phase, down or across. */
// @ts-ignore: decorator
@inline function tap(odd: i32, step: i32): i32 {
  return odd ? 2 - 2 * step : 1;
}

/** Panels [phase][a][cin/8][(1 + q)·cout][8] from w[3][3][cin][cout], phases (p, q) in the order 00, 01, 10, 11. */
export function stridedWeights(w: usize, cin: i32, cout: i32, wb: usize): void {
  for (let phase = 0; phase < 4; phase++) {
    const p = phase >> 1, q = phase & 1;
    for (let a = 0; a <= p; a++) {
      for (let n = 0; n < cin; n += 8) {
        for (let b = 0; b <= q; b++) {
          const from: usize = w + (<usize>(((tap(p, a) * 3 + tap(q, b)) * cin + n) * cout) << 2);
          turn(from, cout, wb);
          wb += <usize>cout << 5;
        }
      }
    }
  }
}

/** [cout][8] from w[8][cout]. */
function turn(w: usize, cout: i32, to: usize): void {
  const pitch: usize = <usize>cout << 2;
  for (let k = 0; k < cout; k++) {
    for (let n: usize = 0; n < 8; n++) store<f32>(to + (n << 2), load<f32>(w + n * pitch));
    w += 4; to += 32;
  }
}

/**
 * dx[t][H][W][cin] (planes outPitch bytes apart) from T padded planes dy of the output's size OH = ceil(H/2),
 * OW = ceil(W/2) (dyPitch apart, rows of 4·ceil(OW/4)+2 pixels of cout floats) and wb of stridedWeights. Channels in
 * multiples of 8. Every pixel of dx is written.
 */
export function stridedInputGradient(dy: usize, dyPitch: usize, wb: usize, out: usize, outPitch: usize, s: StridedSizes): void {
  for (let phase = 0; phase < 4; phase++) {
    const p = phase >> 1, q = phase & 1;
    stridedPhase(p, q, dy, dyPitch, wb, out, outPitch, s);
    wb += <usize>((1 + p) * (1 + q) * s.cin * s.cout) << 2;
  }
}

/** One phase of dx and its panels [1 + p][cin/8][(1 + q)·cout][8]. */
export function stridedPhase(
  p: i32, q: i32, dy: usize, padPitch: usize, panels: usize, out: usize, outPitch: usize, s: StridedSizes,
): void {
  const T = s.T, H = s.H, W = s.W, OW = s.OW, cin = s.cin, cout = s.cout;
  const pixel: usize = <usize>cout << 2, row: usize = <usize>(4 * ((OW + 3) >> 2) + 2) * pixel;
  const outRow: usize = <usize>W * <usize>cin << 2, depth = (1 + q) * cout, count = (W + 1 - q) >> 1;
  const next: usize = <usize>(cin * depth) << 2;
  for (let t = 0; t < T; t++) {
    for (let y = p; y < H; y += 2) {
      const from: usize = dy + <usize>t * padPitch + <usize>((y >> 1) + 1) * row + pixel;
      let to: usize = out + <usize>t * outPitch + <usize>y * outRow + (<usize>(q * cin) << 2), panel = panels;
      for (let n = 0; n < cin; n += 8) {
        phaseRow(from, pixel, p ? row : 0, panel, next, depth, count, to, <usize>cin << 3);
        panel += <usize>depth << 5; to += 32;
      }
    }
  }
}

/**
 * Eight channels of `count` pixels of one phase in one row: rows of dy at d and, where `below` is not 0, at d + below.
 */
export function phaseRow(
  d: usize, pixel: usize, below: usize, panel: usize, next: usize, depth: i32, count: i32, out: usize, step: usize,
): void {
  for (let x = 0; x < count; x += 4) {
    // pixels behind the last one repeat it: they compute and store the same values once more
    const last: usize = <usize>min(3, count - 1 - x), r1: usize = min<usize>(1, last), r2: usize = min<usize>(2, last);
    const a1: usize = r1 * pixel, a2: usize = r2 * pixel, a3: usize = last * pixel;
    let c00 = zero(), c01 = zero(), c10 = zero(), c11 = zero();
    let c20 = zero(), c21 = zero(), c30 = zero(), c31 = zero();
    let from = d, b = panel;
    for (;;) {
      let a = from, q = b;
      const end: usize = a + (<usize>depth << 2);
      while (a < end) {
        const b0 = ld(q), b1 = ld(q, 16);
        const s0 = splat(a), s1 = splat(a + a1), s2 = splat(a + a2), s3 = splat(a + a3);
        c00 = fma(s0, b0, c00); c01 = fma(s0, b1, c01); c10 = fma(s1, b0, c10); c11 = fma(s1, b1, c11);
        c20 = fma(s2, b0, c20); c21 = fma(s2, b1, c21); c30 = fma(s3, b0, c30); c31 = fma(s3, b1, c31);
        a += 4; q += 32;
      }
      if (below == 0 || from != d) break;
      from += below; b += next;
    }
    const o1: usize = out + r1 * step, o2: usize = out + r2 * step, o3: usize = out + last * step;
    st(out, c00); st(out, c01, 16); st(o1, c10); st(o1, c11, 16);
    st(o2, c20); st(o2, c21, 16); st(o3, c30); st(o3, c31, 16);
    d += 4 * pixel; out += 4 * step;
  }
}
