// A whole layer, spike bits to spike bits: a row of 16 channels is summed up for each time step and fires at once, so
// that currents and potentials (a row each) never leave the first cache. What a layer is made of stands in memory, as
// words of 32 bits (integer/layer.ts writes them):
//
//   T, OH, OW, 0; the output's place (4 words, simd.ts), its bytes of 8 channels; constants, what is left of V, how it
//   is reset; lanes; whether there is a shortcut, its place; how many sources; scratch, from thread to
//   thread; then of each source SOURCE words
//   how it is walked; its place, H, W, bytes of 8 channels; tables, bytes from 16 channels to the next; for pairs of
//   bytes and rows (picked.ts) the addresses where those of each 16 channels begin; strides, padding at the top and the
//   left, the padded size, where in scratch its padded planes lie (0: none), bytes of one; units of a byte, the table
//   of lists, where in scratch lists lie

import { fireRow } from "./fire";
import { byBytes, byHalves, padBits } from "./picked";
import { byList, byListTwo, byTables, byTablesTwo, makeList } from "./rows";
import { place, step, word } from "./simd";

const SOURCES: usize = 24;
const SOURCE: usize = 24;
/** Where in scratch the row of sums lies. */
const ROW: usize = 64;
const HALVES: i32 = 1;
const TABLES: i32 = 2;
const LISTS: i32 = 3;

/** Images from `image` on, of them the 16 channels from number `block` to before `end`. */
export function integerLayer(d: usize, image: i32, images: i32, block: i32, end: i32, thread: i32): void {
  for (let n = image; n < image + images; n++) layerOf(d, n, block, end, thread);
}

function layerOf(d: usize, image: i32, block: i32, end: i32, thread: i32): void {
  const T = word(d, 0), OH = word(d, 1), OW = word(d, 2), OG = word(d, 8), count = word(d, 18);
  const constants = <usize>word(d, 9);
  const out = place(d, 4, image, thread), outStep = step(d, 4);
  const added = word(d, 13) != 0, around = added ? place(d, 14, image, thread) : 0, aroundStep = step(d, 14);
  const scratch = scratchOf(d, thread), row: usize = scratch + ROW, v: usize = row + (<usize>(OW + 2) << 5);
  for (let i = 0; i < count; i++) prepare(source(d, i), T, image, thread, scratch);
  const stop = min(end, word(d, 3));
  for (let b = block; b < stop; b++) {
    const own: usize = constants + <usize>(b * 160);
    for (let y = 0; y < OH; y++) {
      const at: usize = <usize>((y * OG + 2 * b) * OW);
      for (let t = 0; t < T; t++) {
        for (let i = 0; i < count; i++) sums(d, i, image, thread, b, y, t);
        const shortcut: usize = added ? around + <usize>t * aroundStep + at : 0;
        fireRow(d, t == 0, row, v, own, shortcut, out + <usize>t * outStep + at);
      }
    }
  }
}

// @ts-ignore: decorator
@inline function source(d: usize, i: i32): usize {
  return d + ((SOURCES + SOURCE * <usize>i) << 2);
}

/** A thread's own. */
// @ts-ignore: decorator
@inline function scratchOf(d: usize, thread: i32): usize {
  return <usize>(word(d, 19) + thread * word(d, 20));
}

/** Pads the planes of a source, or lists what spikes in them. */
export function prepare(s: usize, T: i32, image: i32, thread: i32, scratch: usize): void {
  const way = word(s, 0), H = word(s, 5), W = word(s, 6), G = word(s, 7);
  const bits = place(s, 1, image, thread), pitch = step(s, 1);
  if (way == LISTS) {
    const units = word(s, 19), table = <usize>word(s, 20);
    let ends: usize = scratch + word(s, 21), list: usize = ends + (<usize>(H * T * (W + 1)) << 2) + 64;
    for (let top = -1; top < H - 1; top += word(s, 11)) {
      const first = top < 0 ? 1 : 0, last = top + 3 > H ? 2 : 3;
      for (let t = 0; t < T; t++, ends += <usize>(W + 1) << 2) {
        store<u32>(ends, <u32>list);
        const rows: usize = bits + <usize>t * pitch + (top + first) * G * W;
        list = makeList(rows, W, (last - first) * G, first * G * units, units, list, ends + 4, table);
      }
    }
    return;
  }
  const padded = word(s, 17);
  if (padded == 0) return;
  const steps = pitch == 0 ? 1 : T;
  for (let t = 0; t < steps; t++) {
    padBits(s, bits + <usize>t * pitch, scratch + padded + t * word(s, 18));
  }
}

