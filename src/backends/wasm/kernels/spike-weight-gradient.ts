// Weight gradient of a 3x3 convolution of spike bits, padding 1, stride 1 or 2:
// dw[ky][kx][c][k] = sum over spikes (y, x) of channel c of dy[(y + 1 - ky)/stride][(x + 1 - kx)/stride][k].
//
// Per input channel the positions that spiked are listed (spike-lists.ts). The gradient is brought into blocks of 8
// output channels, [position][8], small enough for the nearest cache; there the three taps kx of a spike are 24
// neighbouring floats, added to six registers.
//
// Work goes tile by tile: some time steps of small planes, or some rows of a large one.

import { add, ld, st, zero } from "./simd";
import { listSpikes } from "./spike-lists";

/** Positions of a tile: what of the gradient is kept in the nearest cache, 32 bytes each. */
const TILE = 1200;

// The planes and rows of a tile of outputs [T][OH][OW]; equal shares, so that no tile is a small rest.

function tilePlanes(T: i32, OH: i32, OW: i32): i32 {
  return share(T, max(1, TILE / ((OH + 2) * (OW + 2))));
}

function tileRows(OH: i32, OW: i32): i32 {
  return share(OH, max(1, TILE / (OW + 2) - 2));
}

/** n cut into the fewest equal parts of at most `most`. */
// @ts-ignore: decorator
@inline function share(n: i32, most: i32): i32 {
  const parts = (n + most - 1) / most;
  return (n + parts - 1) / parts;
}

// @ts-ignore: decorator
@inline function tilePositions(T: i32, OH: i32, OW: i32): i32 {
  return tilePlanes(T, OH, OW) * (tileRows(OH, OW) + 2) * (OW + 2);
}

/** Positions behind the tile that stay zero: three rows of taps from there add nothing. */
// @ts-ignore: decorator
@inline function zeroPositions(OW: i32): i32 {
  return 2 * (OW + 2) + 4;
}

/** Bytes of scratch for one call: the tile's gradient, then where each list begins, then the lists. */
export function spikeWeightScratchBytes(T: i32, H: i32, W: i32, cin: i32, stride: i32): i32 {
  const OH = (H - 1) / stride + 1;
  const OW = (W - 1) / stride + 1;
  const lists = stride == 1 ? cin : 4 * cin;
  const spikes = tilePlanes(T, OH, OW) * tileRows(OH, OW) * stride * OW * stride;
  return gradientBytes(T, OH, OW) + startsBytes(lists) + 2 * spikes * cin + 8 * lists + 64;
}

// @ts-ignore: decorator
@inline function gradientBytes(T: i32, OH: i32, OW: i32): i32 {
  return (tilePositions(T, OH, OW) + zeroPositions(OW)) << 5;
}

// @ts-ignore: decorator
@inline function startsBytes(lists: i32): i32 {
  return ((lists + 1) * 4 + 15) & ~15;
}

/**
 * Adds one image's weight gradient, for input channels cinFrom (inclusive) to cinTo, both multiples of 8, to dw
 * [cout/8][cin][ky][2-kx][8]; weightGradientSum brings parts of that layout together. bits[t][H][cin/8][W] are bitPitch
 * bytes apart; dy is the padded gradient, planes padPitch bytes apart, PW pixels wide; positions: 4096 bytes filled by
 * bitPositions; scratch: spikeWeightScratchBytes(T, H, W, cinTo - cinFrom, stride). W up to 10,000.
 */
export function spikeWeightGradient(
  bits: usize,
  bitPitch: usize,
  T: i32,
  H: i32,
  W: i32,
  cin: i32,
  cout: i32,
  stride: i32,
  dy: usize,
  padPitch: usize,
  PW: i32,
  dw: usize,
  scratch: usize,
  positions: usize,
  cinFrom: i32,
  cinTo: i32,
): void {
  const OH = (H - 1) / stride + 1;
  const OW = (W - 1) / stride + 1;
  const G = cin >> 3;
  const planes = tilePlanes(T, OH, OW);
  const rows = tileRows(OH, OW);
  const pixel: usize = cout << 2;
  const starts: usize = scratch + gradientBytes(T, OH, OW);
  const lists: usize = starts + startsBytes((cinTo - cinFrom) * (stride == 1 ? 1 : 4));
  const none = tilePositions(T, OH, OW);
  memory.fill(scratch + ((<usize>none) << 5), 0, <usize>zeroPositions(OW) << 5);
  for (let t = 0; t < T; t += planes) {
    const P = min(planes, T - t);
    for (let y = 0; y < OH; y += rows) {
      const R = min(rows, OH - y);
      const input: usize = bits + <usize>t * bitPitch + y * stride * G * W;
      if (stride == 1) list(input, bitPitch, P, R, W, G, none, starts, lists, positions, cinFrom, cinTo);
      else list2(input, bitPitch, P, R, H - 2 * y, W, G, none, starts, lists, positions, cinFrom, cinTo);
      let from: usize = dy + <usize>t * padPitch + <usize>(y * PW) * pixel;
      for (let b = 0; b < cout; b += 8, from += 32) {
        gather(from, padPitch, P, R + 2, <usize>PW * pixel, OW + 2, pixel, scratch);
        const to: usize = dw + <usize>(b * cin + (cinFrom << 3)) * 36;
        if (stride == 1) sumTile(starts, cinTo - cinFrom, scratch, OW + 2, to);
        else sumTile2(starts, cinTo - cinFrom, scratch, OW + 2, to);
      }
    }
  }
}

