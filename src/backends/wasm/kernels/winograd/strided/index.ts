// Input gradient of a 3x3 convolution at stride 2 and padding 1 by Winograd's method on its phases (winograd/phases.ts
// explains them). Not for tiny images, whose tiles are mostly empty (stridedWinogradPays).
//
// An odd row or column of dx is a correlation of dy with two taps, and F(4,2) makes four of its outputs from five
// products instead of eight (points 0, 1, -1, 2, ∞). So 4x4 pixels of dy, 8x8 of dx, take 16 + 20 + 20 + 25 = 81
// products instead of 144:
//   even row, even column  dy itself                                  1 matrix  [16 · tiles][K]
//   even row, odd column   its rows, transformed across               5 matrices [4 · tiles][K]
//   odd row, even column   its columns, transformed down              5 matrices [4 · tiles][K]
//   odd row, odd column    both                                      25 matrices [tiles][K]
// K = cout, N = cin.

import { stridedPhase } from "../phases";
import { StridedSizes } from "../sizes";
import { acrossOutput, bothOutput, downOutput, phaseInput } from "./transforms";
import { add, fma, ld, mul, st, sub } from "../../simd";
import { multiplyPlanes } from "../stride1";
import { winogradPlane, winogradPlaneBytes } from "../weights";

/** Bytes that V and M of a block may take, and the fewest and most tiles of a block. */
const CACHE: i32 = 500 << 10;
const FEWEST: i32 = 4;
const MOST: i32 = 16;

function blockTiles(K: i32, N: i32): i32 {
  return min(MOST, max(FEWEST, (CACHE / (260 * (K + N))) & ~3));
}

/** Whether tiles are full enough for this way: 81 products and the transforms a tile, else 9 products a pixel of dy. */
export function stridedWinogradPays(OH: i32, OW: i32): i32 {
  return i32(10 * ((OH + 3) >> 2) * ((OW + 3) >> 2) < OH * OW);
}

/** Bytes of what stridedWinogradWeights makes: 36 matrices. */
export function stridedWinogradWeightBytes(cin: i32, cout: i32): f64 {
  return 36 * winogradPlaneBytes(cin, cout);
}

/** Bytes of scratch of stridedWinogradWeights and stridedWinogradGradient. */
export function stridedWinogradScratchBytes(cin: i32, cout: i32): f64 {
  const tiles = blockTiles(cin, cout);
  return 4096 + planesBytes(tiles, cin) + planesBytes(tiles, cout);
}

/** Ten matrices of 4 · tiles rows and 25 of `tiles`. */
// @ts-ignore: decorator
@inline function planesBytes(tiles: i32, columns: i32): f64 {
  return 10 * winogradPlaneBytes(4 * tiles, columns) + 25 * winogradPlaneBytes(tiles, columns);
}

/**
 * The 36 matrices of w[3][3][cin][cout] as panels [cin/8][cout][8]: 1 even-even, 5 even-odd, 5 odd-even, 25 odd-odd.
 */
export function stridedWinogradWeights(w: usize, cin: i32, cout: i32, u: usize, scratch: usize): void {
  stridedWinogradWeightsPart(w, cin, cout, 0, cin, u, scratch);
}

/** The part of input channels first .. end, multiples of 8, so that threads can share the work. */
export function stridedWinogradWeightsPart(
  w: usize, cin: i32, cout: i32, first: i32, end: i32, u: usize, scratch: usize,
): void {
  const tap: usize = <usize>cin * <usize>cout << 2, plane = winogradPlane(cin, cout), t: usize = scratch + 36 * 16;
  for (let panel = first; panel < end; panel += 8) {
    for (let k = 0; k < cout; k += 4) {
      for (let n = panel; n < panel + 8; n++) {
        // four k at once: they lie side by side in w and 32 bytes apart in a panel
        transformKernel(w + (<usize>(n * cout + k) << 2), tap, scratch, t);
        let to: usize = u + (<usize>(panel * cout + k * 8 + (n & 7)) << 2);
        for (let i: usize = 0; i < 36; i++) {
          const v = ld(scratch + (i << 4));
          v128.store32_lane(to, v, 0); v128.store32_lane(to, v, 1, 32);
          v128.store32_lane(to, v, 2, 64); v128.store32_lane(to, v, 3, 96);
          to += plane;
        }
      }
    }
  }
}

