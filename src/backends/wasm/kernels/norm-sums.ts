// tdBN's sums per channel, over pixels and time. Within a run of pixels in f32, between runs in f64, so that a large
// batch loses no digits; the caller's pivot or mean keeps the f32 numbers small. Every kernel adds to what is there.

import { loadLanes } from "./lanes";
import { add, fma, ld, sub, zero } from "./simd";

/** Pixels summed in f32. */
const RUN = 128;

/**
 * sums[c] += Σ (y - pivot), sums[C + c] += Σ (y - pivot)².
 * @param y [pixels][C], T planes yPitch bytes apart
 * @param pivot [C] f32: any number near the mean
 * @param sums [2C] f64
 */
export function channelSums(y: usize, yPitch: usize, T: i32, pixels: i32, C: i32, pivot: usize, sums: usize): void {
  overRuns(false, y, yPitch, y, yPitch, T, pixels, C, pivot, sums);
}

/**
 * sums[c] += Σ dx, sums[C + c] += Σ dx·(y - mean).
 * @param dx, y [pixels][C], T planes dxPitch and yPitch apart
 * @param mean [C] f32
 * @param sums [2C] f64
 */
export function gradientSums(
  dx: usize, dxPitch: usize, y: usize, yPitch: usize, T: i32, pixels: i32, C: i32, mean: usize, sums: usize,
): void {
  overRuns(true, dx, dxPitch, y, yPitch, T, pixels, C, mean, sums);
}

/** `product`: Σ d and Σ d·(y - pivot); else d is y - pivot itself. */
// @ts-ignore: decorator
@inline function overRuns(
  product: bool, d: usize, dPitch: usize, y: usize, yPitch: usize, T: i32, pixels: i32, C: i32, pivot: usize, sums: usize,
): void {
  const pixel: usize = C << 2;
  for (let t = 0; t < T; t++) {
    for (let first = 0; first < pixels; first += RUN) {
      const count = min(pixels - first, RUN), at = <usize>first * pixel;
      let c = 0;
      for (; c + 16 <= C; c += 16) {
        const k: usize = c << 2;
        if (product) products16(d + at + k, y + at + k, count, pixel, pivot + k, sums + (k << 1), <usize>C << 3);
        else squares16(y + at + k, count, pixel, pivot + k, sums + (k << 1), <usize>C << 3);
      }
      for (; c + 4 <= C; c += 4) {
        const k: usize = c << 2;
        run(product, false, d + at + k, y + at + k, count, pixel, pivot + k, sums + (k << 1), <usize>C << 3);
      }
      for (; c < C; c++) {
        const k: usize = c << 2;
        run(product, true, d + at + k, y + at + k, count, pixel, pivot + k, sums + (k << 1), <usize>C << 3);
      }
    }
    d += dPitch;
    y += yPitch;
  }
}

/** Sixteen channels, one cache line, of a run of pixels. */
function squares16(y: usize, count: i32, pixel: usize, pivot: usize, sums: usize, second: usize): void {
  const p0 = ld(pivot), p1 = ld(pivot, 16), p2 = ld(pivot, 32), p3 = ld(pivot, 48);
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero(), q0 = zero(), q1 = zero(), q2 = zero(), q3 = zero();
  for (let i = 0; i < count; i++, y += pixel) {
    const d0 = sub(ld(y), p0);
    s0 = add(s0, d0);
    q0 = fma(d0, d0, q0);
    const d1 = sub(ld(y, 16), p1);
    s1 = add(s1, d1);
    q1 = fma(d1, d1, q1);
    const d2 = sub(ld(y, 32), p2);
    s2 = add(s2, d2);
    q2 = fma(d2, d2, q2);
    const d3 = sub(ld(y, 48), p3);
    s3 = add(s3, d3);
    q3 = fma(d3, d3, q3);
  }
  addTo16(sums, s0, s1, s2, s3);
  addTo16(sums + second, q0, q1, q2, q3);
}

function products16(d: usize, y: usize, count: i32, pixel: usize, pivot: usize, sums: usize, second: usize): void {
  const p0 = ld(pivot), p1 = ld(pivot, 16), p2 = ld(pivot, 32), p3 = ld(pivot, 48);
  let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero(), q0 = zero(), q1 = zero(), q2 = zero(), q3 = zero();
  for (let i = 0; i < count; i++, y += pixel, d += pixel) {
    const d0 = ld(d);
    s0 = add(s0, d0);
    q0 = fma(d0, sub(ld(y), p0), q0);
    const d1 = ld(d, 16);
    s1 = add(s1, d1);
    q1 = fma(d1, sub(ld(y, 16), p1), q1);
    const d2 = ld(d, 32);
    s2 = add(s2, d2);
    q2 = fma(d2, sub(ld(y, 32), p2), q2);
    const d3 = ld(d, 48);
    s3 = add(s3, d3);
    q3 = fma(d3, sub(ld(y, 48), p3), q3);
  }
  addTo16(sums, s0, s1, s2, s3);
  addTo16(sums + second, q0, q1, q2, q3);
}

/** Four channels, or a single one. */
// @ts-ignore: decorator
@inline function run(
  product: bool, single: bool, d: usize, y: usize, count: i32, pixel: usize, pivot: usize, sums: usize, second: usize,
): void {
  const p = loadLanes(single, pivot);
  let s = zero(), q = zero();
  for (let i = 0; i < count; i++, y += pixel, d += pixel) {
    const shifted = sub(loadLanes(single, y), p), x = product ? loadLanes(single, d) : shifted;
    s = add(s, x);
    q = fma(x, shifted, q);
  }
  if (single) {
    store<f64>(sums, load<f64>(sums) + <f64>f32x4.extract_lane(s, 0));
    store<f64>(sums + second, load<f64>(sums + second) + <f64>f32x4.extract_lane(q, 0));
  } else {
    addTo(sums, s);
    addTo(sums + second, q);
  }
}

// @ts-ignore: decorator
@inline function addTo16(sums: usize, a: v128, b: v128, c: v128, d: v128): void {
  addTo(sums, a);
  addTo(sums + 32, b);
  addTo(sums + 64, c);
  addTo(sums + 96, d);
}

/** Four f32 onto four f64. */
// @ts-ignore: decorator
@inline function addTo(sums: usize, v: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(v)));
  const upper = v128.shuffle<i32>(v, v, 2, 3, 2, 3);
  v128.store(sums + 16, f64x2.add(v128.load(sums + 16), f64x2.promote_low_f32x4(upper)));
}
