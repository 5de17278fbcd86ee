// 3x3 convolutions at stride 1 and padding 1 of dense images by Winograd's F(4x4,3x3): the input gradient of a layer and,
// with other weights (winograd-weights.ts), its forward pass. Not for spikes, whose kernels skip zeros instead.
//
//   V = Bᵀ d B   of each 6x6 tile d of the padded image, tiles 4 apart
//   M = V U      36 matrix products [tiles][K] · [K][N]: 36 multiplications for 16 outputs instead of 144
//   out = Aᵀ M A 4x4 outputs a tile
//
// Tiles go through in blocks of a few tile rows, so that V and M stay in the second cache. V [36][tiles][K],
// M [36][tiles][N].

import { multiplyPanel } from "./gemm";
import { add, fma, fnma, ld, st, sub } from "./simd";
import { winogradPlane } from "./winograd-weights";

/** What V and M of a block may take, and the fewest and most tiles of a block. */
const CACHE: i32 = 1 << 19;
const FEWEST: i32 = 16;
const MOST: i32 = 64;

/** Tiles of a block, a multiple of 4. */
function blockTiles(K: i32, N: i32): i32 {
  return min(MOST, max(FEWEST, (CACHE / (144 * (K + N))) & ~3));
}

/** Bytes of scratch of winogradInputGradient and winogradForward. */
export function winogradScratchBytes(cin: i32, cout: i32): usize {
  const tiles = blockTiles(cin, cout);
  return stripBytes(tiles) + 36 * (winogradPlane(tiles, cin) + winogradPlane(tiles, cout));
}

/** Six transformed rows of a strip of tiles, four channels; also the 24 vectors that an output tile needs. */
// @ts-ignore: decorator
@inline function stripBytes(tiles: i32): usize {
  return <usize>(4 * tiles + 2) * 96 + 64;
}

/**
 * dx[t][H][W][cin] (planes outPitch bytes apart) from T padded planes dy (padPitch apart, [4·ceil(H/4)+2][4·ceil(W/4)+2][cout])
 * and u of winogradWeights. Every pixel of dx is written. Images that lie at one pitch may go as more planes T.
 */
export function winogradInputGradient(
  dy: usize, padPitch: usize, T: i32, H: i32, W: i32, cout: i32, cin: i32, u: usize, out: usize, outPitch: usize, scratch: usize,
): void {
  correlate(dy, padPitch, T, H, W, cout, cin, u, out, outPitch, scratch);
}

/** y[t][H][W][cout] from padded planes x[...][cin] and u of winogradForwardWeights; else as winogradInputGradient. */
export function winogradForward(
  x: usize, padPitch: usize, T: i32, H: i32, W: i32, cin: i32, cout: i32, u: usize, out: usize, outPitch: usize, scratch: usize,
): void {
  correlate(x, padPitch, T, H, W, cin, cout, u, out, outPitch, scratch);
}

function correlate(
  d: usize, padPitch: usize, T: i32, H: i32, W: i32, K: i32, N: i32, u: usize, out: usize, outPitch: usize, scratch: usize,
): void {
  const across = (W + 3) >> 2, down = (H + 3) >> 2, total = T * down;
  const most = blockTiles(K, N), wide = min(across, most), tall = max(most / across, 1);
  const padRow: usize = <usize>(4 * across + 2) * <usize>K << 2, outRow: usize = <usize>W * <usize>N << 2;
  const vPlane = winogradPlane(most, K), mPlane = winogradPlane(most, N);
  const v: usize = scratch + stripBytes(most), m: usize = v + 36 * vPlane;
  for (let x = 0; x < across; x += wide) {
    const count = min(wide, across - x);
    for (let first = 0; first < total; first += tall) {
      const rows = min(tall, total - first);
      for (let r = 0; r < rows; r++) {
        const t = (first + r) / down, y = first + r - t * down;
        const from: usize = d + <usize>t * padPitch + <usize>(4 * y) * padRow + (<usize>(4 * x * K) << 2);
        transformInput(from, padRow, K, count, v + (<usize>(r * count * K) << 2), vPlane, scratch);
      }
      multiply(v, vPlane, u, rows * count, K, N, m, mPlane);
      for (let r = 0; r < rows; r++) {
        const t = (first + r) / down, y = first + r - t * down;
        const to: usize = out + <usize>t * outPitch + <usize>(4 * y) * outRow + (<usize>(4 * x * N) << 2);
        transformOutput(m + (<usize>(r * count * N) << 2), mPlane, N, count, to, outRow, H - 4 * y, W - 4 * x, scratch);
      }
    }
  }
}

/** M = V U for all 36. */
function multiply(v: usize, vPlane: usize, u: usize, tiles: i32, K: i32, N: i32, m: usize, mPlane: usize): void {
  const uPlane = winogradPlane(K, N);
  for (let i = 0; i < 36; i++) {
    let panel = u;
    for (let n = 0; n < N; n += 8) {
      multiplyPanel(v, <usize>K << 2, panel, tiles, K, m + (<usize>n << 2), <usize>N << 2, 8, 0);
      panel += <usize>K << 5;
    }
    v += vPlane; u += uPlane; m += mPlane;
  }
}

