// tdBN's sums per channel, over pixels and time. Within a run of pixels in f32, between runs in f64, so that a large
// batch loses no digits; the caller's pivot or mean keeps the f32 numbers small. Every kernel adds to what is there.

import { loadLanes } from "../lanes";
import { add, fma, ld, sub, zero } from "../simd";
import { PlaneSizes } from "./planes";

/** Pixels summed in f32. */
const RUN = 128;

/**
 * sums[c] += Σ (y - pivot), sums[C + c] += Σ (y - pivot)².
 * @param y [pixels][C], T planes yPitch bytes apart
 * @param pivot [C] f32: any number near the mean
 * @param sums [2C] f64
 */
export function channelSums(y: usize, yPitch: usize, T: i32, pixels: i32, C: i32, pivot: usize, sums: usize): void {
  const pixel: usize = C << 2;
  for (let t = 0; t < T; t++) {
    for (let first = 0; first < pixels; first += RUN) {
      const count = min(pixels - first, RUN), at = y + <usize>first * pixel;
      let k: usize = 0;
      for (; k + 32 <= pixel; k += 32) {
        squares8(at + k, count, pixel, pivot + k, sums + (k << 1));
      }
      for (; k + 16 <= pixel; k += 16) {
        few(false, false, at + k, at + k, count, pixel, pivot + k, sums + (k << 1));
      }
      for (; k < pixel; k += 4) {
        few(false, true, at + k, at + k, count, pixel, pivot + k, sums + (k << 1));
      }
    }
    y += yPitch;
  }
}

/** Bytes of a part of the batch as batchSums makes it: f64 sums [2C], f64 count, f32 pivot [C]. */
export function batchPartBytes(C: i32): f64 {
  return <f64>((20 * <i64>C + 8 + 15) & ~15);
}

/**
 * One image's part in the statistics of its batch: channelSums around the first pixel that came, and how many values a
 * channel has. The pivot is one of the values itself, so a large mean costs no digits.
 * @param part batchPartBytes(C), 0 before the first image
 */
export function batchSums(y: usize, yPitch: usize, T: i32, pixels: i32, C: i32, part: usize): void {
  const count: usize = part + (<usize>C << 4), pivot: usize = count + 8;
  if (load<f64>(count) == 0) memory.copy(pivot, y, <usize>C << 2);
  channelSums(y, yPitch, T, pixels, C, pivot, part);
  store<f64>(count, load<f64>(count) + <f64>T * <f64>pixels);
}

/**
 * sums[c] += Σ dx, sums[C + c] += Σ dx·(y - mean), in the very order in which a neuron adds them up on its way back
 * (src/neurons/wasm/sums.ts): runs of pixels, of each two pixels through all steps from the last one on. So the bits
 * do not depend on who does it.
 * @param dx, y [pixels][C], T planes dxPitch and yPitch apart
 * @param run pixels summed in f32: a row of the image
 * @param mean [C] f32
 * @param sums [2C] f64
 */
export function gradientSums(
  dx: usize, dxPitch: usize, y: usize, yPitch: usize, run: i32, mean: usize, sums: usize, s: PlaneSizes,
): void {
  const T = s.T, pixels = s.pixels, C = s.C;
  const pixel: usize = C << 2, eights = pixel & ~31, last = <usize>(T - 1);
  for (let first = 0; first < pixels; first += run) {
    const count = min(pixels - first, run), at = <usize>first * pixel;
    const d = dx + last * dxPitch + at, line = y + last * yPitch + at;
    for (let k: usize = 0; k < eights; k += 32) {
      products8(d + k, dxPitch, line + k, yPitch, T, count, pixel, mean + k, sums + (k << 1));
    }
  }
  // other channels no neuron adds up
  for (let t = 0; t < T; t++, dx += dxPitch, y += yPitch) {
    for (let first = 0; first < pixels; first += RUN) {
      const count = min(pixels - first, RUN), d = dx + <usize>first * pixel, line = y + <usize>first * pixel;
      let k = eights;
      for (; k + 16 <= pixel; k += 16) few(true, false, d + k, line + k, count, pixel, mean + k, sums + (k << 1));
      for (; k < pixel; k += 4) few(true, true, d + k, line + k, count, pixel, mean + k, sums + (k << 1));
    }
  }
}

/** Eight channels of a run of pixels: as many sums as leave the registers room to read ahead. */
function squares8(y: usize, count: i32, pixel: usize, pivot: usize, sums: usize): void {
  const second: usize = pixel << 1; // f64 where pixels are f32
  const p0 = ld(pivot), p1 = ld(pivot, 16);
  let s0 = zero(), s1 = zero(), q0 = zero(), q1 = zero();
  for (const end = y + <usize>count * pixel; y != end; y += pixel) {
    const d0 = sub(ld(y), p0), d1 = sub(ld(y, 16), p1);
    s0 = add(s0, d0);
    s1 = add(s1, d1);
    q0 = fma(d0, d0, q0);
    q1 = fma(d1, d1, q1);
  }
  addTo8(sums, s0, s1);
  addTo8(sums + second, q0, q1);
}

/** Eight channels of a run, of its last step's planes and those before them. */
function products8(
  d: usize, dPitch: usize, y: usize, yPitch: usize, T: i32, count: i32, pixel: usize, pivot: usize, sums: usize,
): void {
  const second: usize = pixel << 1;
  const p0 = ld(pivot), p1 = ld(pivot, 16);
  let s0 = zero(), s1 = zero(), q0 = zero(), q1 = zero();
  for (let i = 0; i < count; i += 2, d += 2 * pixel, y += 2 * pixel) {
    const isPair = i + 1 < count;
    for (let t = 0, g = d, line = y; t < T; t++, g -= dPitch, line -= yPitch) {
      const d0 = ld(g), d1 = ld(g, 16);
      s0 = add(s0, d0);
      s1 = add(s1, d1);
      q0 = fma(d0, sub(ld(line), p0), q0);
      q1 = fma(d1, sub(ld(line, 16), p1), q1);
      if (!isPair) continue;
      const e0 = ld(g + pixel), e1 = ld(g + pixel, 16);
      s0 = add(s0, e0);
      s1 = add(s1, e1);
      q0 = fma(e0, sub(ld(line + pixel), p0), q0);
      q1 = fma(e1, sub(ld(line + pixel, 16), p1), q1);
    }
  }
  addTo8(sums, s0, s1);
  addTo8(sums + second, q0, q1);
}

/** Four channels, or a single one. */
// @ts-ignore: decorator
@inline function few(
  product: bool, single: bool, d: usize, y: usize, count: i32, pixel: usize, pivot: usize, sums: usize,
): void {
  const second: usize = pixel << 1;
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

/** Eight f32 onto eight f64. */
// @ts-ignore: decorator
@inline function addTo8(sums: usize, a: v128, b: v128): void {
  addTo(sums, a);
  addTo(sums + 32, b);
}

/** Four f32 onto four f64. */
// @ts-ignore: decorator
@inline function addTo(sums: usize, v: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(v)));
  const upper = v128.shuffle<i32>(v, v, 2, 3, 2, 3);
  v128.store(sums + 16, f64x2.add(v128.load(sums + 16), f64x2.promote_low_f32x4(upper)));
}
