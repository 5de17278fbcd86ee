// Forward 3x3 convolution of spike bits, padding 1, stride 1 or 2, spike by spike. Its twin for many spikes is
// spikes/tables.ts.
//
// For some rows of outputs the spikes that reach them are listed, column by column; then for every 8 output channels
// the lists are walked (spikes/rows.ts), so that those channels' weights stay in the nearest cache. Where they are
// too many for it, that is done for some input channels after others. Two ways to make entries:
// - events: each spike is one, and points to the weights of its channel;
// - quads: four neighbouring channels are one, if any of them spikes, and point to one of 16 sums of their weights.
//   Fewer entries for four times the weights: better at high rates, as long as these are near.

import { add, ld, st, zero } from "../simd";
import { eventRow, eventRow2, eventRow2More, eventRowMore } from "./rows";
import { SpikeForward, SpikeForwardPart } from "./sizes";

// what is exported stays a function of its own
export { eventRow, eventRow2, eventRow2More, eventRowMore } from "./rows";

/** An entry's weights: [kx][8] floats, and their size in units of 32 bytes, in which entries count. */
const ROW: usize = 96;
const UNITS = 3;

/** Columns that are listed together, or one row. */
const COLUMNS = 256;
/** Groups of 8 input channels that are listed together: their weights for 8 outputs take 36 kB. */
const GROUPS = 16;

/** For each byte its entries, [256][8] of 16 bits, then how many they are. */
const TABLE_BYTES = 256 * 16 + 256;

/**
 * Bytes of the weights that eventConv reads: [cout/8][cin/128][ky][128][kx][8] floats, the last cin/128 with the rest.
 */
export function eventWeightBytes(cin: i32, cout: i32): f64 {
  return 36 * <f64>cin * <f64>cout;
}

/** The same for quadConv, where four input channels have [16][kx][8] floats. */
export function quadWeightBytes(cin: i32, cout: i32): f64 {
  return 4 * eventWeightBytes(cin, cout);
}

/** wt for eventConv from w[ky][kx][cin][cout]. */
export function eventWeights(w: usize, cin: i32, cout: i32, wt: usize): void {
  eventWeightsPart(w, cin, cout, 0, cout, wt);
}

/**
 * The part of output channels first .. end, multiples of 8, so that threads can share the work. Neighbours in w are
 * taken together, four blocks at a time, since half a line costs as much as a whole one.
 */
export function eventWeightsPart(w: usize, cin: i32, cout: i32, first: i32, end: i32, wt: usize): void {
  const block: usize = <usize>(9 * cin) << 5, pixel: usize = <usize>cout << 2;
  for (let b = first; b < end; b += 32) {
    const bytes: usize = <usize>min(32, end - b) << 2;
    let at: usize = wt + <usize>(b >> 3) * block;
    for (let from = 0; from < cin; from += 8 * GROUPS) {
      const to = min(cin, from + 8 * GROUPS);
      for (let ky = 0; ky < 3; ky++) {
        for (let c = from; c < to; c++) {
          for (let kx = 0; kx < 3; kx++, at += 32) {
            copyBlocks(w + <usize>((ky * 3 + kx) * cin + c) * pixel + (<usize>b << 2), bytes, at, block);
          }
        }
      }
    }
  }
}

/** Eights of neighbouring floats, to blocks. */
// @ts-ignore: decorator
@inline function copyBlocks(from: usize, bytes: usize, to: usize, block: usize): void {
  for (const end: usize = from + bytes; from < end; from += 32, to += block) {
    st(to, ld(from));
    st(to, ld(from, 16), 16);
  }
}

/** wt for quadConv from w[ky][kx][cin][cout]. */
export function quadWeights(w: usize, cin: i32, cout: i32, wt: usize): void {
  for (let b = 0; b < cout; b += 8) {
    for (let from = 0; from < cin; from += 8 * GROUPS) {
      const to = min(cin, from + 8 * GROUPS);
      for (let ky = 0; ky < 3; ky++) {
        for (let c = from; c < to; c += 4, wt += 16 * ROW) {
          for (let kx = 0; kx < 3; kx++) {
            sumQuads(w + <usize>((((ky * 3 + kx) * cin + c) * cout + b) << 2), cout << 2, wt + (kx << 5));
          }
        }
      }
    }
  }
}

/** Row v = row (v without its highest bit j) + weights of channel j, which begin at w + j·channel. */
function sumQuads(w: usize, channel: usize, first: usize): void {
  st(first, zero());
  st(first, zero(), 16);
  let to: usize = first + ROW;
  for (let j = 0; j < 4; j++, w += channel) {
    const w0 = ld(w), w1 = ld(w, 16);
    const end: usize = first + (ROW << j);
    for (let from = first; from < end; from += ROW, to += ROW) {
      st(to, add(ld(from), w0));
      st(to, add(ld(from, 16), w1), 16);
    }
  }
}

/** Bytes of scratch for rows of W pixels, for either way: the table of entries, where columns end, the lists. */
export function eventScratchBytes(W: i32, cin: i32): f64 {
  return <f64>(TABLE_BYTES + endsBytes(W) + 6 * <i64>min(cin, 8 * GROUPS) * <i64>max(COLUMNS, W) + 16);
}

/** One word before the first column's: where its list begins. */
function endsBytes(W: i32): i64 {
  return ((<i64>max(COLUMNS, W) + 1) * 4 + 63) & ~63;
}

/**
 * out[t][OH][OW][cout] from bits[t][H][cin/8][W], OH = ⌊(H-1)/stride⌋ + 1.
 * positions: 4096 bytes filled by bitPositions; scratch: eventScratchBytes(W, cin).
 */
