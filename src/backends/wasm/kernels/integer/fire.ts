// A row of neurons of 16 channels on 16-bit currents, all of it proved to fit:
//
//   H = x + offset + leak(V)  (+ one, where the shortcut spikes);  fires where H > limit;
//   V = fired ? drop or H - drop : H
//
// constants: [5][16] of 16 bits: offset, limit, one, drop, and keep.

import { add, ld, st, word } from "./simd";

/** V = fired ? 0 : H; V = fired ? drop : H; V = fired ? H - drop : H. */
export const TO_ZERO: i32 = 0;
export const TO_NUMBER: i32 = 1;
export const BY_NUMBER: i32 = 2;

/**
 * V·keep as a product, V itself (2^15 is not among 16 bits), or (V + 2) >> 2: the same for a quarter, in two
 * instructions.
 */
export const BY_PRODUCT: i32 = 0;
export const WHOLE: i32 = 1;
export const QUARTER: i32 = 2;
/** Nothing, at the first of the time steps: V is 0, and not read. */
const NOTHING: i32 = 3;

/**
 * @param d of a layer: its words 10 and 11 are what is left of V (QUARTER where V + 2 cannot go beyond its bits) and
 * how it is reset
 * @param first of the time steps: V is 0, and not read
 * @param shortcut 0, or a line of bytes, that of the next 8 channels W bytes further
 */
export function fireRow(d: usize, first: bool, x: usize, v: usize, constants: usize, shortcut: usize, out: usize): void {
  const leak = word(d, 10), reset = word(d, 11);
  if (reset == TO_ZERO && leak != WHOLE) {
    if (first) {
      if (shortcut) fire(NOTHING, true, TO_ZERO, d, x, v, constants, shortcut, out);
      else fire(NOTHING, false, TO_ZERO, d, x, v, constants, shortcut, out);
    } else if (leak == QUARTER) {
      if (shortcut) fire(QUARTER, true, TO_ZERO, d, x, v, constants, shortcut, out);
      else fire(QUARTER, false, TO_ZERO, d, x, v, constants, shortcut, out);
    } else {
      if (shortcut) fire(BY_PRODUCT, true, TO_ZERO, d, x, v, constants, shortcut, out);
      else fire(BY_PRODUCT, false, TO_ZERO, d, x, v, constants, shortcut, out);
    }
  } else if (reset == BY_NUMBER) {
    if (shortcut) fire(first ? NOTHING : leak, true, BY_NUMBER, d, x, v, constants, shortcut, out);
    else fire(first ? NOTHING : leak, false, BY_NUMBER, d, x, v, constants, shortcut, out);
  } else {
    if (shortcut) fire(first ? NOTHING : leak, true, TO_NUMBER, d, x, v, constants, shortcut, out);
    else fire(first ? NOTHING : leak, false, TO_NUMBER, d, x, v, constants, shortcut, out);
  }
}

/**
 * Two pixels a round; of an odd row's last round only one counts, x and v have room for another. `lanes` is
 * [256][8] of 16 bits, -1 where a bit of the byte is set.
 */
// @ts-ignore: decorator
@inline function fire(
  leak: i32, added: bool, reset: i32, d: usize, x: usize, v: usize, constants: usize, shortcut: usize, out: usize,
): void {
  const W = word(d, 2), lanes = <usize>word(d, 12);
  const b0 = ld(constants), b1 = ld(constants, 16), f0 = ld(constants, 32), f1 = ld(constants, 48);
  const s0 = v128.load(constants, 64), s1 = ld(constants, 80), r0 = ld(constants, 96), r1 = ld(constants, 112);
  const k = ld(constants, 128), end: usize = out + W;
  for (; out < end; out += 2, x += 64, v += 64) {
    let h0 = add(ld(x), b0), h1 = add(ld(x, 16), b1), h2 = add(ld(x, 32), b0), h3 = add(ld(x, 48), b1);
    if (added) {
      h0 = add(h0, v128.and(s0, ld(lanes + (<usize>load<u8>(shortcut) << 4))));
      h1 = add(h1, v128.and(s1, ld(lanes + (<usize>load<u8>(shortcut + W) << 4))));
      h2 = add(h2, v128.and(s0, ld(lanes + (<usize>load<u8>(shortcut, 1) << 4))));
      h3 = add(h3, v128.and(s1, ld(lanes + (<usize>load<u8>(shortcut + W, 1) << 4))));
      shortcut += 2;
    }
    if (leak != NOTHING) {
      h0 = add(h0, left(leak, ld(v), k));
      h1 = add(h1, left(leak, ld(v, 16), k));
      h2 = add(h2, left(leak, ld(v, 32), k));
      h3 = add(h3, left(leak, ld(v, 48), k));
    }
    const m0 = i16x8.gt_s(h0, f0), m1 = i16x8.gt_s(h1, f1), m2 = i16x8.gt_s(h2, f0), m3 = i16x8.gt_s(h3, f1);
    st(v, after(reset, h0, m0, r0));
    st(v, after(reset, h1, m1, r1), 16);
    st(v, after(reset, h2, m2, r0), 32);
    st(v, after(reset, h3, m3, r1), 48);
    const lo = i8x16.bitmask(i8x16.narrow_i16x8_s(m0, m2)), hi = i8x16.bitmask(i8x16.narrow_i16x8_s(m1, m3));
    if (out + 2 <= end) {
      store<u16>(out, <u16>lo);
      store<u16>(out + W, <u16>hi);
    } else {
      store<u8>(out, <u8>lo);
      store<u8>(out + W, <u8>hi);
    }
  }
}

// @ts-ignore: decorator
@inline function after(reset: i32, h: v128, fired: v128, drop: v128): v128 {
  if (reset == TO_ZERO) return v128.andnot(h, fired);
  if (reset == TO_NUMBER) return v128.bitselect(drop, h, fired);
  return i16x8.sub(h, v128.and(fired, drop));
}

// @ts-ignore: decorator
@inline function left(leak: i32, v: v128, keep: v128): v128 {
  if (leak == QUARTER) return i16x8.shr_s(add(v, i16x8.splat(2)), 2);
  return leak == WHOLE ? v : i16x8.q15mulr_sat_s(v, keep);
}
