// Forward 3x3 convolution of spike bits, padding 1, stride 1 or 2, spike by spike. Its twin for many spikes is
// spike-tables.ts.
//
// For some rows of outputs the spikes that reach them are listed, column by column; then for every 8 output channels the
// lists are walked (spike-rows.ts), so that those channels' weights stay in the nearest cache. Two ways to make entries:
// - events: each spike is one, and points to the weights of its channel;
// - quads: four neighbouring channels are one, if any of them spikes, and point to one of 16 sums of their weights. Fewer
//   entries for four times the weights: better at high rates, as long as these are near.

import { add, ld, st, zero } from "./simd";
import { eventRow, eventRow2 } from "./spike-rows";

export { eventRow, eventRow2 } from "./spike-rows"; // what is exported stays a function of its own

/** An entry's weights: [kx][8] floats, and their size in units of 32 bytes, in which entries count. */
const ROW: usize = 96;
const UNITS = 3;

/** Columns that are listed together, or one row. */
const COLUMNS = 256;

/** For each byte its entries, [256][8] of 16 bits, then how many they are. */
const TABLE_BYTES = 256 * 16 + 256;

/** Bytes of the weights that eventConv reads: [cout/8][ky][cin][kx][8] floats. */
export function eventWeightBytes(cin: i32, cout: i32): i32 {
  return 9 * cin * cout * 4;
}

/** The same for quadConv: [cout/8][ky][cin/4][16][kx][8] floats. */
export function quadWeightBytes(cin: i32, cout: i32): i32 {
  return 4 * eventWeightBytes(cin, cout);
}

/** wt for eventConv from w[ky][kx][cin][cout]. */
export function eventWeights(w: usize, cin: i32, cout: i32, wt: usize): void {
  eventWeightsPart(w, cin, cout, 0, cout, wt);
}

/** The part of output channels first .. end, multiples of 8, so that threads can share the work. */
export function eventWeightsPart(w: usize, cin: i32, cout: i32, first: i32, end: i32, wt: usize): void {
  wt += <usize>(9 * cin * first) << 2;
  for (let b = first; b < end; b += 8) {
    for (let ky = 0; ky < 3; ky++) {
      for (let c = 0; c < cin; c++) {
        for (let kx = 0; kx < 3; kx++, wt += 32) {
          const from: usize = w + <usize>((((ky * 3 + kx) * cin + c) * cout + b) << 2);
          st(wt, ld(from));
          st(wt, ld(from, 16), 16);
        }
      }
    }
  }
}

