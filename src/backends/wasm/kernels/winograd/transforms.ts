// The transforms of Winograd's F(4x4,3x3) for the points 0, ±a, ±b, ∞ (winograd/weights.ts), eight channels at a time:
// a tile of the image into its domain, and the products back. Not the products (winograd/stride1.ts).
//
// Each one is two passes of the same one-dimensional transform, down and across. A pass ends in stores, which keep the
// next one's loads behind them, and a pass is done for both halves of the eight channels before the next begins, so
// that no load waits for the store before it. Loops test at their end: only then does V8 take what is constant out.

import { add, fma, fnma, ld, mul, st, sub } from "../simd";
import { A, A2, B, B2 } from "./points";
import { TilesOut } from "./sizes";

const A3: f32 = A2 * A;
const B3: f32 = B2 * B;
/** Tiles whose columns are transformed at once. */
const STRIP: usize = 4;

/** Bytes of scratch: strip[columns][6][8], or t[4][6][8] and a block [4][4][8]. */
// @ts-ignore: decorator
@inline export function stripBytes(): usize {
  return (4 * STRIP + 2) * 6 * 32 + 64;
}

/**
 * V = Bᵀ d B of `tiles` neighbouring tiles, d the first padded pixel. First each column of pixels down, into
 * strip[column][6][8], shared by the tiles that overlap there; then each tile's six rows across.
 */
export function transformInput(d: usize, padRow: usize, K: i32, tiles: i32, v: usize, vPlane: usize, strip: usize): void {
  const pixel: usize = <usize>K << 2;
  for (; tiles > 0; tiles -= <i32>STRIP) {
    const count = min(<i32>STRIP, tiles);
    for (let c: usize = 0; c < pixel; c += 32) {
      inputDown(d + c, pixel, padRow, 4 * count + 2, strip);
      inputAcross(strip, count, v + c, pixel, vPlane);
    }
    d += 4 * STRIP * pixel; v += STRIP * pixel;
  }
}

export function inputDown(d: usize, pixel: usize, padRow: usize, columns: i32, strip: usize): void {
  const row2: usize = 2 * padRow, row3: usize = 3 * padRow, row4: usize = 4 * padRow, row5: usize = 5 * padRow;
  do {
    inputValues(ld(d), ld(d + padRow), ld(d + row2), ld(d + row3), ld(d + row4), ld(d + row5), strip, 32);
    const h = d + 16;
    inputValues(ld(h), ld(h + padRow), ld(h + row2), ld(h + row3), ld(h + row4), ld(h + row5), strip + 16, 32);
    d += pixel; strip += 192;
  } while (--columns > 0);
}

export function inputAcross(strip: usize, tiles: i32, v: usize, pixel: usize, vPlane: usize): void {
  do {
    let s = strip, to = v, i = 6;
    do {
      inputValues(ld(s), ld(s, 192), ld(s, 384), ld(s, 576), ld(s, 768), ld(s, 960), to, vPlane);
      inputValues(ld(s, 16), ld(s, 208), ld(s, 400), ld(s, 592), ld(s, 784), ld(s, 976), to + 16, vPlane);
      s += 32; to += 6 * vPlane;
    } while (--i > 0);
    strip += 4 * 192; v += pixel;
  } while (--tiles > 0);
}

/**
 * Bᵀ (d0 .. d5), `step` bytes apart:
 *   a²b² d0 - (a² + b²) d2 + d4,  (d4 - b² d2) ± a (d3 - b² d1),  (d4 - a² d2) ± b (d3 - a² d1),
 *   a²b² d1 - (a² + b²) d3 + d5
 */
