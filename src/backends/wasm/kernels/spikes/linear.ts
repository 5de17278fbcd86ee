// Linear layers on spikes, as sums of rows: y[m] is the sum of the weight rows whose channel spikes in row m, and
// dw[c] the sum of the gradient rows in which channel c spikes. Nothing is multiplied.
//
// Row m = r·W + x of the product has its spikes in the bytes bits[r][C/8][W], column x. The summed matrix is either cut
// into panels (spikes/panels.ts) or, where it has few columns or few rows are summed, read where it lies.

import { sumListed } from "./listed-rows";
import { channelTile, panelColumns, tilePanelBytes } from "./panels";
import { ld, st } from "../simd";

/** bits[lines][C/8][W], and n columns of the product; the call makes `count` of its rows, from `from` on. */
@unmanaged
export class LinearSizes {
  W: i32;
  C: i32;
  n: i32;
  from: i32;
  count: i32;
}

/** M rows in all. */
@unmanaged
export class LinearRows extends LinearSizes {
  M: i32;
}

/** Rows of the product's gradient in all are lines·W; they go in tiles of `tile`, pixelTile(lines, W). */
@unmanaged
export class LinearWeights extends LinearSizes {
  lines: i32;
  tile: i32;
}

/** Where in scratch each row's list ends, and where the first begins. */
// @ts-ignore: decorator
@inline function endsAt(scratch: usize): usize {
  return scratch + 128;
}

// @ts-ignore: decorator
@inline function listsAt(scratch: usize, s: LinearSizes): usize {
  return endsAt(scratch) + (<usize>s.count << 2);
}

/** Bytes of scratch for spikeLinear: spare columns, where each row's list ends, the lists. */
export function spikeLinearScratchBytes(C: i32, count: i32): f64 {
  return 128 + 4 * <f64>count + 2 * <f64>count * <f64>channelTile(C) + 32;
}

/**
 * y[from..from+count)[n] = bits · w; rows at or beyond M are left out.
 * @param panels w[C][n] in tiles of channelTile(C) rows, each in panels as rowPanel makes them; 0: w is read itself
 * @param positions 4096 bytes filled by bitPositions
 */
export function spikeLinear(
  bits: usize, w: usize, panels: usize, y: usize, scratch: usize, positions: usize, s: LinearRows,
): void {
  const C = s.C, n = s.n, from = s.from;
  const rows = min(s.count, s.M - from);
  const tile = channelTile(C), width = panelColumns(n);
  const pitch: usize = <usize>(panels ? width : n) << 2;
  y += <usize>from * <usize>n << 2;
  for (let c = 0; c < C; c += tile) {
    const channels = min(tile, C - c);
    listChannels(bits, c >> 3, channels >> 3, rows, scratch, positions, s);
    let panel: usize = panels ? panels + <usize>tilePanelBytes(c, n) : w + (<usize>c * <usize>n << 2);
    const step: usize = panels ? <usize>channels * pitch : <usize>width << 2;
    for (let b = 0; b < n; b += width, panel += step) {
      sumRows(scratch, rows, panel, pitch, min(width, n - b), c, y + (<usize>b << 2), s);
    }
  }
}

/** For each of `rows` rows of the product what spikes of `groups` groups of channels, counted from group `g` on. */
function listChannels(bits: usize, g: i32, groups: i32, rows: i32, scratch: usize, positions: usize, s: LinearSizes): void {
  const W = s.W, G = s.C >> 3, from = s.from;
  let list = listsAt(scratch, s), ends = endsAt(scratch);
  const height: usize = <usize>groups * <usize>W;
  for (let m = from; m < from + rows; m++, ends += 4) {
    const top: usize = bits + <usize>(m / W * G + g) * <usize>W + <usize>(m % W), bottom: usize = top + height;
    for (let p = top, at = 0; p != bottom; p += <usize>W, at += 8) list = append(load<u8>(p), at, list, positions);
    store<u32>(ends, <u32>list);
  }
}