/** The row y of sums of source `i`, 16 channels; those of sources behind the first are added to what is there. */
export function sums(d: usize, i: i32, image: i32, thread: i32, b: i32, y: i32, t: i32): void {
  const s = source(d, i), T = word(d, 0), OW = word(d, 2), more = i > 0;
  const scratch = scratchOf(d, thread), row: usize = scratch + ROW;
  const way = word(s, 0), H = word(s, 5), W = word(s, 6), G = word(s, 7), forms = <usize>word(s, 8);
  if (way == LISTS) {
    const ends: usize = scratch + word(s, 21) + (<usize>((y * T + t) * (W + 1)) << 2);
    const weights: usize = forms + <usize>(b * word(s, 9));
    if (word(s, 12) == 2) byListTwo(<usize>load<u32>(ends), ends + 4, W, weights, row);
    else byList(<usize>load<u32>(ends), ends + 4, W, weights, row);
    return;
  }
  if (way == TABLES) {
    const top = y * word(s, 11) - 1, first = top < 0 ? 1 : 0, last = top + 3 > H ? 2 : 3, tap: usize = <usize>G * (256 * 96);
    const tables: usize = forms + <usize>b * <usize>word(s, 9);
    const rows: usize = place(s, 1, image, thread) + <usize>t * step(s, 1) + (top + first) * G * W;
    const from: usize = tables + <usize>first * tap, to: usize = tables + <usize>last * tap;
    if (word(s, 12) == 2) byTablesTwo(rows, W, from, to, row);
    else byTables(rows, W, from, to, row);
    return;
  }
  const starts: usize = <usize>word(s, 10) + (<usize>b << 2), from = <usize>load<u32>(starts), end = <usize>load<u32>(starts, 4);
  const padded = word(s, 17), PW = word(s, 16), still = step(s, 1) == 0;
  const plane: usize = padded == 0
    ? place(s, 1, image, thread) + <usize>t * step(s, 1)
    : scratch + padded + (still ? 0 : t * word(s, 18));
  const line: usize = plane + <usize>(y * word(s, 11) * G * PW), sx = <usize>word(s, 12);
  if (way == HALVES) byHalves(line, from, end, forms, OW, sx, row, more);
  else byBytes(line, from, end, forms, OW, sx, row, more);
}

/** Currents [T][OH][OW][16·blocks] of 32 bits, of one source: `d` is that of a layer whose output they are. */
export function integerPicked(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), OH = word(d, 1), OW = word(d, 2), blocks = word(d, 3), s = source(d, 0), bias = <usize>word(d, 9);
  const out = place(d, 4, image, thread), outStep = step(d, 4);
  const scratch = scratchOf(d, thread), row: usize = scratch + ROW;
  prepare(s, T, image, thread, scratch);
  for (let b = 0; b < blocks; b++) {
    for (let y = 0; y < OH; y++) {
      for (let t = 0; t < T; t++) {
        sums(d, 0, image, thread, b, y, t);
        widen(row, OW, bias + <usize>(b << 6), blocks << 6, out + <usize>t * outStep + <usize>((y * OW * blocks + b) << 6));
      }
    }
  }
}

/** Sums of 16 bits and biases of 32 into pixels that are `pixel` bytes apart. */
function widen(row: usize, W: i32, bias: usize, pixel: usize, out: usize): void {
  const b0 = v128.load(bias), b1 = v128.load(bias, 16), b2 = v128.load(bias, 32), b3 = v128.load(bias, 48);
  for (let x = 0; x < W; x++, row += 32, out += pixel) {
    const lo = v128.load(row), hi = v128.load(row, 16);
    v128.store(out, i32x4.add(i32x4.extend_low_i16x8_s(lo), b0));
    v128.store(out, i32x4.add(i32x4.extend_high_i16x8_s(lo), b1), 16);
    v128.store(out, i32x4.add(i32x4.extend_low_i16x8_s(hi), b2), 32);
    v128.store(out, i32x4.add(i32x4.extend_high_i16x8_s(hi), b3), 48);
  }
}
