// Currents of 32 bits, [T][H][W][16·blocks]: added up, pooled, fired. One general loop of each; layer.ts has what is
// fast.

import { ld, place, st, step, word, zero } from "./simd";

const BITS: i32 = 0;
const NUMBERS: i32 = 1;

/**
 * out (+)= times·x + bias. Words: T, H, W, blocks; place in; place out; of what kind x is; its bytes of 8 channels (of
 * numbers and currents its bytes a pixel); times (0: 1), bias (0: none), whether to add to what is there, whether what
 * comes out is numbers of 16 bits.
 */
export function integerAdd(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), H = word(d, 1), W = word(d, 2), blocks = word(d, 3), kind = word(d, 12), G = word(d, 13);
  const times = <usize>word(d, 14), bias = <usize>word(d, 15), more = word(d, 16) != 0, short = word(d, 17) != 0;
  for (let t = 0; t < T; t++) {
    const x: usize = place(d, 4, image, thread) + <usize>t * step(d, 4);
    let out: usize = place(d, 8, image, thread) + <usize>t * step(d, 8);
    for (let y = 0; y < H; y++) for (let i = 0; i < W; i++) for (let c = 0; c < blocks * 16; c += 4, out += short ? 8 : 16) {
      let v: v128;
      if (kind == BITS) {
        const bits = i32x4(1, 2, 4, 8), byte = i32x4.splat(<i32>load<u8>(x + (y * G + (c >> 3)) * W + i) >> (c & 4));
        v = v128.and(i32x4.eq(v128.and(byte, bits), bits), i32x4.splat(1));
      } else if (kind == NUMBERS) {
        v = v128.load16x4_s(x + <usize>((y * W + i) * G) + (<usize>c << 1));
      } else {
        v = ld(x + <usize>((y * W + i) * G) + (<usize>c << 2));
      }
      if (times) v = i32x4.mul(v, ld(times + (<usize>c << 2)));
      if (bias) v = i32x4.add(v, ld(bias + (<usize>c << 2)));
      if (more) v = i32x4.add(short ? v128.load16x4_s(out) : ld(out), v);
      if (short) v128.store64_lane(out, i16x8.narrow_i32x4_s(v, v), 0);
      else st(out, v);
    }
  }
}

/**
 * The sum or the largest under each window. Words: T, OH, OW, blocks; place in; place out; H, W; kh, kw, sy, sx, top,
 * left, dilations; whether the largest.
 */
export function integerWindows(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), OH = word(d, 1), OW = word(d, 2), pixel: usize = <usize>word(d, 3) << 6, H = word(d, 12), W = word(d, 13);
  const kh = word(d, 14), kw = word(d, 15), sy = word(d, 16), sx = word(d, 17), top = word(d, 18), left = word(d, 19);
  const dy = word(d, 20), dx = word(d, 21), largest = word(d, 22) != 0;
  for (let t = 0; t < T; t++) {
    const x: usize = place(d, 4, image, thread) + <usize>t * step(d, 4);
    let out: usize = place(d, 8, image, thread) + <usize>t * step(d, 8);
    for (let y = 0; y < OH; y++) for (let o = 0; o < OW; o++) for (let c: usize = 0; c < pixel; c += 16, out += 16) {
      let v = i32x4.splat(largest ? i32.MIN_VALUE : 0);
      for (let i = 0; i < kh; i++) {
        const row = y * sy - top + i * dy;
        if (row < 0 || row >= H) continue;
        for (let j = 0; j < kw; j++) {
          const column = o * sx - left + j * dx;
          if (column < 0 || column >= W) continue;
          const one = ld(x + <usize>(row * W + column) * pixel + c);
          v = largest ? i32x4.max_s(v, one) : i32x4.add(v, one);
        }
      }
      st(out, v);
    }
  }
}

/**
 * Neurons of 32 bits. Words: T, H, W, blocks; place of currents; place of the output; offset, limit, drop, by channel;
 * keep; whether it is soft, whether it fires: else H comes out, as currents.
 */
