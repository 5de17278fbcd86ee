// The spiking neuron forward, all time steps in one pass: the convolution's output is normalised, joined with the
// shortcut, charged, fired and reset without leaving registers. What comes out is one bit a neuron and step.
//
//   X[t] = a·y[t] + b  (+ spikes of the shortcut | + a2·y2[t] + b2)
//   H[t] = retain·V[t-1] + gain·X[t];   O[t] = H[t] >= fire;   V[t] = O[t] ? soft·H[t] + rest : H[t]
//
// No rectifier appears: φ is strictly increasing, so ../neuron-spec.ts turns φ(H) >= vth into H >= fire.

import { BRANCH, FIRE, GAIN, NIBBLES, NOTHING, REST, RETAIN, SOFT, SPIKES } from "./neuron-layout";
import { offsetOf, scaleOf } from "./neuron-input";
import { loadLanes, storeLanes } from "./lanes";
import { add, fma, ld, mul, splat, st, zero } from "./simd";

/**
 * One image with all its time steps.
 * @param y currents [H][W][C], planes yPitch bytes apart; C a multiple of 8
 * @param coef a[C], b[C]; 0: X = y
 * @param res 0, or spike bits of an identity shortcut, planes resPitch apart
 * @param y2 0, or a second current with coef2 (0 = plain); not together with res
 * @param initial 0 (V[0] = 0) or V[0], [H][W][C]
 * @param spec the neuron's constants, see neuron-layout
 * @param bits out: spike bits [H][C/8][W], planes bitPitch apart
 * @param carried 0, or out: V[T], [H][W][C]
 */
export function neuronForward(
  y: usize, yPitch: usize, T: i32, H: i32, W: i32, C: i32, coef: usize, res: usize, resPitch: usize,
  y2: usize, y2Pitch: usize, coef2: usize, initial: usize, spec: usize, bits: usize, bitPitch: usize, carried: usize,
): void {
  if (load<f32>(spec + SOFT) == 0 && load<f32>(spec + REST) == 0) {
    if (res) forward(true, SPIKES, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitPitch, carried);
    else if (y2) forward(true, BRANCH, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitPitch, carried);
    else forward(true, NOTHING, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitPitch, carried);
  } else if (res) forward(false, SPIKES, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitPitch, carried);
  else if (y2) forward(false, BRANCH, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitPitch, carried);
  else forward(false, NOTHING, y, yPitch, T, H, W, C, coef, res, resPitch, y2, y2Pitch, coef2, initial, spec, bits, bitPitch, carried);
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
    const a0 = scaleOf(coef, channel, gain), a1 = scaleOf(coef, channel + 16, gain);
    let b0 = offsetOf(coef, channel + pixel, gain), b1 = offsetOf(coef, channel + 16 + pixel, gain);
    const c0 = currents == BRANCH ? scaleOf(coef2, channel, gain) : zero();
    const c1 = currents == BRANCH ? scaleOf(coef2, channel + 16, gain) : zero();
    if (currents == BRANCH) {
      b0 = add(b0, offsetOf(coef2, channel + pixel, gain));
      b1 = add(b1, offsetOf(coef2, channel + 16 + pixel, gain));
    }
    let o: usize = <usize>(r * G + g) * W, p: usize = <usize>(r * W) * pixel + channel;
    for (let x = 0; x < W; x++) {
      let v0 = initial ? ld(initial + p) : zero(), v1 = initial ? ld(initial + p, 16) : zero();
      let from = y + p, from2 = y2 + p, into = bits + o, beside = res + o;
      for (let t = 0; t < T; t++) {
        let h0 = fma(ld(from), a0, b0), h1 = fma(ld(from, 16), a1, b1);
        if (currents == SPIKES) {
          const m: usize = <usize>load<u8>(beside);
          h0 = fma(ld(nibbles + ((m & 15) << 4)), gain, h0);
          h1 = fma(ld(nibbles + ((m >> 4) << 4)), gain, h1);
          beside += resPitch;
        }
        if (currents == BRANCH) {
          h0 = fma(ld(from2), c0, h0);
          h1 = fma(ld(from2, 16), c1, h1);
          from2 += y2Pitch;
        }
        h0 = fma(retain, v0, h0);
        h1 = fma(retain, v1, h1);
        const m0 = f32x4.ge(h0, fire), m1 = f32x4.ge(h1, fire);
        v0 = toZero ? v128.andnot(h0, m0) : v128.bitselect(add(v128.and(h0, soft), rest), h0, m0);
        v1 = toZero ? v128.andnot(h1, m1) : v128.bitselect(add(v128.and(h1, soft), rest), h1, m1);
        store<u8>(into, <u8>i16x8.bitmask(i16x8.narrow_i32x4_s(m0, m1)));
        from += yPitch;
        into += bitPitch;
      }
      if (carried) {
        st(carried + p, v0);
        st(carried + p, v1, 16);
      }
      p += pixel;
      o++;
    }
  }
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
      v = v128.bitselect(add(v128.and(h, soft), rest), h, m);
      storeLanes(single, into, spike);
      from += xPitch;
      into += outPitch;
    }
    if (carried) storeLanes(single, carried + at, v);
    at += single ? 4 : 16;
  }
}