export function eventConv(bits: usize, wt: usize, out: usize, scratch: usize, positions: usize, s: SpikeForward): void {
  eventTable(scratch, positions);
  convolve(bits, s.cout, wt, 8 * UNITS, out, scratch, s);
}

/**
 * The same for output channels first .. end alone, multiples of 8, and from w[ky][kx][cin][cout] itself, for layers
 * whose channels threads share. wt: eventWeightBytes(cin, end - first) of scratch.
 */
export function eventConvPart(
  bits: usize, w: usize, wt: usize, out: usize, scratch: usize, positions: usize, s: SpikeForwardPart,
): void {
  const cin = s.cin, first = s.first, end = s.end;
  eventWeightsPart(w, cin, s.cout, first, end, wt - <usize>eventWeightBytes(cin, first));
  eventTable(scratch, positions);
  const to: usize = out + (<usize>first << 2);
  convolve(bits, end - first, wt, 8 * UNITS, to, scratch, s);
}

/** One entry for each spike. */
function eventTable(table: usize, positions: usize): void {
  for (let byte = 0; byte < 256; byte++) {
    st(table + (byte << 4), i16x8.mul(ld(positions + (byte << 4)), i16x8.splat(<i16>UNITS)));
    store<u8>(table + byte, <u8>popcnt<u32>(byte), 4096);
  }
}

/** The same by quads, wt from quadWeights. */
export function quadConv(bits: usize, wt: usize, out: usize, scratch: usize, s: SpikeForward): void {
  for (let byte = 0; byte < 256; byte++) {
    const low = byte & 15;
    const high = byte >> 4;
    const second = high ? (16 + high) * UNITS : 0;
    store<u32>(scratch + (byte << 4), low ? (low * UNITS) | (second << 16) : second);
    store<u8>(scratch + byte, <u8>(<i32>(low != 0) + <i32>(high != 0)), 4096);
  }
  convolve(bits, s.cout, wt, 32 * UNITS, out, scratch, s);
}

/** `count` output channels; `units`: what 8 input channels take of the weights; the table is made. */
function convolve(bits: usize, count: i32, wt: usize, units: i32, out: usize, table: usize, s: SpikeForward): void {
  const T = s.T, H = s.H, W = s.W, G = s.cin >> 3, stride = s.stride, more = s.more;
  const bitsPitch = s.bitsPitch, outPitch = s.outPitch;
  const OH = (H - 1) / stride + 1;
  const ends: usize = table + TABLE_BYTES + 4;
  const block: usize = <usize>(3 * G * units) << 5;
  const pixel: usize = s.cout << 2;
  const outRow: usize = <usize>((W - 1) / stride + 1) * pixel;
  const rows = max(1, COLUMNS / W);
  store<u32>(ends - 4, <u32>(table + TABLE_BYTES + <usize>endsBytes(W)));
  for (let from = 0; from < T * OH; from += rows) {
    const to = min(T * OH, from + rows);
    for (let g = 0; g < G; g += GROUPS) {
      const groups = min(GROUPS, G - g);
      let end = ends;
      for (let r = from; r < to; r++, end += W << 2) {
        const y = (r % OH) * stride;
        const first = y == 0 ? 1 : 0; // the taps ky whose input row exists
        const last = y == H - 1 ? 2 : 3;
        const input: usize = bits + <usize>(r / OH) * bitsPitch + ((y + first - 1) * G + g) * W;
        // whole rows follow each other, and are one
        const whole = groups == G ? last - first : 1, pieces = (last - first) / whole;
        eventList(input, W, pieces, whole * G, whole * groups, first * groups * units, units, end, table);
      }
      let w: usize = wt + (<usize>(3 * g * units) << 5);
      for (let o: usize = 0; o < <usize>count << 2; o += 32, w += block) {
        end = ends;
        for (let r = from; r < to; r++, end += W << 2) {
          const start = <usize>load<u32>(end - 4);
          const output: usize = out + <usize>(r / OH) * outPitch + <usize>(r % OH) * outRow + o;
          if (stride == 1) {
            if (g | more) eventRowMore(start, end, W, w, output, pixel);
            else eventRow(start, end, W, w, output, pixel);
          } else if (g | more) eventRow2More(start, end, W, w, output, pixel);
          else eventRow2(start, end, W, w, output, pixel);
        }
      }
    }
  }
}

/**
 * Lists one row of outputs where the list before it ends: for every column x the entries of the `groups` bytes of
 * each of `rows` rows, bytes W apart and rows `pitch`·W, counted from `base` and by `units` more for each byte;
 * ends[x] is where the column's entries end.
 */
export function eventList(
  at: usize, W: i32, rows: i32, pitch: i32, groups: i32, base: i32, units: i32, ends: usize, table: usize,
): void {
  const group = i16x8.splat(<i16>units);
  const end: usize = at + W;
  const height: usize = groups * W, rest: usize = (pitch - groups) * W;
  let list = <usize>load<u32>(ends - 4);
  for (; at < end; at++, ends += 4) {
    let entry = i16x8.splat(<i16>base), q = at, r = rows;
    do {
      for (const bottom: usize = q + height; q != bottom; q += W) {
        const byte = <usize>load<u8>(q);
        // always 8 entries, of which the next byte overwrites those that are none
        st(list, i16x8.add(ld(table + (byte << 4)), entry));
        list += <usize>load<u8>(table + byte, 4096) << 1;
        entry = i16x8.add(entry, group);
      }
      q += rest;
    } while (--r > 0);
    store<u32>(ends, <u32>list);
  }
}
