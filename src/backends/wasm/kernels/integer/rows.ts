// 3x3 sums of weights that spikes pick, padding 1: a row of pixels, 16 channels, for whatever rows of a plane its taps
// meet. Of stride 1 six accumulators move along with x, since an input column touches the outputs left of, at and right
// of it (kx = 2, 1, 0); of stride 2 four, since an even column touches the output at its half (kx = 1), an odd one
// those on either side (kx = 2, 0). Sums may wrap around on their way: what comes out fits.

import { add, ld, st, zero } from "./simd";

/** Of a byte of 8 channels the sums of their weights, [kx][16] each. */
const ROW: usize = 96;
const TABLE: usize = 256 * ROW;

/** By tables, one for each line of W bytes at `rows`. The output left of the first is stored too: out has room. */
export function byTables(rows: usize, W: i32, from: usize, to: usize, out: usize): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  const end: usize = rows + W;
  out -= 32;
  for (; rows < end; rows++) {
    let c0 = zero(), c1 = zero(), q: usize = rows;
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
    st(out, a0);
    st(out, a1, 16);
    out += 32;
    a0 = b0;
    a1 = b1;
    b0 = c0;
    b1 = c1;
  }
  st(out, a0);
  st(out, a1, 16);
}

/** The same of stride 2. */
export function byTablesTwo(rows: usize, W: i32, from: usize, to: usize, out: usize): void {
  let a0 = zero(), a1 = zero();
  const end: usize = rows + W;
  for (; rows + 1 < end; rows += 2, out += 32) {
    let c0 = zero(), c1 = zero(), q: usize = rows;
    for (let t = from; t < to; t += TABLE) {
      const even: usize = t + <usize>load<u8>(q) * ROW, odd: usize = t + <usize>load<u8>(q, 1) * ROW;
      a0 = add(a0, ld(even, 32));
      a1 = add(a1, ld(even, 48));
      a0 = add(a0, v128.load(odd, 64));
      a1 = add(a1, ld(odd, 80));
      c0 = add(c0, ld(odd));
      c1 = add(c1, ld(odd, 16));
      q += W;
    }
    st(out, a0);
    st(out, a1, 16);
    a0 = c0;
    a1 = c1;
  }
  if (rows == end) return;
  for (let t = from; t < to; t += TABLE, rows += W) {
    const p: usize = t + <usize>load<u8>(rows) * ROW;
    a0 = add(a0, ld(p, 32));
    a1 = add(a1, ld(p, 48));
  }
  st(out, a0);
  st(out, a1, 16);
}

/** By a list of rows to be added for each pixel, which ends at the addresses in `ends`. */
export function byList(list: usize, ends: usize, W: i32, w: usize, out: usize): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  const last: usize = ends + (<usize>W << 2);
  out -= 32;
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
    st(out, a0);
    st(out, a1, 16);
    out += 32;
    a0 = b0;
    a1 = b1;
    b0 = c0;
    b1 = c1;
  }
  st(out, a0);
  st(out, a1, 16);
}

/** The same of stride 2. */
export function byListTwo(list: usize, ends: usize, W: i32, w: usize, out: usize): void {
  let a0 = zero(), a1 = zero();
  const last: usize = ends + (<usize>W << 2);
  for (; ends < last; ends += 8, out += 32) {
    let c0 = zero(), c1 = zero();
    for (const end = <usize>load<u32>(ends); list < end; list += 2) {
      const p: usize = w + (<usize>load<u16>(list) << 5);
      a0 = add(a0, ld(p, 32));
      a1 = add(a1, ld(p, 48));
    }
    for (const end = ends + 4 < last ? <usize>load<u32>(ends, 4) : list; list < end; list += 2) {
      const p: usize = w + (<usize>load<u16>(list) << 5);
      a0 = add(a0, v128.load(p, 64));
      a1 = add(a1, ld(p, 80));
      c0 = add(c0, ld(p));
      c1 = add(c1, ld(p, 16));
    }
    st(out, a0);
    st(out, a1, 16);
    a0 = c0;
    a1 = c1;
  }
}

/**
 * Lists the rows of a line of pixels: `bytes` bytes above each other, the first one's rows beginning at `base`, each
 * byte's `units` of 32 bytes further. `table`: [256][8] of the rows of a byte, then how many they are.
 * @returns the end of the list
 */
export function makeList(at: usize, W: i32, bytes: i32, base: i32, units: i32, list: usize, ends: usize, table: usize): usize {
  const group = i16x8.splat(<i16>units), end: usize = at + W, height: usize = <usize>(bytes * W);
  for (; at < end; at++, ends += 4) {
    let entry = i16x8.splat(<i16>base), q = at;
    const bottom: usize = q + height;
    do {
      const byte = <usize>load<u8>(q);
      st(list, add(ld(table + (byte << 4)), entry));
      list += <usize>load<u8>(table + byte, 4096) << 1;
      entry = add(entry, group);
      q += W;
    } while (q < bottom);
    store<u32>(ends, <u32>list);
  }
  return list;
}
