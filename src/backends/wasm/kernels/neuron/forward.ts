// The spiking neuron forward, all time steps in one pass: the convolution's output is normalised, joined with the
// shortcut, charged, fired and reset without leaving registers. What comes out is one bit a neuron and step.
//
//   X[t] = a·y[t] + b  (+ spikes of the shortcut | + a2·y2[t] + b2)
//   H[t] = retain·V[t-1] + gain·X[t];   O[t] = H[t] >= fire;   V[t] = O[t] ? soft·H[t] + rest : H[t]
//
// No rectifier appears: φ is strictly increasing, so ../../neuron/spec.ts turns φ(H) >= vth into H >= fire.

import { BRANCH, FIRE, GAIN, NIBBLES, NOTHING, REST, RETAIN, SOFT, SPIKES } from "./layout";
import { offsetOf, scaleOf } from "./input";
import { loadLanes, storeLanes } from "../lanes";
import { add, fma, ld, mul, splat, st, zero } from "../simd";

/**
 * One image with all its time steps.
 * @param y currents [H][W][C], planes yPitch bytes apart; C a multiple of 8
 * @param coef a[C], b[C]; 0: X = y
 * @param res 0, or spike bits of an identity shortcut, planes resPitch apart
 * @param y2 0, or a second current with coef2 (0 = plain); not together with res
 * @param initial 0 (V[0] = 0) or V[0], [H][W][C]
 * @param spec the neuron's constants, see neuron-layout
 * @param bits out: spike bits [H][C/8][W], planes bitsPitch apart
 * @param carried 0, or out: V[T], [H][W][C]
 */
export function neuronForward(
  y: usize, yPitch: usize, T: i32, H: i32, W: i32, C: i32, coef: usize, res: usize, resPitch: usize,
  y2: usize, y2Pitch: usize, coef2: usize, initial: usize, spec: usize, bits: usize, bitsPitch: usize, carried: usize,
): void {
  // constants must stand in the calls themselves: one level further up, Binaryen would fold the two cases into one
  if (load<f32>(spec + SOFT) == 0 && load<f32>(spec + REST) == 0) {
    if (res) {
      forward(
        true, SPIKES, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitsPitch,
        carried,
      );
    } else if (y2) {
      forward(
        true, BRANCH, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitsPitch,
        carried,
      );
    } else {
      forward(
        true, NOTHING, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitsPitch,
        carried,
      );
    }
  } else {
    if (res) {
      forward(
        false, SPIKES, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitsPitch,
        carried,
      );
    } else if (y2) {
      forward(
        false, BRANCH, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitsPitch,
        carried,
      );
    } else {
      forward(
        false, NOTHING, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitsPitch,
        carried,
      );
    }
  }
}

/** Specialised by what comes in and by whether a spike resets to zero (constants once inlined). */
// @ts-ignore: decorator
@inline function forward(
  toZero: bool, currents: i32,
  y: usize, yPitch: usize, T: i32, H: i32, W: i32, C: i32, coef: usize, res: usize, resPitch: usize,
  y2: usize, y2Pitch: usize, coef2: usize, initial: usize, spec: usize, bits: usize, bitPitch: usize, carried: usize,
): void {
  const pixel: usize = C << 2, G = C >> 3, nibbles = spec + NIBBLES;
  const retain = splat(spec, RETAIN), gain = splat(spec, GAIN), fire = splat(spec, FIRE);
  const soft = f32x4.ne(splat(spec, SOFT), zero()), rest = splat(spec, REST);
  for (let r = 0; r < H; r++) for (let g = 0; g < G; g++) {
    const channel: usize = g << 5;
    const a0 = scaleOf(coef, channel), a1 = scaleOf(coef, channel + 16);
    const b0 = offsetOf(coef, channel + pixel), b1 = offsetOf(coef, channel + 16 + pixel);
    const c0 = currents == BRANCH ? scaleOf(coef2, channel) : zero();
    const c1 = currents == BRANCH ? scaleOf(coef2, channel + 16) : zero();
    const d0 = currents == BRANCH ? offsetOf(coef2, channel + pixel) : zero();
    const d1 = currents == BRANCH ? offsetOf(coef2, channel + 16 + pixel) : zero();
    const o = <usize>(r * G + g) * W, p = <usize>(r * W) * pixel + channel;
    const V = initial ? initial + p : 0, last = carried ? carried + p : 0;
    let x = 0;
    for (; x + 2 <= W; x += 2) {
      const k = <usize>x * pixel;
      fireOver(
        true, toZero, currents, y + p + k, yPitch, T, pixel, a0, a1, b0, b1, res + o + x, resPitch, y2 + p + k, y2Pitch, c0,
        c1, d0, d1, V ? V + k : 0, retain, gain, fire, soft, rest, nibbles, bits + o + x, bitPitch, last ? last + k : 0,
      );
    }
    if (x < W) {
      const k = <usize>x * pixel;
      fireOver(
        false, toZero, currents, y + p + k, yPitch, T, pixel, a0, a1, b0, b1, res + o + x, resPitch, y2 + p + k, y2Pitch, c0,
        c1, d0, d1, V ? V + k : 0, retain, gain, fire, soft, rest, nibbles, bits + o + x, bitPitch, last ? last + k : 0,
      );
    }
  }
}