/** The sums of `count` lists. */
function sumRows(
  scratch: usize, count: i32, rows: usize, pitch: usize, columns: i32, accumulate: i32, to: usize, s: LinearSizes,
): void {
  const outPitch: usize = <usize>s.n << 2;
  let list = listsAt(scratch, s), ends = endsAt(scratch);
  for (let i = 0; i < count; i++, ends += 4, to += outPitch) {
    const end = <usize>load<u32>(ends);
    sumListed(list, end, rows, pitch, columns, accumulate, to, scratch);
    list = end;
  }
}

/** Bytes of scratch for spikeLinearWeights. */
export function spikeLinearWeightScratchBytes(tile: i32, count: i32): f64 {
  return 128 + 4 * <f64>count + 2 * <f64>count * <f64>tile + 32;
}

/**
 * dw[from..from+count)[n] = sum over the rows of the product: channel spikes · dy, channels at or beyond C left out.
 * @param panels dy[lines·W][n] in tiles as rowPanel makes them; 0: dy is read itself
 */
export function spikeLinearWeights(
  bits: usize, dy: usize, panels: usize, dw: usize, scratch: usize, positions: usize, s: LinearWeights,
): void {
  const W = s.W, C = s.C, n = s.n, from = s.from, lines = s.lines, tile = s.tile;
  const channels = min(s.count, C - from), width = panelColumns(n);
  const pitch: usize = <usize>(panels ? width : n) << 2;
  // a tile is some whole lines or a part of one
  const span = tile < W ? W : lines * W, height = max(tile / W, 1);
  dw += <usize>from * <usize>n << 2;
  for (let first = 0; first < lines * W; first += span) {
    for (let x = 0; x < span; x += tile) {
      const m = first + x, pixels = min(tile, span - x);
      const corner: usize = bits + <usize>(m / W * (C >> 3)) * <usize>W + <usize>(m % W);
      listPixels(corner, min(height, lines - m / W), min(pixels, W), channels, scratch, positions, s);
      let panel: usize = panels ? panels + <usize>tilePanelBytes(m, n) : dy + (<usize>m * <usize>n << 2);
      const step: usize = panels ? <usize>pixels * pitch : <usize>width << 2;
      for (let b = 0; b < n; b += width, panel += step) {
        sumRows(scratch, channels, panel, pitch, min(width, n - b), m, dw + (<usize>b << 2), s);
      }
    }
  }
}

/** For each of `channels` channels the pixels of a tile in which it spikes. */
function listPixels(
  bits: usize, lines: i32, pixels: i32, channels: i32, scratch: usize, positions: usize, s: LinearSizes,
): void {
  const W = s.W, G = s.C >> 3, from = s.from;
  let list = listsAt(scratch, s), ends = endsAt(scratch);
  for (let c = from; c < from + channels; c++, ends += 4) {
    const toTop = 7 - (c & 7);
    let row: usize = bits + <usize>(c >> 3) * <usize>W;
    for (let i = 0, at = 0; i < lines; i++, at += pixels, row += <usize>G * <usize>W) {
      for (let x = 0; x < pixels; x += 16) {
        // shifting 16-bit lanes is enough: only each byte's top bit is looked at
        let spikes = i8x16.bitmask(i16x8.shl(ld(row + x), toTop));
        if (pixels - x < 16) spikes &= (1 << (pixels - x)) - 1;
        list = append(spikes & 255, at + x, list, positions);
        if (pixels - x > 8) list = append(spikes >> 8, at + x + 8, list, positions);
      }
    }
    store<u32>(ends, <u32>list);
  }
}

/** The positions of the bits of a byte, counted from `at`: always 8 entries, of which the next ones overwrite some. */
// @ts-ignore: decorator
@inline function append(byte: i32, at: i32, list: usize, positions: usize): usize {
  st(list, i16x8.add(ld(positions + <usize>(byte << 4)), i16x8.splat(<i16>at)));
  return list + (<usize>popcnt<u32>(byte) << 1);
}