/** to[plane][row][x][8] from 8 channels of some rows of some planes. */
function gather(
  from: usize,
  planePitch: usize,
  planes: i32,
  rows: i32,
  rowPitch: usize,
  width: i32,
  pixel: usize,
  to: usize,
): void {
  for (let t = 0; t < planes; t++, from += planePitch) {
    let row = from;
    for (let y = 0; y < rows; y++, row += rowPitch) {
      const end: usize = to + (<usize>width << 5);
      for (let p = row; to < end; to += 32, p += pixel) {
        st(to, ld(p));
        st(to, ld(p, 16), 16);
      }
    }
  }
}

/** One list a channel. Pixel (y, x) of the tile has the position of the padded gradient (y, x): that of tap kx = 2, ky = 2. */
function list(
  bits: usize,
  bitPitch: usize,
  planes: i32,
  rows: i32,
  W: i32,
  G: i32,
  none: i32,
  starts: usize,
  p: usize,
  positions: usize,
  cinFrom: i32,
  cinTo: i32,
): void {
  for (let c = cinFrom; c < cinTo; c++, starts += 4) {
    store<u32>(starts, <u32>p);
    const first: usize = bits + (c >> 3) * W;
    p = listSpikes(
      first, bitPitch, planes, (rows + 2) * (W + 2), rows, G * W, W + 2, W, -1, 7 - (c & 7), none, p, positions,
    );
  }
  store<u32>(starts, <u32>p);
}

/** Four lists a channel, [y odd][x odd]; `height` input rows are left from the tile's first one on. */
function list2(
  bits: usize,
  bitPitch: usize,
  planes: i32,
  rows: i32,
  height: i32,
  W: i32,
  G: i32,
  none: i32,
  starts: usize,
  p: usize,
  positions: usize,
  cinFrom: i32,
  cinTo: i32,
): void {
  const row = ((W + 1) >> 1) + 2;
  for (let c = cinFrom; c < cinTo; c++) {
    for (let odd = 0; odd < 2; odd++) {
      const first: usize = bits + ((c >> 3) + odd * G) * W;
      const n = min(rows, (height - odd + 1) >> 1);
      for (let parity = 0; parity < 2; parity++, starts += 4) {
        store<u32>(starts, <u32>p);
        p = listSpikes(
          first, bitPitch, planes, (rows + 2) * row, n, 2 * G * W, row, W, parity, 7 - (c & 7), none, p, positions,
        );
      }
    }
  }
  store<u32>(starts, <u32>p);
}

/** Stride 1: tap ky of input row y is gradient row y + 1 - ky, which the padding makes y + 2 - ky. */
function sumTile(starts: usize, channels: i32, gradient: usize, width: i32, dw: usize): void {
  const row: usize = <usize>width << 5;
  for (let c = 0; c < channels; c++, starts += 4, dw += 288) {
    const from = <usize>load<u32>(starts);
    const to = <usize>load<u32>(starts, 4);
    sumThree(from, to, gradient + 2 * row, dw);
    sumThree(from, to, gradient + row, dw + 96);
    sumThree(from, to, gradient, dw + 192);
  }
}

/**
 * Stride 2, y = 2r + odd, x = 2s + odd: an even index meets tap 1 at r, an odd one tap 2 at r and tap 0 at r + 1; the
 * padding adds 1 to each.
 */
function sumTile2(starts: usize, channels: i32, gradient: usize, width: i32, dw: usize): void {
  const row: usize = <usize>width << 5;
  const at: usize = gradient + row + 32;
  for (let c = 0; c < channels; c++, starts += 16, dw += 288) {
    const evenEven = <usize>load<u32>(starts), evenOdd = <usize>load<u32>(starts, 4);
    const oddEven = <usize>load<u32>(starts, 8), oddOdd = <usize>load<u32>(starts, 12);
    const end = <usize>load<u32>(starts, 16);
    sumOne(evenEven, evenOdd, at, dw + 128);
    sumTwo(evenOdd, oddEven, at, dw + 96);
    sumOne(oddEven, oddOdd, at, dw + 224);
    sumOne(oddEven, oddOdd, at + row, dw + 32);
    sumTwo(oddOdd, end, at, dw + 192);
    sumTwo(oddOdd, end, at + row, dw);
  }
}