/** The 36 values of four kernels w[ky][kx], taps `tap` bytes apart, in the order of the matrices; t: ten vectors. */
function transformKernel(g: usize, tap: usize, to: usize, t: usize): void {
  st(to, ld(g + 4 * tap));
  pair(ld(g + 5 * tap), ld(g + 3 * tap), to + 16, 16);
  pair(ld(g + 7 * tap), ld(g + tap), to + 6 * 16, 16);
  pair(ld(g + 8 * tap), ld(g + 2 * tap), t, 32);
  pair(ld(g + 6 * tap), ld(g), t + 16, 32);
  for (let i: usize = 0; i < 5; i++) pair(ld(t + i * 32), ld(t + i * 32, 16), to + (11 + 5 * i) * 16, 16);
}

/** G (g0, g1) = g0/2, -(g0 + g1)/2, (g1 - g0)/6, (g0 + 2 g1)/6, g1. */
function pair(g0: v128, g1: v128, to: usize, step: usize): void {
  const sixth = f32x4.splat(1.0 / 6.0);
  st(to, mul(f32x4.splat(0.5), g0)); to += step;
  st(to, mul(f32x4.splat(-0.5), add(g0, g1))); to += step;
  st(to, mul(sixth, sub(g1, g0))); to += step;
  st(to, mul(sixth, fma(f32x4.splat(2), g1, g0))); to += step;
  st(to, g1);
}

/**
 * dx[t][H][W][cin] (planes outPitch bytes apart) from T padded planes dy of the output's size OH = ceil(H/2),
 * OW = ceil(W/2) (dyPitch apart, [4·ceil(OH/4)+2][4·ceil(OW/4)+2][cout]) and u of stridedWinogradWeights. Channels in
 * multiples of 8. Every pixel of dx is written. Images that lie at one pitch may go as more planes T.
 */
export function stridedWinogradGradient(
  dy: usize, dyPitch: usize, u: usize, out: usize, outPitch: usize, scratch: usize, s: StridedSizes,
): void {
  const T = s.T, H = s.H, W = s.W, OH = s.OH, OW = s.OW;
  const K = s.cout, N = s.cin, across = (OW + 3) >> 2, down = (OH + 3) >> 2, total = T * down;
  const most = blockTiles(K, N), wide = min(across, most), tall = max(most / across, 1);
  const pixel: usize = <usize>K << 2, padRow: usize = <usize>(4 * across + 2) * pixel;
  const outPixel: usize = <usize>N << 2, outRow: usize = <usize>W * outPixel, uPlane = winogradPlane(K, N);
  const vWide = winogradPlane(4 * most, K), vTile = winogradPlane(most, K);
  const mWide = winogradPlane(4 * most, N), mTile = winogradPlane(most, N);
  const v01: usize = scratch + 4096, v11: usize = v01 + 10 * vWide;
  const m01: usize = v11 + 25 * vTile, m10: usize = m01 + 5 * mWide, m11: usize = m10 + 5 * mWide;
  stridedPhase(0, 0, dy, dyPitch, u, out, outPitch, s);
  for (let x = 0; x < across; x += wide) {
    const count = min(wide, across - x);
    for (let first = 0; first < total; first += tall) {
      const rows = min(tall, total - first);
      for (let r = 0; r < rows; r++) {
        const t = (first + r) / down, y = first + r - t * down;
        const from: usize = dy + <usize>t * dyPitch + <usize>(4 * y + 1) * padRow + <usize>(4 * x + 1) * pixel;
        const at: usize = <usize>(r * count) * pixel;
        phaseInput(from, padRow, pixel, count, v01 + 4 * at, vWide, v11 + at, vTile, scratch);
      }
      const tiles = rows * count;
      multiplyPlanes(10, v01, vWide, u + uPlane, 4 * tiles, K, N, m01, mWide);
      multiplyPlanes(25, v11, vTile, u + 11 * uPlane, tiles, K, N, m11, mTile);
      for (let r = 0; r < rows; r++) {
        const t = (first + r) / down, y = first + r - t * down, at: usize = <usize>(r * count) * outPixel;
        const to: usize = out + <usize>t * outPitch + <usize>(8 * y) * outRow + <usize>(8 * x) * outPixel;
        // pixels of dx from this tile on, then rows and columns of each parity among them
        const h = H - 8 * y, w = W - 8 * x;
        acrossOutput(m01 + 4 * at, mWide, outPixel, count, to + outPixel, outRow, (h + 1) >> 1, w >> 1, scratch);
        downOutput(m10 + 4 * at, mWide, outPixel, count, to + outRow, outRow, h >> 1, (w + 1) >> 1, scratch);
        bothOutput(m11 + at, mTile, outPixel, count, to + outRow + outPixel, outRow, h >> 1, w >> 1, scratch);
      }
    }
  }
}
