// Forward 3x3 convolution of spike bits, padding 1, stride 1 or 2, by looking sums up. Its twin for few spikes is
// spikes/events.ts; this one takes the same time however many neurons spike.
//
// Whatever 8 channels of one pixel do is one byte, so the sum of their weights is one of 256 rows of a table. A row
// holds what the byte gives to 8 output channels through the three taps kx, since an input column x touches the outputs
// x - 1, x and x + 1 (kx = 2, 1, 0): 24 floats, added to six accumulators that move along with x.

import { add, ld, st, zero } from "../simd";
import { SpikeForward } from "./sizes";

/** A row is [kx][8] floats; a table has 256 rows. */
const ROW: usize = 96;
const TABLE: usize = 256 * ROW;

/** Bytes of the tables of one layer: [cout/8][ky][cin/8][256][kx][8] floats. */
export function tableBytes(cin: i32, cout: i32): f64 {
  return <f64>(cout >> 3) * 3 * <f64>(cin >> 3) * <f64>TABLE;
}

/** The tables of the weights w[ky][kx][cin][cout]. */
export function tableBuild(w: usize, cin: i32, cout: i32, table: usize): void {
  const kx: usize = (cin * cout) << 2;
  for (let b = 0; b < cout; b += 8) {
    for (let ky = 0; ky < 3; ky++) {
      for (let c = 0; c < cin; c += 8, table += TABLE) {
        buildOne(w + <usize>(((ky * 3 * cin + c) * cout + b) << 2), kx, cout << 2, table);
      }
    }
  }
}

/** Row v = row (v without its highest bit j) + weights of channel j, which begin at w + j·channel. */
function buildOne(w: usize, kx: usize, channel: usize, table: usize): void {
  for (let o: usize = 0; o < ROW; o += 16) st(table + o, zero());
  let to: usize = table + ROW;
  for (let j = 0; j < 8; j++, w += channel) {
    const w0 = ld(w), w1 = ld(w, 16);
    const w2 = ld(w + kx), w3 = ld(w + kx, 16);
    const w4 = ld(w + 2 * kx), w5 = ld(w + 2 * kx, 16);
    const end: usize = table + (ROW << j);
    for (let from = table; from < end; from += ROW, to += ROW) {
      st(to, add(ld(from), w0));
      st(to, add(ld(from, 16), w1), 16);
      st(to, add(ld(from, 32), w2), 32);
      st(to, add(ld(from, 48), w3), 48);
      st(to, add(ld(from, 64), w4), 64);
      st(to, add(ld(from, 80), w5), 80);
    }
  }
}

/**
 * out[t][OH][OW][cout] from bits[t][H][cin/8][W], OH = ⌊(H-1)/stride⌋ + 1.
 * The tables of 8 output channels serve all planes before the next ones are touched: they are what fills the cache.
 */
export function tableConv(bits: usize, table: usize, out: usize, s: SpikeForward): void {
  const T = s.T, cout = s.cout, bitsPitch = s.bitsPitch, outPitch = s.outPitch, perKy = bytesPerKy(s);
  for (let b = 0; b < cout; b += 8) {
    for (let t = 0; t < T; t++) tablePlane(bits + <usize>t * bitsPitch, table, out + <usize>t * outPitch + (b << 2), s);
    table += 3 * perKy;
  }
}

/** The tables of one ky. */
// @ts-ignore: decorator
@inline function bytesPerKy(s: SpikeForward): usize {
  return <usize>(s.cin >> 3) * TABLE;
}

/** One plane, 8 output channels. */
function tablePlane(bits: usize, table: usize, out: usize, s: SpikeForward): void {
  const H = s.H, W = s.W, G = s.cin >> 3, stride = s.stride, perKy = bytesPerKy(s), pixel: usize = s.cout << 2;
  const outRow: usize = <usize>((W - 1) / stride + 1) * pixel;
  for (let y = 0; y < H; y += stride, out += outRow) {
    const first = y == 0 ? 1 : 0; // the taps ky whose input row exists
    const last = y == H - 1 ? 2 : 3;
    const rows: usize = bits + (y + first - 1) * G * W;
    const from: usize = table + <usize>first * perKy;
    const to: usize = table + <usize>last * perKy;
    if (stride == 1) tableRow(rows, W, from, to, out - pixel, pixel);
    else tableRow2(rows, W, from, to, out, pixel);
  }
}

/**
 * One row of outputs, stride 1. The tables from..to belong to consecutive lines of W bytes at rows. a, b, c: the
 * outputs left of, at and right of column x. Output -1 is summed too, and not stored.
 */
export function tableRow(rows: usize, W: i32, from: usize, to: usize, out: usize, pixel: usize): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  const first = rows;
  const end: usize = rows + W;
  for (; rows < end; rows++) {
    let c0 = zero(), c1 = zero();
    let q: usize = rows;
    for (let t = from; t < to; t += TABLE) {
      const p: usize = t + <usize>load<u8>(q) * ROW;
      c0 = add(c0, ld(p));
      c1 = add(c1, ld(p, 16));
      b0 = add(b0, ld(p, 32));
      b1 = add(b1, ld(p, 48));
      a0 = add(a0, ld(p, 64));
      a1 = add(a1, ld(p, 80));
      q += W;
    }
    if (rows != first) {
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

/**
 * One row of outputs, stride 2: output x takes column 2x through kx = 1; 2x + 1 through kx = 2, and kx = 0 of x + 1.
 */
export function tableRow2(rows: usize, W: i32, from: usize, to: usize, out: usize, pixel: usize): void {
  let a0 = zero(), a1 = zero();
  const end: usize = rows + (W & ~1);
  for (; rows < end; rows += 2) {
    let b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero();
    let q: usize = rows;
    for (let t = from; t < to; t += TABLE) {
      const even: usize = t + <usize>load<u8>(q) * ROW;
      const odd: usize = t + <usize>load<u8>(q, 1) * ROW;
      b0 = add(b0, ld(even, 32));
      b1 = add(b1, ld(even, 48));
      a0 = add(a0, ld(odd, 64));
      a1 = add(a1, ld(odd, 80));
      c0 = add(c0, ld(odd));
      c1 = add(c1, ld(odd, 16));
      q += W;
    }
    st(out, add(a0, b0));
    st(out, add(a1, b1), 16);
    out += pixel;
    a0 = c0;
    a1 = c1;
  }
  if (W & 1) {
    for (let t = from; t < to; t += TABLE) {
      const p: usize = t + <usize>load<u8>(rows) * ROW;
      a0 = add(a0, ld(p, 32));
      a1 = add(a1, ld(p, 48));
      rows += W;
    }
    st(out, a0);
    st(out, a1, 16);
  }
}
