// Currents of 32 bits, [T][H][W][16·blocks]: added up, pooled, fired. One general loop of each; layer.ts has what is
// fast.

import { ld, place, st, step, word } from "./simd";

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
 * Neurons of 32 bits. Words: T, H, W, blocks; place of currents; place of the output; place of V, one plane; offset,
 * limit, drop, by channel; keep; whether it is soft, whether it fires: else H comes out, as currents.
 */
export function integerFire(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), H = word(d, 1), W = word(d, 2), C = word(d, 3) * 16;
  const offset = <usize>word(d, 16), limit = <usize>word(d, 17), drop = <usize>word(d, 18), keep = word(d, 19);
  const soft = word(d, 20) != 0, fires = word(d, 21) != 0;
  for (let t = 0; t < T; t++) {
    let x: usize = place(d, 4, image, thread) + <usize>t * step(d, 4), v = place(d, 12, image, thread);
    const out: usize = place(d, 8, image, thread) + <usize>t * step(d, 8);
    for (let y = 0; y < H; y++) for (let i = 0; i < W; i++) for (let c = 0; c < C; c += 8, x += 32, v += 32) {
      const a: usize = <usize>c << 2;
      let h0 = i32x4.add(ld(x), ld(offset + a)), h1 = i32x4.add(ld(x, 16), ld(offset + a, 16));
      if (t > 0) {
        h0 = i32x4.add(h0, leak(ld(v), keep));
        h1 = i32x4.add(h1, leak(ld(v, 16), keep));
      }
      if (!fires) {
        const to: usize = out + (<usize>((y * W + i) * C + c) << 2);
        st(to, h0);
        st(to, h1, 16);
        st(v, h0);
        st(v, h1, 16);
        continue;
      }
      const m0 = i32x4.gt_s(h0, ld(limit + a)), m1 = i32x4.gt_s(h1, ld(limit + a, 16));
      const r0 = ld(drop + a), r1 = ld(drop + a, 16);
      st(v, soft ? i32x4.sub(h0, v128.and(m0, r0)) : v128.bitselect(r0, h0, m0));
      st(v, soft ? i32x4.sub(h1, v128.and(m1, r1)) : v128.bitselect(r1, h1, m1), 16);
      store<u8>(out + (y * (C >> 3) + (c >> 3)) * W + i, <u8>(i32x4.bitmask(m0) | (i32x4.bitmask(m1) << 4)));
    }
  }
}

/** (v·keep + 2^14) >> 15 in 64 bits; where keep is 2^(15 - n) that is (v + 2^(n - 1)) >> n, all of v where n is 0. */
// @ts-ignore: decorator
@inline function leak(v: v128, keep: i32): v128 {
  if (keep == 32768) return v;
  if (keep != 0 && (keep & (keep - 1)) == 0) {
    const n = 15 - ctz(keep);
    return i32x4.shr_s(i32x4.add(v, i32x4.splat(1 << (n - 1))), n);
  }
  const k = i32x4.splat(keep), half = i64x2.splat(16384);
  const lo = i64x2.shr_s(i64x2.add(i64x2.extmul_low_i32x4_s(v, k), half), 15);
  const hi = i64x2.shr_s(i64x2.add(i64x2.extmul_high_i32x4_s(v, k), half), 15);
  return i8x16.shuffle(lo, hi, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}