/** Eight channels of two neighbouring pixels, or of one, over all time steps: v0 .. v3 are their potentials. */
// @ts-ignore: decorator
@inline function fireOver(
  two: bool, toZero: bool, currents: i32, y: usize, yPitch: usize, T: i32, pixel: usize, a0: v128, a1: v128, b0: v128,
  b1: v128, res: usize, resPitch: usize, y2: usize, y2Pitch: usize, c0: v128, c1: v128, d0: v128, d1: v128,
  initial: usize, retain: v128, gain: v128, fire: v128, soft: v128, rest: v128, nibbles: usize, bits: usize, bitPitch: usize, carried: usize,
): void {
  let v0 = zero(), v1 = zero(), v2 = zero(), v3 = zero();
  if (initial) {
    v0 = ld(initial);
    v1 = ld(initial, 16);
    if (two) {
      v2 = ld(initial + pixel);
      v3 = ld(initial + pixel, 16);
    }
  }
  for (let t = 0; t < T; t++) {
    let h0 = fma(ld(y), a0, b0), h1 = fma(ld(y, 16), a1, b1);
    let h2 = two ? fma(ld(y + pixel), a0, b0) : zero(), h3 = two ? fma(ld(y + pixel, 16), a1, b1) : zero();
    if (currents == SPIKES) {
      const m: usize = <usize>load<u8>(res);
      h0 = add(h0, ld(nibbles + ((m & 15) << 4)));
      h1 = add(h1, ld(nibbles + ((m >> 4) << 4)));
      if (two) {
        const M: usize = <usize>load<u8>(res, 1);
        h2 = add(h2, ld(nibbles + ((M & 15) << 4)));
        h3 = add(h3, ld(nibbles + ((M >> 4) << 4)));
      }
      res += resPitch;
    }
    if (currents == BRANCH) {
      h0 = add(h0, fma(ld(y2), c0, d0));
      h1 = add(h1, fma(ld(y2, 16), c1, d1));
      if (two) {
        h2 = add(h2, fma(ld(y2 + pixel), c0, d0));
        h3 = add(h3, fma(ld(y2 + pixel, 16), c1, d1));
      }
      y2 += y2Pitch;
    }
    h0 = fma(retain, v0, mul(gain, h0));
    h1 = fma(retain, v1, mul(gain, h1));
    const m0 = f32x4.ge(h0, fire), m1 = f32x4.ge(h1, fire);
    v0 = reset(toZero, h0, m0, soft, rest);
    v1 = reset(toZero, h1, m1, soft, rest);
    const first = i16x8.narrow_i32x4_s(m0, m1);
    if (two) {
      h2 = fma(retain, v2, mul(gain, h2));
      h3 = fma(retain, v3, mul(gain, h3));
      const m2 = f32x4.ge(h2, fire), m3 = f32x4.ge(h3, fire);
      v2 = reset(toZero, h2, m2, soft, rest);
      v3 = reset(toZero, h3, m3, soft, rest);
      store<u16>(bits, <u16>i8x16.bitmask(i8x16.narrow_i16x8_s(first, i16x8.narrow_i32x4_s(m2, m3))));
    } else {
      store<u8>(bits, <u8>i16x8.bitmask(first));
    }
    y += yPitch;
    bits += bitPitch;
  }
  if (carried) {
    st(carried, v0);
    st(carried, v1, 16);
    if (two) {
      st(carried + pixel, v2);
      st(carried + pixel, v3, 16);
    }
  }
}

/** V after the step: H, but where `fired` soft·H + rest. */
// @ts-ignore: decorator
@inline function reset(toZero: bool, h: v128, fired: v128, soft: v128, rest: v128): v128 {
  return toZero ? v128.andnot(h, fired) : v128.bitselect(add(v128.and(h, soft), rest), h, fired);
}

/**
 * Any number of neurons, without coefficients or shortcut; spikes come out as floats.
 * @param x currents, T planes of n floats, xPitch bytes apart
 * @param out spikes 0/1, laid out alike, outPitch apart; may be x itself
 * @param initial, carried 0 or n floats
 */
export function neuronForwardDense(
  x: usize, xPitch: usize, T: i32, n: i32, initial: usize, spec: usize, out: usize, outPitch: usize, carried: usize,
): void {
  const retain = splat(spec, RETAIN), gain = splat(spec, GAIN), fire = splat(spec, FIRE), one = f32x4.splat(1);
  const soft = f32x4.ne(splat(spec, SOFT), zero()), rest = splat(spec, REST);
  let at: usize = 0;
  const end = <usize>n << 2;
  while (at < end) {
    const single = end - at < 16; // the last one to three, one at a time: what lies behind is not ours
    let v = initial ? loadLanes(single, initial + at) : zero();
    let from = x + at, into = out + at;
    for (let t = 0; t < T; t++) {
      const h = fma(retain, v, mul(gain, loadLanes(single, from)));
      const m = f32x4.ge(h, fire), spike = v128.and(m, one);
      v = reset(false, h, m, soft, rest);
      storeLanes(single, into, spike);
      from += xPitch;
      into += outPitch;
    }
    if (carried) storeLanes(single, carried + at, v);
    at += single ? 4 : 16;
  }
}
