// Sums of weights that spikes pick, of any windows, groups and strides: a row of pixels, 16 channels, by looking up
// bytes of 8 channels. Which bytes those are, relative to a pixel's window, is a list of pairs made once for each 16
// channels: where the byte lies, and where its rows of sums ([16] each) begin. Bytes without weights are not in it.

import { add, ld, st, word, zero } from "./simd";

/**
 * @param line the first pixel's window, whose pixels are sx bytes apart
 * @param more whether the sums are added to what is there
 */
export function byBytes(line: usize, entries: usize, end: usize, table: usize, W: i32, sx: usize, out: usize, more: bool): void {
  let x = 0;
  for (; x + 4 <= W; x += 4, line += 4 * sx, out += 128) {
    let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero(), c0 = zero(), c1 = zero(), d0 = zero(), d1 = zero();
    for (let e = entries; e < end; e += 8) {
      const q: usize = line + load<u32>(e), t: usize = table + load<u32>(e, 4);
      const a: usize = t + (<usize>load<u8>(q) << 5), b: usize = t + (<usize>load<u8>(q + sx) << 5);
      a0 = add(a0, ld(a));
      a1 = add(a1, ld(a, 16));
      b0 = add(b0, ld(b));
      b1 = add(b1, ld(b, 16));
      const c: usize = t + (<usize>load<u8>(q + 2 * sx) << 5), d: usize = t + (<usize>load<u8>(q + 3 * sx) << 5);
      c0 = add(c0, ld(c));
      c1 = add(c1, ld(c, 16));
      d0 = add(d0, ld(d));
      d1 = add(d1, ld(d, 16));
    }
    put(out, a0, a1, more);
    put(out + 32, b0, b1, more);
    put(out + 64, c0, c1, more);
    put(out + 96, d0, d1, more);
  }
  for (; x < W; x++, line += sx, out += 32) {
    let a0 = zero(), a1 = zero();
    for (let e = entries; e < end; e += 8) {
      const p: usize = table + load<u32>(e, 4) + (<usize>load<u8>(line + load<u32>(e)) << 5);
      a0 = add(a0, ld(p));
      a1 = add(a1, ld(p, 16));
    }
    put(out, a0, a1, more);
  }
}

/** The same by halves of bytes, 16 rows each: an eighth of the tables. */
export function byHalves(line: usize, entries: usize, end: usize, table: usize, W: i32, sx: usize, out: usize, more: bool): void {
  for (let x = 0; x < W; x++, line += sx, out += 32) {
    let a0 = zero(), a1 = zero();
    for (let e = entries; e < end; e += 8) {
      const byte = <usize>load<u8>(line + load<u32>(e));
      if (byte == 0) continue;
      const t: usize = table + load<u32>(e, 4), p: usize = t + ((byte & 15) << 5), q: usize = t + 512 + ((byte >> 4) << 5);
      a0 = add(a0, add(ld(p), ld(q)));
      a1 = add(a1, add(ld(p, 16), ld(q, 16)));
    }
    put(out, a0, a1, more);
  }
}

// @ts-ignore: decorator
@inline function put(out: usize, lo: v128, hi: v128, more: bool): void {
  if (more) {
    lo = add(ld(out), lo);
    hi = add(ld(out, 16), hi);
  }
  st(out, lo);
  st(out, hi, 16);
}

/** A plane of bytes [H][G][W] with zeros around it, [PH][G][PW]; s is a source as in layer.ts. */
export function padBits(s: usize, bits: usize, out: usize): void {
  const H = word(s, 5), W = word(s, 6), G = word(s, 7), top = word(s, 13), left = word(s, 14), PH = word(s, 15), PW = word(s, 16);
  memory.fill(out, 0, PH * G * PW);
  let to: usize = out + <usize>(top * G * PW + left);
  for (let r = 0; r < H * G; r++, bits += W, to += PW) memory.copy(to, bits, W);
}