/**
 * V of `tiles` neighbouring tiles, d their first padded pixel. Four channels at a time: first each column of pixels
 * down, into strip[column][6], shared by tiles that overlap; then each tile's rows across.
 */
export function transformInput(d: usize, padRow: usize, K: i32, tiles: i32, v: usize, vPlane: usize, strip: usize): void {
  const pixel: usize = <usize>K << 2;
  for (let c: usize = 0; c < pixel; c += 16) {
    transformDown(d + c, pixel, padRow, 4 * tiles + 2, strip);
    transformAcross(strip, tiles, v + c, pixel, vPlane);
  }
}

export function transformDown(d: usize, pixel: usize, padRow: usize, columns: i32, strip: usize): void {
  const row2 = 2 * padRow, row3 = 3 * padRow, row4 = 4 * padRow, row5 = 5 * padRow;
  for (let x = 0; x < columns; x++) {
    inputValues(ld(d), ld(d + padRow), ld(d + row2), ld(d + row3), ld(d + row4), ld(d + row5), strip, 16);
    d += pixel; strip += 96;
  }
}

export function transformAcross(strip: usize, tiles: i32, v: usize, pixel: usize, vPlane: usize): void {
  for (let t = 0; t < tiles; t++) {
    let s = strip, to = v;
    for (let i = 0; i < 6; i++) {
      inputValues(ld(s), ld(s, 96), ld(s, 192), ld(s, 288), ld(s, 384), ld(s, 480), to, vPlane);
      s += 16; to += 6 * vPlane;
    }
    strip += 384; v += pixel;
  }
}

/**
 * Bᵀ (d0 .. d5), to `to`, `step` bytes apart:
 *   4 d0 - 5 d2 + d4,  (d4 - 4 d2) ± (d3 - 4 d1),  (d4 - d2) ± 2 (d3 - d1),  4 d1 - 5 d3 + d5
 */
// @ts-ignore: decorator
@inline function inputValues(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, step: usize): void {
  const two = f32x4.splat(2), four = f32x4.splat(4), five = f32x4.splat(5);
  st(to, fma(four, d0, fnma(five, d2, d4)));
  const a = fnma(four, d2, d4), b = fnma(four, d1, d3);
  st(to + step, add(a, b)); st(to + 2 * step, sub(a, b));
  const e = sub(d4, d2), f = sub(d3, d1);
  st(to + 3 * step, fma(two, f, e)); st(to + 4 * step, fnma(two, f, e));
  st(to + 5 * step, fma(four, d1, fnma(five, d3, d5)));
}

/** out of `tiles` neighbouring tiles, the image ending after `rows` and `columns` pixels from their first. */
export function transformOutput(
  m: usize, mPlane: usize, N: i32, tiles: i32, out: usize, outRow: usize, rows: i32, columns: i32, scratch: usize,
): void {
  const pixel: usize = <usize>N << 2, block: usize = scratch + 24 * 16;
  for (let t = 0; t < tiles; t++) {
    const whole = rows >= 4 && columns >= 4;
    for (let c: usize = 0; c < pixel; c += 16) {
      if (whole) outputTile(m + c, mPlane, out + c, pixel, outRow, scratch);
      else {
        outputTile(m + c, mPlane, block, 16, 64, scratch);
        copyCorner(block, out + c, pixel, outRow, min(4, rows), min(4, columns));
      }
    }
    m += pixel; out += 4 * pixel; columns -= 4;
  }
}

/** Aᵀ M A of four channels: first down the columns of M, into t[4][6], then across. */
// @ts-ignore: decorator
@inline function outputTile(m: usize, plane: usize, out: usize, pixel: usize, outRow: usize, t: usize): void {
  for (let j = 0; j < 6; j++) {
    outputValues(m, 6 * plane, t, 96);
    m += plane; t += 16;
  }
  t -= 96;
  for (let i = 0; i < 4; i++) {
    outputValues(t, 16, out, pixel);
    t += 96; out += outRow;
  }
}

/**
 * Aᵀ (m0 .. m5), with a = m1 + m2, b = m1 - m2, e = m3 + m4, f = m3 - m4:
 *   m0 + a + e,  b + 2 f,  a + 4 e,  b + 8 f + m5
 */
// @ts-ignore: decorator
@inline function outputValues(m: usize, pitch: usize, to: usize, step: usize): void {
  const m0 = ld(m), m1 = ld(m + pitch), m2 = ld(m + 2 * pitch), m3 = ld(m + 3 * pitch), m4 = ld(m + 4 * pitch), m5 = ld(m + 5 * pitch);
  const a = add(m1, m2), b = sub(m1, m2), e = add(m3, m4), f = sub(m3, m4);
  st(to, add(add(m0, a), e)); st(to + step, fma(f32x4.splat(2), f, b));
  st(to + 2 * step, fma(f32x4.splat(4), e, a)); st(to + 3 * step, add(fma(f32x4.splat(8), f, b), m5));
}

function copyCorner(block: usize, out: usize, pixel: usize, outRow: usize, rows: i32, columns: i32): void {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) st(out + <usize>y * outRow + <usize>x * pixel, ld(block + (<usize>(4 * y + x) << 4)));
  }
}
