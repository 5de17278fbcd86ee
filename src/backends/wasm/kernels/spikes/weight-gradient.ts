// Weight gradient of a 3x3 convolution of spike bits, padding 1, stride 1 or 2:
// dw[ky][kx][c][k] = sum over spikes (y, x) of channel c of dy[(y + 1 - ky)/stride][(x + 1 - kx)/stride][k].
//
// Per input channel the positions that spiked are listed (spikes/lists.ts). The gradient is brought into blocks of 8
// output channels, [position][8], small enough for the nearest cache (spikes/tile.ts); there the three taps kx of a
// spike are 24 neighbouring floats (spikes/sums.ts). Where neurons spike often, neighbours that both spike count as
// one entry, which points to the sum of their gradients, made once for all input channels.

import { countSpikes } from "./bits";
import { add, ld, st } from "../simd";
import { listTile } from "./lists";
import { SpikeSizes, SpikeWeights } from "./sizes";
import { sumOne, sumThree, sumTwo } from "./sums";
import { Tile, layTile, pairsFit, tilePlanes, tileRows } from "./tile";

export { spikeWeightScratchBytes } from "./tile";
export { sumOne, sumThree, sumTwo } from "./sums"; // what is exported stays a function of its own

/**
 * Adds one image's weight gradient, for input channels cinFrom (inclusive) to cinTo, both multiples of 8, to dw
 * [cout/8][cinTo - cinFrom][ky][2-kx][8]; weightGradientSum and weightGradientPart bring that layout into w's.
 * dy is the padded gradient of bits[t][H][cin/8][W]; positions: 4096 bytes filled by bitPositions; scratch:
 * spikeWeightScratchBytes(T, H, W, cinTo - cinFrom, stride). W up to 10,000.
 */
export function spikeWeightGradient(
  bits: usize, dy: usize, dw: usize, scratch: usize, positions: usize, s: SpikeWeights,
): void {
  const T = s.T, H = s.H, W = s.W, cout = s.cout, stride = s.stride, cinFrom = s.cinFrom, cinTo = s.cinTo;
  const bitsPitch = s.bitsPitch, dyPitch = s.dyPitch, PW = s.PW;
  const OH = (H - 1) / stride + 1;
  const OW = (W - 1) / stride + 1;
  const pairs = pairsFit(OW) && pairsPay(bits, s);
  const planes = tilePlanes(pairs, T, OH, OW);
  const rows = tileRows(pairs, OH, OW);
  const pixel: usize = cout << 2;
  const channels = cinTo - cinFrom;
  const tile = layTile(scratch, pairs, T, H, W, channels, stride, positions);
  tile.bitPitch = bitsPitch;
  tile.bitRow = (s.cin >> 3) * W;
  for (let t = 0; t < T; t += planes) {
    tile.planes = min(planes, T - t);
    for (let y = 0; y < OH; y += rows) {
      tile.rows = min(rows, OH - y);
      tile.plane = (tile.rows + 2) * tile.width;
      tile.height = H - y * stride;
      tile.bits = bits + <usize>t * bitsPitch + <usize>(y * stride) * tile.bitRow;
      listTile(tile, cinFrom, cinTo);
      let from: usize = dy + <usize>t * dyPitch + <usize>(y * PW) * pixel;
      for (let b = 0; b < cout; b += 8, from += 32) {
        gather(tile, from, dyPitch, <usize>PW * pixel, pixel);
        const to: usize = dw + <usize>(b * channels) * 36;
        if (stride == 1) sumTile(tile, channels, to);
        else sumTile2(tile, channels, to);
      }
    }
  }
}

/**
 * Pairs save about rate² of the entries of each channel and cost the same whatever the channels. By the whole image's
 * spikes: whoever shares the channels must come to the same answer.
 */
function pairsPay(bits: usize, s: SpikeSizes): bool {
  const T = s.T, cin = s.cin;
  const bytes = (s.H * s.W * cin) >> 3;
  let spikes: f64 = 0;
  for (let t = 0; t < T; t++) spikes += countSpikes(bits + <usize>t * s.bitsPitch, bytes);
  const rate = spikes / (<f64>T * <f64>bytes * 8);
  return rate * rate * cin > 0.8;
}