/**
 * w[24] += sum of the 24 floats at each position of the list. The `break`s never happen: behind them V8 keeps the next
 * loads, which would otherwise fill all registers.
 */
export function sumThree(list: usize, end: usize, gradient: usize, w: usize): void {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero(), a4 = zero(), a5 = zero();
  for (; list < end; list += 8) {
    let p: usize = gradient + (<usize>load<u16>(list) << 5);
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    a4 = add(a4, ld(p, 64));
    a5 = add(a5, ld(p, 80));
    p = gradient + (<usize>load<u16>(list, 2) << 5);
    if (!p) break;
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    a4 = add(a4, ld(p, 64));
    a5 = add(a5, ld(p, 80));
    p = gradient + (<usize>load<u16>(list, 4) << 5);
    if (!p) break;
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    a4 = add(a4, ld(p, 64));
    a5 = add(a5, ld(p, 80));
    p = gradient + (<usize>load<u16>(list, 6) << 5);
    if (!p) break;
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    a4 = add(a4, ld(p, 64));
    a5 = add(a5, ld(p, 80));
  }
  st(w, add(ld(w), a0));
  st(w, add(ld(w, 16), a1), 16);
  st(w, add(ld(w, 32), a2), 32);
  st(w, add(ld(w, 48), a3), 48);
  st(w, add(ld(w, 64), a4), 64);
  st(w, add(ld(w, 80), a5), 80);
}

/** w[0..8) and w[16..24) += sum of the 8 floats at each position and of the next 8: taps kx = 2 and 0. */
export function sumTwo(list: usize, end: usize, gradient: usize, w: usize): void {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
  let b0 = zero(), b1 = zero(), b2 = zero(), b3 = zero();
  for (; list < end; list += 4) {
    const p: usize = gradient + (<usize>load<u16>(list) << 5);
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    const q: usize = gradient + (<usize>load<u16>(list, 2) << 5);
    if (!q) break;
    b0 = add(b0, ld(q));
    b1 = add(b1, ld(q, 16));
    b2 = add(b2, ld(q, 32));
    b3 = add(b3, ld(q, 48));
  }
  st(w, add(ld(w), add(a0, b0)));
  st(w, add(ld(w, 16), add(a1, b1)), 16);
  st(w, add(ld(w, 64), add(a2, b2)), 64);
  st(w, add(ld(w, 80), add(a3, b3)), 80);
}

/** w[8] += sum of the 8 floats at each position. */
export function sumOne(list: usize, end: usize, gradient: usize, w: usize): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  for (; list < end; list += 4) {
    const p: usize = gradient + (<usize>load<u16>(list) << 5);
    const q: usize = gradient + (<usize>load<u16>(list, 2) << 5);
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    b0 = add(b0, ld(q));
    b1 = add(b1, ld(q, 16));
  }
  st(w, add(ld(w), add(a0, b0)));
  st(w, add(ld(w, 16), add(a1, b1)), 16);
}

/**
 * dst[ky][kx][cin][cout] = sum of nParts gradients in the layout of spikeWeightGradient, partBytes apart, summed in f64 in
 * their order; only input channels cinFrom (inclusive) to cinTo.
 */
export function weightGradientSum(
  parts: usize,
  nParts: i32,
  partBytes: usize,
  cin: i32,
  cout: i32,
  dst: usize,
  cinFrom: i32,
  cinTo: i32,
): void {
  for (let b = 0; b < cout; b += 8) {
    for (let c = cinFrom; c < cinTo; c++) {
      let from: usize = parts + <usize>(b * cin + (c << 3)) * 36;
      for (let ky = 0; ky < 3; ky++) {
        for (let kx = 2; kx >= 0; kx--, from += 32) {
          const to: usize = dst + <usize>((((ky * 3 + kx) * cin + c) * cout + b) << 2);
          st(to, sumParts(from, nParts, partBytes));
          st(to, sumParts(from + 16, nParts, partBytes), 16);
        }
      }
    }
  }
}

/** Four floats of every part. */
// @ts-ignore: decorator
@inline function sumParts(p: usize, n: i32, pitch: usize): v128 {
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (let i = 0; i < n; i++, p += pitch) {
    const v = ld(p);
    low = f64x2.add(low, f64x2.promote_low_f32x4(v));
    high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3)));
  }
  return i32x4.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}
