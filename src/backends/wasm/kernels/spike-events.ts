// Forward 3x3 convolution of spike bits, padding 1, stride 1 or 2, spike by spike. Its twin for many spikes is
// spike-tables.ts.
//
// For each row of outputs the spikes that reach it are listed once, column by column, and the list is walked for every 8
// output channels. A spike of channel c in input row y + ky - 1 adds the weights [kx][8] of (ky, c): 24 floats for the
// outputs x - 1, x, x + 1 (kx = 2, 1, 0), in six accumulators that move along with x.

import { add, ld, st, zero } from "./simd";

/** Weights of one (ky, c): [kx][8] floats. */
const ROW: usize = 96;
/** A list entry counts units of 32 bytes, so that 16 bits reach 2 MiB of weights. */
const UNITS = 3;

/** Bytes of the weights in the order that eventConv reads: [cout/8][ky][cin][kx][8] floats. */
export function eventWeightBytes(cin: i32, cout: i32): i32 {
  return 9 * cin * cout * 4;
}

/** wt from w[ky][kx][cin][cout]. */
export function eventWeights(w: usize, cin: i32, cout: i32, wt: usize): void {
  for (let b = 0; b < cout; b += 8) {
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

/** Bytes of scratch for rows of W pixels: where every column's list ends, then the list. */
export function eventScratchBytes(W: i32, cin: i32): i32 {
  return endsBytes(W) + 6 * cin * W + 16;
}

// @ts-ignore: decorator
@inline function endsBytes(W: i32): i32 {
  return ((W << 2) + 15) & ~15;
}

/**
 * out[t][OH][OW][cout] from bits[t][H][cin/8][W], planes bitPitch and outPitch bytes apart, OH = ⌊(H-1)/stride⌋ + 1;
 * cin up to 7,000. positions: 4096 bytes filled by bitPositions; scratch: eventScratchBytes(W, cin).
 */
export function eventConv(
  bits: usize,
  bitPitch: usize,
  T: i32,
  H: i32,
  W: i32,
  cin: i32,
  cout: i32,
  stride: i32,
  wt: usize,
  out: usize,
  outPitch: usize,
  scratch: usize,
  positions: usize,
): void {
  for (let t = 0; t < T; t++) {
    eventPlane(bits, H, W, cin, cout, stride, wt, out, scratch, positions);
    bits += bitPitch;
    out += outPitch;
  }
}

function eventPlane(
  bits: usize,
  H: i32,
  W: i32,
  cin: i32,
  cout: i32,
  stride: i32,
  wt: usize,
  out: usize,
  ends: usize,
  positions: usize,
): void {
  const G = cin >> 3;
  const list: usize = ends + endsBytes(W);
  const block: usize = <usize>(3 * cin) * ROW;
  const pixel: usize = cout << 2;
  const outRow: usize = <usize>((W - 1) / stride + 1) * pixel;
  for (let y = 0; y < H; y += stride, out += outRow) {
    const first = y == 0 ? 1 : 0; // the taps ky whose input row exists
    const last = y == H - 1 ? 2 : 3;
    eventList(bits + (y + first - 1) * G * W, W, (last - first) * G, first * cin * UNITS, list, ends, positions);
    let w = wt;
    for (let o: usize = 0; o < pixel; o += 32, w += block) {
      if (stride == 1) eventRow(list, ends, W, w, out + o - pixel, pixel);
      else eventRow2(list, ends, W, w, out + o, pixel);
    }
  }
}

/**
 * The list of one output row: for every column x the spikes in its `lines` bytes, W bytes apart, as units into the weights,
 * counted from `base`; ends[x] is where the column's entries end.
 */
export function eventList(
  rows: usize,
  W: i32,
  lines: i32,
  base: i32,
  list: usize,
  ends: usize,
  positions: usize,
): void {
  const first = i16x8.splat(<i16>base);
  const group = i16x8.splat(<i16>(8 * UNITS));
  const units = i16x8.splat(<i16>UNITS);
  const end: usize = rows + W;
  const height: usize = lines * W;
  for (; rows < end; rows++, ends += 4) {
    let at = first;
    const bottom: usize = rows + height;
    for (let q = rows; q < bottom; q += W) {
      const byte = <usize>load<u8>(q);
      // always 8 entries, of which the next byte overwrites those that are none
      st(list, i16x8.add(i16x8.mul(ld(positions + (byte << 4)), units), at));
      list += <usize>popcnt<u32>(<u32>byte) << 1;
      at = i16x8.add(at, group);
    }
    store<u32>(ends, <u32>list);
  }
}

/** One row of outputs, stride 1, 8 output channels; see tableRow for a, b, c. */
export function eventRow(list: usize, ends: usize, W: i32, w: usize, out: usize, pixel: usize): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  const first = ends;
  const last: usize = ends + (W << 2);
  for (; ends < last; ends += 4) {
    let c0 = zero(), c1 = zero();
    const end = <usize>load<u32>(ends);
    while (list < end) {
      const p: usize = w + (<usize>load<u16>(list) << 5);
      c0 = add(c0, ld(p));
      c1 = add(c1, ld(p, 16));
      b0 = add(b0, ld(p, 32));
      b1 = add(b1, ld(p, 48));
      a0 = add(a0, ld(p, 64));
      a1 = add(a1, ld(p, 80));
      list += 2;
    }
    if (ends != first) {
      st(out, a0);
      st(out, a1, 16);
    }
    out += pixel;
    a0 = b0;
    a1 = b1;
    b0 = c0;
    b1 = c1;
  }
  st(out, a0);
  st(out, a1, 16);
}

/** One row of outputs, stride 2: even columns reach one output, odd ones two; see tableRow2. */
export function eventRow2(list: usize, ends: usize, W: i32, w: usize, out: usize, pixel: usize): void {
  let a0 = zero(), a1 = zero();
  for (let x = 0; x < W; x += 2, ends += 8, out += pixel) {
    const even = <usize>load<u32>(ends);
    for (; list < even; list += 2) {
      const p: usize = w + (<usize>load<u16>(list) << 5);
      a0 = add(a0, ld(p, 32));
      a1 = add(a1, ld(p, 48));
    }
    let b0 = zero(), b1 = zero();
    if (x + 1 < W) {
      const odd = <usize>load<u32>(ends, 4);
      for (; list < odd; list += 2) {
        const p: usize = w + (<usize>load<u16>(list) << 5);
        b0 = add(b0, ld(p));
        b1 = add(b1, ld(p, 16));
        a0 = add(a0, ld(p, 64));
        a1 = add(a1, ld(p, 80));
      }
    }
    st(out, a0);
    st(out, a1, 16);
    a0 = b0;
    a1 = b1;
  }
}
