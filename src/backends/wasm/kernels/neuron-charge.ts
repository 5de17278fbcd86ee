// H of one time step for a run of pixels, computed again for the backward pass from H of the step before: time step by
// time step, so that no value waits for another and the processor is never idle. Leak or paper form, reset to zero.
//
//   H[t] = retain·V[t-1] + gain·X[t],   V = H where H < fire, else 0
//
// Sixteen or eight channels at a time, kept as blocks h[pixel][16 or 8].

import { BRANCH, FIRE, GAIN, NIBBLES, NOTHING, RETAIN, SPIKES } from "./neuron-layout";
import { offsetOf, scaleOf } from "./neuron-input";
import { add, fma, ld, splat, st, zero } from "./simd";

/**
 * @param wide sixteen channels, else eight
 * @param first the first time step: V is zero, `before` is not read
 * @param n pixels, `pixel` bytes apart in y and y2
 * @param coef 0, or a of these channels, with b `pixel` bytes behind; the same at coef2
 * @param res spike bytes of the first eight channels; those of the next eight `group` bytes behind
 * @param before h of the step before
 */
export function chargePlane(
  wide: bool, first: bool, y: usize, n: i32, pixel: usize, coef: usize, res: usize, group: usize, y2: usize, coef2: usize,
  spec: usize, h: usize, before: usize,
): void {
  if (wide) {
    if (first) chargeStep(true, true, y, n, pixel, coef, res, group, y2, coef2, spec, h, before);
    else chargeStep(true, false, y, n, pixel, coef, res, group, y2, coef2, spec, h, before);
  } else if (first) chargeStep(false, true, y, n, pixel, coef, res, group, y2, coef2, spec, h, before);
  else chargeStep(false, false, y, n, pixel, coef, res, group, y2, coef2, spec, h, before);
}

// @ts-ignore: decorator
@inline function chargeStep(
  wide: bool, first: bool, y: usize, n: i32, pixel: usize, coef: usize, res: usize, group: usize, y2: usize, coef2: usize,
  spec: usize, h: usize, before: usize,
): void {
  if (res) chargePixels(SPIKES, wide, first, y, n, pixel, coef, res, group, y2, coef2, spec, h, before);
  else if (y2) chargePixels(BRANCH, wide, first, y, n, pixel, coef, res, group, y2, coef2, spec, h, before);
  else chargePixels(NOTHING, wide, first, y, n, pixel, coef, res, group, y2, coef2, spec, h, before);
}

// @ts-ignore: decorator
@inline function chargePixels(
  currents: i32, wide: bool, first: bool, y: usize, n: i32, pixel: usize, coef: usize, res: usize, group: usize, y2: usize,
  coef2: usize, spec: usize, h: usize, before: usize,
): void {
  const retain = splat(spec, RETAIN), gain = splat(spec, GAIN), fire = splat(spec, FIRE), nibbles = spec + NIBBLES;
  const block: usize = wide ? 64 : 32;
  const a0 = scaleOf(coef, 0, gain), a1 = scaleOf(coef, 16, gain);
  const a2 = wide ? scaleOf(coef, 32, gain) : zero(), a3 = wide ? scaleOf(coef, 48, gain) : zero();
  const both = currents == BRANCH;
  const c0 = both ? scaleOf(coef2, 0, gain) : zero(), c1 = both ? scaleOf(coef2, 16, gain) : zero();
  const c2 = both && wide ? scaleOf(coef2, 32, gain) : zero(), c3 = both && wide ? scaleOf(coef2, 48, gain) : zero();
  const b0 = offset(both, coef, coef2, pixel, gain), b1 = offset(both, coef, coef2, pixel + 16, gain);
  const b2 = wide ? offset(both, coef, coef2, pixel + 32, gain) : zero();
  const b3 = wide ? offset(both, coef, coef2, pixel + 48, gain) : zero();
  for (const end = h + <usize>n * block; h < end; h += block) {
    let m: usize = 0, M: usize = 0;
    if (currents == SPIKES) {
      m = <usize>load<u8>(res);
      if (wide) M = <usize>load<u8>(res + group);
      res++;
    }
    charge(currents, first, 0, y, a0, b0, y2, c0, nibbles + ((m & 15) << 4), gain, h, before, retain, fire);
    charge(currents, first, 16, y, a1, b1, y2, c1, nibbles + ((m >> 4) << 4), gain, h, before, retain, fire);
    if (wide) {
      charge(currents, first, 32, y, a2, b2, y2, c2, nibbles + ((M & 15) << 4), gain, h, before, retain, fire);
      charge(currents, first, 48, y, a3, b3, y2, c3, nibbles + ((M >> 4) << 4), gain, h, before, retain, fire);
    }
    y += pixel;
    if (both) y2 += pixel;
    if (!first) before += block;
  }
}

/** Four neurons, `o` bytes into everything. */
// @ts-ignore: decorator
@inline function charge(
  currents: i32, first: bool, o: usize, y: usize, a: v128, b: v128, y2: usize, a2: v128, spikes: usize, gain: v128,
  h: usize, before: usize, retain: v128, fire: v128,
): void {
  let c = fma(ld(y, o), a, b);
  if (currents == SPIKES) c = fma(ld(spikes), gain, c);
  if (currents == BRANCH) c = fma(ld(y2, o), a2, c);
  if (!first) {
    const last = ld(before, o);
    c = fma(retain, v128.andnot(last, f32x4.ge(last, fire)), c);
  }
  st(h, c, o);
}

// @ts-ignore: decorator
@inline function offset(both: bool, coef: usize, coef2: usize, at: usize, gain: v128): v128 {
  return both ? add(offsetOf(coef, at, gain), offsetOf(coef2, at, gain)) : offsetOf(coef, at, gain);
}