/** The tile's gradient from 8 channels of some rows of some planes. */
function gather(tile: Tile, from: usize, planePitch: usize, rowPitch: usize, pixel: usize): void {
  let to = tile.gradient;
  const bytes: usize = tile.width << 5;
  for (let t = 0; t < tile.planes; t++, from += planePitch) {
    let row = from;
    for (let y = 0; y < tile.rows + 2; y++, row += rowPitch, to += bytes) {
      if (tile.pair) gatherPairs(row, pixel, to, to + bytes, <usize>tile.pair << 5);
      else gatherRow(row, pixel, to, to + bytes);
    }
  }
}

// @ts-ignore: decorator
@inline function gatherRow(from: usize, pixel: usize, to: usize, end: usize): void {
  for (; to < end; to += 32, from += pixel) {
    st(to, ld(from));
    st(to, ld(from, 16), 16);
  }
}

/** Also sum[x] = row[x] + row[x + 1]; the row's last pixel begins no pair. */
// @ts-ignore: decorator
@inline function gatherPairs(from: usize, pixel: usize, to: usize, end: usize, pair: usize): void {
  let a0 = ld(from), a1 = ld(from, 16);
  st(to, a0);
  st(to, a1, 16);
  for (to += 32; to < end; to += 32) {
    from += pixel;
    const b0 = ld(from), b1 = ld(from, 16);
    st(to, b0);
    st(to, b1, 16);
    st(to + pair - 32, add(a0, b0));
    st(to + pair - 32, add(a1, b1), 16);
    a0 = b0;
    a1 = b1;
  }
}

/** Stride 1: tap ky of input row y is gradient row y + 1 - ky, which the padding makes y + 2 - ky. */
function sumTile(tile: Tile, channels: i32, dw: usize): void {
  const row: usize = tile.width << 5;
  const gradient = tile.gradient;
  let start = tile.starts;
  for (let c = 0; c < channels; c++, start += 4, dw += 288) {
    const from = <usize>load<u32>(start);
    const to = <usize>load<u32>(start, 4);
    sumThree(from, to, gradient + 2 * row, dw);
    sumThree(from, to, gradient + row, dw + 96);
    sumThree(from, to, gradient, dw + 192);
  }
}

/**
 * Stride 2, y = 2r + odd, x = 2s + odd: an even index meets tap 1 at r, an odd one tap 2 at r and tap 0 at r + 1; the
 * padding adds 1 to each.
 */
function sumTile2(tile: Tile, channels: i32, dw: usize): void {
  const row: usize = tile.width << 5;
  const at: usize = tile.gradient + row + 32;
  let start = tile.starts;
  for (let c = 0; c < channels; c++, start += 16, dw += 288) {
    const evenEven = <usize>load<u32>(start), evenOdd = <usize>load<u32>(start, 4);
    const oddEven = <usize>load<u32>(start, 8), oddOdd = <usize>load<u32>(start, 12);
    const end = <usize>load<u32>(start, 16);
    sumOne(evenEven, evenOdd, at, dw + 128);
    sumTwo(evenOdd, oddEven, at, dw + 96);
    sumOne(oddEven, oddOdd, at, dw + 224);
    sumOne(oddEven, oddOdd, at + row, dw + 32);
    sumTwo(oddOdd, end, at, dw + 192);
    sumTwo(oddOdd, end, at + row, dw);
  }
}

/**
 * dst[ky][kx][cin][cout] = sum of nParts gradients of all input channels in the layout of spikeWeightGradient,
 * partBytes apart, summed in f64 in their order; only input channels cinFrom (inclusive) to cinTo.
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

/**
 * Input channels cinFrom (inclusive) to cinTo of dst[ky][kx][cin][cout] from spikeWeightGradient's dw for them. Each
 * row of dst is written from end to end: rows lie at powers of two, and few lines of different ones fit a cache
 * together.
 */
export function weightGradientPart(dw: usize, cin: i32, cout: i32, dst: usize, cinFrom: i32, cinTo: i32): void {
  const tap: usize = <usize>(cin * cout) << 2, row: usize = <usize>cout << 2, block: usize = <usize>(cinTo - cinFrom) * 288;
  for (let c = cinFrom; c < cinTo; c++, dw += 288) {
    for (let i: usize = 0; i < 9; i++) {
      // in threes the other way round
      let from: usize = dw + ((i + 2 - 2 * (i % 3)) << 5), to: usize = dst + i * tap + <usize>c * row;
      for (const end: usize = to + row; to < end; to += 32, from += block) {
        st(to, ld(from));
        st(to, ld(from, 16), 16);
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
