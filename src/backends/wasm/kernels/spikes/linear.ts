// Linear layers on spikes, as sums of rows: y[m] is the sum of the weight rows whose channel spikes in row m, and
// dw[c] the sum of the gradient rows in which channel c spikes. Nothing is multiplied.
//
// Row m = r·W + x of the product has its spikes in the bytes bits[r][C/8][W], column x. The summed matrix is either cut
// into panels (spikes/panels.ts) or, where it has few columns or few rows are summed, read where it lies.

import { sumListed } from "./listed-rows";
import { channelTile, panelColumns, tilePanelBytes } from "./panels";
import { ld, st } from "../simd";

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
  bits: usize, W: i32, C: i32, w: usize, panels: usize, n: i32, M: i32, y: usize, from: i32, count: i32,
  scratch: usize, positions: usize,
): void {
  const rows = min(count, M - from);
  const tile = channelTile(C), width = panelColumns(n);
  const ends: usize = scratch + 128, lists: usize = ends + (<usize>count << 2);
  const pitch: usize = <usize>(panels ? width : n) << 2;
  y += <usize>from * <usize>n << 2;
  for (let c = 0; c < C; c += tile) {
    const channels = min(tile, C - c);
    listChannels(bits, W, C >> 3, c >> 3, channels >> 3, from, rows, lists, ends, positions);
    let panel: usize = panels ? panels + <usize>tilePanelBytes(c, n) : w + (<usize>c * <usize>n << 2);
    const step: usize = panels ? <usize>channels * pitch : <usize>width << 2;
    for (let b = 0; b < n; b += width, panel += step) {
      sumRows(lists, ends, rows, panel, pitch, min(width, n - b), c, y + (<usize>b << 2), <usize>n << 2, scratch);
    }
  }
}

/** For each of some rows of the product the channels that spike, counted from group `g`; ends[i] is where they end. */
function listChannels(
  bits: usize, W: i32, G: i32, g: i32, groups: i32, from: i32, rows: i32, list: usize, ends: usize, positions: usize,
): void {
  const height: usize = <usize>groups * <usize>W;
  for (let m = from; m < from + rows; m++, ends += 4) {
    const top: usize = bits + <usize>(m / W * G + g) * <usize>W + <usize>(m % W), bottom: usize = top + height;
    for (let p = top, at = 0; p != bottom; p += <usize>W, at += 8) list = append(load<u8>(p), at, list, positions);
    store<u32>(ends, <u32>list);
  }
}

/** Each list's sum, results `outPitch` bytes apart. */
function sumRows(
  list: usize, ends: usize, count: i32, rows: usize, pitch: usize, columns: i32, accumulate: i32, to: usize,
  outPitch: usize, spare: usize,
): void {
  for (let i = 0; i < count; i++, ends += 4, to += outPitch) {
    const end = <usize>load<u32>(ends);
    sumListed(list, end, rows, pitch, columns, accumulate, to, spare);
    list = end;
  }
}

/** Bytes of scratch for spikeLinearWeights. */
export function spikeLinearWeightScratchBytes(tile: i32, count: i32): f64 {
  return 128 + 4 * <f64>count + 2 * <f64>count * <f64>tile + 32;
}

/**
 * dw[from..from+count)[n] = sum over the rows of the product: channel spikes · dy, channels at or beyond C left out.
 * @param lines rows of bits; the product has lines·W rows
 * @param tile pixelTile(lines, W)
 * @param panels dy[lines·W][n] in tiles as rowPanel makes them; 0: dy is read itself
 */
export function spikeLinearWeights(
  bits: usize, lines: i32, W: i32, C: i32, dy: usize, panels: usize, tile: i32, n: i32, dw: usize, from: i32,
  count: i32, scratch: usize, positions: usize,
): void {
  const channels = min(count, C - from), width = panelColumns(n);
  const ends: usize = scratch + 128, lists: usize = ends + (<usize>count << 2);
  const pitch: usize = <usize>(panels ? width : n) << 2;
  // a tile is some whole lines or a part of one
  const span = tile < W ? W : lines * W, height = max(tile / W, 1);
  dw += <usize>from * <usize>n << 2;
  for (let first = 0; first < lines * W; first += span) {
    for (let x = 0; x < span; x += tile) {
      const m = first + x, pixels = min(tile, span - x);
      listPixels(
        bits + <usize>(m / W * (C >> 3)) * <usize>W + <usize>(m % W), min(height, lines - m / W), min(pixels, W), W, C >> 3,
        from, channels, lists, ends, positions,
      );
      let panel: usize = panels ? panels + <usize>tilePanelBytes(m, n) : dy + (<usize>m * <usize>n << 2);
      const step: usize = panels ? <usize>pixels * pitch : <usize>width << 2;
      for (let b = 0; b < n; b += width, panel += step) {
        sumRows(lists, ends, channels, panel, pitch, min(width, n - b), m, dw + (<usize>b << 2), <usize>n << 2, scratch);
      }
    }
  }
}

/** For each of some channels the pixels of a tile in which it spikes; ends[i] is where they end. */
function listPixels(
  bits: usize, lines: i32, pixels: i32, W: i32, G: i32, from: i32, channels: i32, list: usize, ends: usize,
  positions: usize,
): void {
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