/** wt for quadConv from w[ky][kx][cin][cout]. */
export function quadWeights(w: usize, cin: i32, cout: i32, wt: usize): void {
  for (let b = 0; b < cout; b += 8) {
    for (let ky = 0; ky < 3; ky++) {
      for (let c = 0; c < cin; c += 4, wt += 16 * ROW) {
        for (let kx = 0; kx < 3; kx++) {
          sumQuads(w + <usize>((((ky * 3 + kx) * cin + c) * cout + b) << 2), cout << 2, wt + (kx << 5));
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
export function eventScratchBytes(W: i32, cin: i32): i32 {
  return TABLE_BYTES + endsBytes(W) + 6 * cin * max(COLUMNS, W) + 16;
}

/** One word before the first column's: where its list begins. */
function endsBytes(W: i32): i32 {
  return ((max(COLUMNS, W) + 1) * 4 + 63) & ~63;
}

/**
 * out[t][OH][OW][cout] from bits[t][H][cin/8][W], planes bitPitch and outPitch bytes apart, OH = ⌊(H-1)/stride⌋ + 1;
 * cin up to 7,000. positions: 4096 bytes filled by bitPositions; scratch: eventScratchBytes(W, cin).
 */
export function eventConv(
  bits: usize, bitPitch: usize, T: i32, H: i32, W: i32, cin: i32, cout: i32, stride: i32,
  wt: usize, out: usize, outPitch: usize, scratch: usize, positions: usize,
): void {
  for (let byte = 0; byte < 256; byte++) {
    st(scratch + (byte << 4), i16x8.mul(ld(positions + (byte << 4)), i16x8.splat(<i16>UNITS)));
    store<u8>(scratch + byte, <u8>popcnt<u32>(byte), 4096);
  }
  convolve(bits, bitPitch, T, H, W, cin >> 3, cout, stride, wt, 8 * UNITS, out, outPitch, scratch);
}

/** The same by quads, wt from quadWeights; cin up to 1,800. */
export function quadConv(
  bits: usize, bitPitch: usize, T: i32, H: i32, W: i32, cin: i32, cout: i32, stride: i32,
  wt: usize, out: usize, outPitch: usize, scratch: usize,
): void {
  for (let byte = 0; byte < 256; byte++) {
    const low = byte & 15;
    const high = byte >> 4;
    const second = high ? (16 + high) * UNITS : 0;
    store<u32>(scratch + (byte << 4), low ? (low * UNITS) | (second << 16) : second);
    store<u8>(scratch + byte, <u8>(<i32>(low != 0) + <i32>(high != 0)), 4096);
  }
  convolve(bits, bitPitch, T, H, W, cin >> 3, cout, stride, wt, 32 * UNITS, out, outPitch, scratch);
}

/** `units`: what 8 channels take of the weights; the table is made. */
function convolve(
  bits: usize, bitPitch: usize, T: i32, H: i32, W: i32, G: i32, cout: i32, stride: i32,
  wt: usize, units: i32, out: usize, outPitch: usize, table: usize,
): void {
  const OH = (H - 1) / stride + 1;
  const ends: usize = table + TABLE_BYTES + 4;
  const block: usize = <usize>(3 * G * units) << 5;
  const pixel: usize = cout << 2;
  const outRow: usize = <usize>((W - 1) / stride + 1) * pixel;
  const rows = max(1, COLUMNS / W);
  store<u32>(ends - 4, <u32>(table + TABLE_BYTES + endsBytes(W)));
  for (let from = 0; from < T * OH; from += rows) {
    const to = min(T * OH, from + rows);
    let end = ends;
    for (let r = from; r < to; r++, end += W << 2) {
      const y = (r % OH) * stride;
      const first = y == 0 ? 1 : 0; // the taps ky whose input row exists
      const last = y == H - 1 ? 2 : 3;
      const input: usize = bits + <usize>(r / OH) * bitPitch + (y + first - 1) * G * W;
      eventList(input, W, (last - first) * G, first * G * units, units, end, table);
    }
    let w = wt;
    for (let o: usize = 0; o < pixel; o += 32, w += block) {
      end = ends;
      for (let r = from; r < to; r++, end += W << 2) {
        const start = <usize>load<u32>(end - 4);
        const output: usize = out + <usize>(r / OH) * outPitch + <usize>(r % OH) * outRow + o;
        if (stride == 1) eventRow(start, end, W, w, output, pixel);
        else eventRow2(start, end, W, w, output, pixel);
      }
    }
  }
}

/**
 * Lists one row of outputs where the list before it ends: for every column x the entries of its `lines` bytes, W bytes
 * apart, counted from `base` and by `units` more for each byte; ends[x] is where the column's entries end.
 */
export function eventList(rows: usize, W: i32, lines: i32, base: i32, units: i32, ends: usize, table: usize): void {
  const first = i16x8.splat(<i16>base);
  const group = i16x8.splat(<i16>units);
  const end: usize = rows + W;
  const height: usize = lines * W;
  let list = <usize>load<u32>(ends - 4);
  for (; rows < end; rows++, ends += 4) {
    let at = first;
    const bottom: usize = rows + height;
    for (let q = rows; q < bottom; q += W) {
      const byte = <usize>load<u8>(q);
      // always 8 entries, of which the next byte overwrites those that are none
      st(list, i16x8.add(ld(table + (byte << 4)), at));
      list += <usize>load<u8>(table + byte, 4096) << 1;
      at = i16x8.add(at, group);
    }
    store<u32>(ends, <u32>list);
  }
}
