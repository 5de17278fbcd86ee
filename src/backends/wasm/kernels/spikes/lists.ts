// Where each channel of a tile spiked: for every input channel the list of positions, 16 bits each, that
// spikes/weight-gradient.ts walks. No sums here.
//
// Stride 1 makes one list a channel; stride 2 makes four, [y odd][x odd], because those meet different taps. For each
// group of 8 channels the bits are first turned around: a byte of 8 channels becomes, in each channel's line, bytes
// of 8 pixels ("chunks"; stride 2: every second pixel). A chunk then turns into entries by a table.

import { ld, st, zero } from "../simd";
import { Tile } from "./tile";

/** Fills tile.starts with where each list begins, and where the last one ends. */
export function listTile(tile: Tile, cinFrom: i32, cinTo: i32): void {
  const chunks = placeChunks(tile);
  const pitch = chunks + 1; // turning 16 pixels may write one chunk too many
  const lines = tile.stride == 1 ? 8 : 32;
  let start = tile.starts;
  let p = tile.lists;
  for (let c = cinFrom; c < cinTo; c += 8) {
    const group: usize = tile.bits + (c >> 3) * tile.W;
    if (tile.stride == 1) turn(tile, group, pitch);
    else turn2(tile, group, pitch);
    let line = tile.chunks;
    for (let i = 0; i < lines; i++, line += pitch, start += 4) {
      store<u32>(start, <u32>p);
      p = tile.pair
        ? listPairs(line, line + chunks, tile.places, tile.pairTable, p)
        : listSingles(line, line + chunks, tile.places, tile.positions, p);
      // whole rounds of 4: the sums need no rest
      st(p, i16x8.splat(<i16>tile.none));
      p = tile.lists + ((p - tile.lists + 7) & ~7);
    }
  }
  store<u32>(start, <u32>p);
}

/** tile.places: the position of each chunk's first pixel, t·plane + y·width + x; gives their number. */
function placeChunks(tile: Tile): i32 {
  let p = tile.places;
  for (let t = 0; t < tile.planes; t++) {
    for (let y = 0; y < tile.rows; y++) {
      for (let x = 0; x < tile.width - 2; x += 8, p += 2) store<u16>(p, <u16>(t * tile.plane + y * tile.width + x));
    }
  }
  return <i32>((p - tile.places) >> 1);
}

/** tile.chunks[channel of the group][chunk], lines `pitch` bytes apart. */
function turn(tile: Tile, group: usize, pitch: i32): void {
  const W = tile.W;
  const rowChunks = (W + 7) >> 3;
  let to = tile.chunks;
  for (let t = 0; t < tile.planes; t++, group += tile.bitPitch) {
    let row = group;
    for (let y = 0; y < tile.rows; y++, row += tile.bitRow, to += rowChunks) {
      for (let x = 0; x < W; x += 16) turn16(firstBytes(ld(row + x), W - x), to + (x >> 3), pitch);
    }
  }
}

/** Bit j of the 16 bytes becomes 16 bits in line j. */
// @ts-ignore: decorator
@inline function turn16(v: v128, to: usize, pitch: usize): void {
  let line: usize = to + 7 * pitch;
  for (let j = 0; j < 8; j++, line -= pitch) {
    store<u16>(line, <u16>i8x16.bitmask(v));
    v = i8x16.add(v, v); // the next lower bit to the top
  }
}

/** tile.chunks[channel of the group][y odd][x odd][chunk]. */
function turn2(tile: Tile, group: usize, pitch: i32): void {
  const W = tile.W;
  let to = tile.chunks;
  for (let t = 0; t < tile.planes; t++, group += tile.bitPitch) {
    let row = group;
    for (let y = 0; y < tile.rows; y++, row += 2 * tile.bitRow) {
      const odd = 2 * y + 1 < tile.height;
      for (let x = 0; x < W; x += 16, to++) {
        turnHalves(firstBytes(ld(row + x), W - x), to, pitch);
        turnHalves(odd ? firstBytes(ld(row + tile.bitRow + x), W - x) : zero(), to + 2 * pitch, pitch);
      }
    }
  }
}

/** Bit j of the 8 even bytes becomes 8 bits in line 4j, that of the odd ones in line 4j + 1. */
// @ts-ignore: decorator
@inline function turnHalves(bytes: v128, to: usize, pitch: usize): void {
  let v = i8x16.shuffle(bytes, bytes, 0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
  let line: usize = to + 28 * pitch;
  for (let j = 0; j < 8; j++, line -= 4 * pitch) {
    const bits = i8x16.bitmask(v);
    store<u8>(line, <u8>bits);
    store<u8>(line + pitch, <u8>(bits >> 8));
    v = i8x16.add(v, v);
  }
}

/** The first n bytes; the others belong to other channels. */
// @ts-ignore: decorator
@inline function firstBytes(v: v128, n: i32): v128 {
  if (n >= 16) return v;
  const byte = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return v128.and(v, i8x16.lt_s(byte, i8x16.splat(<i8>n)));
}

/** Appends one entry for each spike of a line, at p; gives their end. Exported so that it stays a function. */
export function listSingles(line: usize, end: usize, places: usize, positions: usize, p: usize): usize {
  for (; line < end; line++, places += 2) {
    const spikes = <usize>load<u8>(line);
    p = append(p, positions, spikes, places, popcnt<u32>(<u32>spikes));
  }
  return p;
}

/** One entry for a spike or for two neighbours of one chunk. */
export function listPairs(line: usize, end: usize, places: usize, table: usize, p: usize): usize {
  for (; line < end; line++, places += 2) {
    const spikes = <usize>load<u8>(line);
    p = append(p, table, spikes, places, load<u8>(table + spikes, 4096));
  }
  return p;
}

/** Always writes 8 entries, of which the next ones overwrite those that are none. */
// @ts-ignore: decorator
@inline function append(p: usize, table: usize, spikes: usize, place: usize, entries: u32): usize {
  st(p, i16x8.add(ld(table + (spikes << 4)), v128.load16_splat(place)));
  return p + (<usize>entries << 1);
}