// @ts-ignore: decorator
@inline function inputValues(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, step: usize): void {
  const product = f32x4.splat(A2 * B2), sum = f32x4.splat(A2 + B2), a2 = f32x4.splat(A2), b2 = f32x4.splat(B2);
  st(to, fma(product, d0, fnma(sum, d2, d4)));
  const evenA = fnma(b2, d2, d4), oddA = fnma(b2, d1, d3);
  st(to + step, fma(f32x4.splat(A), oddA, evenA)); st(to + 2 * step, fnma(f32x4.splat(A), oddA, evenA));
  const evenB = fnma(a2, d2, d4), oddB = fnma(a2, d1, d3);
  st(to + 3 * step, fma(f32x4.splat(B), oddB, evenB)); st(to + 4 * step, fnma(f32x4.splat(B), oddB, evenB));
  st(to + 5 * step, fma(product, d1, fnma(sum, d3, d5)));
}

/**
 * Aᵀ M A of `tiles` neighbouring tiles, to the image whose first pixel here is out and which ends after `rows` and
 * `columns` pixels; N floats of each are written.
 */
export function transformOutput(m: usize, tiles: i32, out: usize, rows: i32, columns: i32, scratch: usize, to: TilesOut): void {
  const mPlane = to.mPlane, N = to.N, pixel = to.pixel, outRow = to.outRow;
  const bytes: usize = <usize>N << 2, block: usize = scratch + 4 * 6 * 32;
  do {
    const whole = rows >= 4 && columns >= 4;
    let c: usize = 0;
    do {
      outputDown(m + c, mPlane, scratch);
      if (whole) outputAcross(scratch, out + c, pixel, outRow);
      else {
        outputAcross(scratch, block, 32, 128);
        copyCorner(block, out + c, pixel, outRow, min(4, rows), min(4, columns));
      }
      c += 32;
    } while (c < bytes);
    m += bytes; out += 4 * pixel; columns -= 4;
  } while (--tiles > 0);
}

/** The columns of M, into t[4][6][8]. */
// @ts-ignore: decorator
@inline function outputDown(m: usize, plane: usize, t: usize): void {
  const p6: usize = 6 * plane, p12: usize = 2 * p6, p18: usize = 3 * p6, p24: usize = 4 * p6, p30: usize = 5 * p6;
  let j = 6;
  do {
    outputValues(ld(m), ld(m + p6), ld(m + p12), ld(m + p18), ld(m + p24), ld(m + p30), t, 192);
    const h = m + 16;
    outputValues(ld(h), ld(h + p6), ld(h + p12), ld(h + p18), ld(h + p24), ld(h + p30), t + 16, 192);
    m += plane; t += 32;
  } while (--j > 0);
}

/** The rows of t, to four rows of four pixels. */
// @ts-ignore: decorator
@inline function outputAcross(t: usize, out: usize, pixel: usize, outRow: usize): void {
  let i = 4;
  do {
    outputValues(ld(t), ld(t, 32), ld(t, 64), ld(t, 96), ld(t, 128), ld(t, 160), out, pixel);
    outputValues(ld(t, 16), ld(t, 48), ld(t, 80), ld(t, 112), ld(t, 144), ld(t, 176), out + 16, pixel);
    t += 192; out += outRow;
  } while (--i > 0);
}

/**
 * Aᵀ (m0 .. m5), with s, d = m1 ± m2 and u, v = m3 ± m4:
 *   m0 + s + u,  a d + b v,  a² s + b² u,  a³ d + b³ v + m5
 */
// @ts-ignore: decorator
@inline function outputValues(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, to: usize, step: usize): void {
  const s = add(m1, m2), d = sub(m1, m2), u = add(m3, m4), v = sub(m3, m4);
  st(to, add(add(m0, s), u));
  st(to + step, fma(f32x4.splat(A), d, mul(f32x4.splat(B), v)));
  st(to + 2 * step, fma(f32x4.splat(A2), s, mul(f32x4.splat(B2), u)));
  st(to + 3 * step, fma(f32x4.splat(A3), d, fma(f32x4.splat(B3), v, m5)));
}

/** The part of a block [4][4][8] that lies in the image. */
function copyCorner(block: usize, out: usize, pixel: usize, outRow: usize, rows: i32, columns: i32): void {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const from: usize = block + (<usize>(4 * y + x) << 5), to: usize = out + <usize>y * outRow + <usize>x * pixel;
      st(to, ld(from)); st(to, ld(from, 16), 16);
    }
  }
}