export function integerFire(d: usize, image: i32, thread: i32): void {
  const H = word(d, 1), W = word(d, 2), C = word(d, 3) * 16;
  const x: usize = place(d, 4, image, thread), out: usize = place(d, 8, image, thread), fires = word(d, 17) != 0;
  for (let c = 0; c < C; c += 8) {
    const a: usize = <usize>c << 2;
    for (let y = 0; y < H; y++) {
      const first: usize = x + (<usize>(y * W * C) << 2) + a;
      const to: usize = out + (fires ? <usize>((y * (C >> 3) + (c >> 3)) * W) : (<usize>(y * W * C) << 2) + a);
      firePixels(d, first, a, to);
    }
  }
}

/**
 * A row of 8 channels, each pixel through all time steps, so that V stays in registers.
 * @param d as integerFire has it
 * @param a where in the arrays by channel the eight begin
 */
export function firePixels(d: usize, x: usize, a: usize, out: usize): void {
  const limit: usize = word(d, 17) != 0 ? <usize>word(d, 13) + a : 0, drop: usize = <usize>word(d, 14) + a;
  const keep = word(d, 15), soft = word(d, 16) != 0;
  const r = v128.or(ld(drop), ld(drop, 16)), toZero = !soft && limit != 0 && !v128.any_true(r);
  // keep = 2^(15 - n): (v + 2^(n - 1)) >> n, and all of v where n is 0
  const n = keep != 0 && (keep & (keep - 1)) == 0 ? 15 - ctz(keep) : -1;
  if (toZero && n >= 0) pixels(true, d, x, a, limit, n, out);
  else pixels(false, d, x, a, limit, n, out);
}

/**
 * @param plain a leak by shifting and a reset to 0
 * @param limit 0: H comes out
 * @param n what the leak shifts by, or -1
 */
// @ts-ignore: decorator
@inline function pixels(plain: bool, d: usize, x: usize, a: usize, limit: usize, n: i32, out: usize): void {
  const T = word(d, 0), W = word(d, 2), pixel: usize = <usize>word(d, 3) << 6, xStep = step(d, 4), outStep = step(d, 8);
  const offset: usize = <usize>word(d, 12) + a, drop: usize = <usize>word(d, 14) + a;
  const keep = word(d, 15), soft = word(d, 16) != 0;
  const o0 = ld(offset), o1 = ld(offset, 16), r0 = ld(drop), r1 = ld(drop, 16);
  const f0 = ld(limit), f1 = ld(limit, 16); // where nothing fires: whatever lies at 0
  const half = i32x4.splat(n > 0 ? 1 << (n - 1) : 0);
  for (let i = 0; i < W; i++, x += pixel) {
    let v0 = zero(), v1 = zero(), from = x, to = out;
    for (let t = 0; t < T; t++, from += xStep, to += outStep) {
      const l0 = plain || n >= 0 ? i32x4.shr_s(i32x4.add(v0, half), n) : left(v0, keep);
      const l1 = plain || n >= 0 ? i32x4.shr_s(i32x4.add(v1, half), n) : left(v1, keep);
      const h0 = i32x4.add(i32x4.add(ld(from), o0), l0), h1 = i32x4.add(i32x4.add(ld(from, 16), o1), l1);
      if (!plain && limit == 0) {
        st(to, h0);
        st(to, h1, 16);
        v0 = h0;
        v1 = h1;
        continue;
      }
      const m0 = i32x4.gt_s(h0, f0), m1 = i32x4.gt_s(h1, f1);
      v0 = plain ? v128.andnot(h0, m0) : soft ? i32x4.sub(h0, v128.and(m0, r0)) : v128.bitselect(r0, h0, m0);
      v1 = plain ? v128.andnot(h1, m1) : soft ? i32x4.sub(h1, v128.and(m1, r1)) : v128.bitselect(r1, h1, m1);
      store<u8>(to, <u8>i16x8.bitmask(i16x8.narrow_i32x4_s(m0, m1)));
    }
    out += limit == 0 ? pixel : 1;
  }
}

/** (v·keep + 2^14) >> 15, v in two parts so that no product leaves 32 bits. */
// @ts-ignore: decorator
@inline function left(v: v128, keep: i32): v128 {
  const k = i32x4.splat(keep), low = i32x4.mul(v128.and(v, i32x4.splat(32767)), k);
  return i32x4.add(i32x4.mul(i32x4.shr_s(v, 15), k), i32x4.shr_s(i32x4.add(low, i32x4.splat(16384)), 15));
}
