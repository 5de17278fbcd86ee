// Where each channel spiked: for every input channel the list of positions, 16 bits each, that spike-weight-gradient.ts
// walks. No sums here.

import { ld, st } from "./simd";

/** Entries of a list are a multiple of this; the last ones point to `none`. */
const ROUND: usize = 8;

/**
 * Appends the positions of the spikes in one bit of some planes of bytes and gives the end, a multiple of 4 entries
 * from `list`. Pixel (t, y, x) has position t·planePositions + y·rowPositions + x; its byte lies at
 * bits + t·bitPitch + y·step + x. `shift` moves the wanted bit to the top of its byte. With parity 0 or 1 only the even
 * or odd columns count, and x stands for x >> 1. `none` is a position where nothing is to be summed.
 */
export function listSpikes(
  bits: usize,
  bitPitch: usize,
  planes: i32,
  planePositions: i32,
  rows: i32,
  step: usize,
  rowPositions: i32,
  W: i32,
  parity: i32,
  shift: i32,
  none: i32,
  list: usize,
  positions: usize,
): usize {
  let p = list;
  for (let t = 0; t < planes; t++) {
    let row = bits;
    let at = t * planePositions;
    for (let y = 0; y < rows; y++) {
      if (parity < 0) p = listRow(row, W, shift, at, p, positions);
      else p = listHalfRow(row, W, parity, shift, at, p, positions);
      row += step;
      at += rowPositions;
    }
    bits += bitPitch;
  }
  st(p, i16x8.splat(<i16>none));
  return list + ((p - list + ROUND - 1) & ~(ROUND - 1));
}

// @ts-ignore: decorator
@inline function listRow(row: usize, W: i32, shift: i32, at: i32, p: usize, positions: usize): usize {
  for (let x = 0; x < W; x += 16) {
    const spikes = i8x16.bitmask(i16x8.shl(ld(row + x), shift)) & firstBits(W - x);
    p = append(spikes & 255, at + x, p, positions);
    if (x + 8 < W) p = append(spikes >> 8, at + x + 8, p, positions);
  }
  return p;
}

// @ts-ignore: decorator
@inline function listHalfRow(
  row: usize,
  W: i32,
  parity: i32,
  shift: i32,
  at: i32,
  p: usize,
  positions: usize,
): usize {
  for (let x = parity; x < W; x += 16) {
    const all = i16x8.shl(ld(row + x), shift);
    const even = i8x16.shuffle(all, all, 0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);
    const spikes = i8x16.bitmask(even) & firstBits((W - x + 1) >> 1) & 255;
    p = append(spikes, at + (x >> 1), p, positions);
  }
  return p;
}

/** The lowest n of 16 bits. */
// @ts-ignore: decorator
@inline function firstBits(n: i32): i32 {
  return n >= 16 ? 0xffff : (1 << n) - 1;
}

/** Always writes 8 entries, of which the next call overwrites those that are none. */
// @ts-ignore: decorator
@inline function append(spikes: i32, at: i32, p: usize, positions: usize): usize {
  st(p, i16x8.add(ld(positions + <usize>(spikes << 4)), i16x8.splat(<i16>at)));
  return p + (<usize>popcnt<u32>(spikes) << 1);
}
