// H of one time step for a run of pixels, computed again for the backward pass from H of the step before: time step by
// time step, so that no value waits for another and the processor is never idle. Leak or paper form, reset to zero.
//
//   H[t] = retain·V[t-1] + gain·X[t],   V = H where H < fire, else 0
//
// Sixteen or eight channels at a time, kept as blocks h[pixel][16 or 8].

import { BRANCH, FIRE, GAIN, NIBBLES, NOTHING, RETAIN, SPIKES } from "./layout";
import { offsetOf, scaleOf } from "./input";
import { add, fma, ld, mul, splat, st, zero } from "../simd";

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
  const a0 = scaleOf(coef, 0), a1 = scaleOf(coef, 16);
  const a2 = wide ? scaleOf(coef, 32) : zero(), a3 = wide ? scaleOf(coef, 48) : zero();
  const both = currents == BRANCH;
  const c0 = both ? scaleOf(coef2, 0) : zero(), c1 = both ? scaleOf(coef2, 16) : zero();
  const c2 = both && wide ? scaleOf(coef2, 32) : zero(), c3 = both && wide ? scaleOf(coef2, 48) : zero();
  const b0 = offsetOf(coef, pixel), b1 = offsetOf(coef, pixel + 16);
  const b2 = wide ? offsetOf(coef, pixel + 32) : zero(), b3 = wide ? offsetOf(coef, pixel + 48) : zero();
  const d0 = both ? offsetOf(coef2, pixel) : zero(), d1 = both ? offsetOf(coef2, pixel + 16) : zero();
  const d2 = both && wide ? offsetOf(coef2, pixel + 32) : zero();
  const d3 = both && wide ? offsetOf(coef2, pixel + 48) : zero();
  for (const end = h + <usize>n * block; h < end; h += block) {
    let m: usize = 0, M: usize = 0;
    if (currents == SPIKES) {
      m = <usize>load<u8>(res);
      if (wide) M = <usize>load<u8>(res + group);
      res++;
    }
    charge(currents, first, 0, y, a0, b0, y2, c0, d0, nibbles + ((m & 15) << 4), gain, h, before, retain, fire);
    charge(currents, first, 16, y, a1, b1, y2, c1, d1, nibbles + ((m >> 4) << 4), gain, h, before, retain, fire);
    if (wide) {
      charge(currents, first, 32, y, a2, b2, y2, c2, d2, nibbles + ((M & 15) << 4), gain, h, before, retain, fire);
      charge(currents, first, 48, y, a3, b3, y2, c3, d3, nibbles + ((M >> 4) << 4), gain, h, before, retain, fire);
    }
    y += pixel;
    if (both) y2 += pixel;
    if (!first) before += block;
  }
}

/** Four neurons, `o` bytes into everything. */
// @ts-ignore: decorator
@inline function charge(
  currents: i32, first: bool, o: usize, y: usize, a: v128, b: v128, y2: usize, a2: v128, b2: v128, spikes: usize,
  gain: v128,
  h: usize, before: usize, retain: v128, fire: v128,
): void {
  let c = fma(ld(y, o), a, b);
  if (currents == SPIKES) c = add(c, ld(spikes));
  if (currents == BRANCH) c = add(c, fma(ld(y2, o), a2, b2));
  c = mul(gain, c);
  if (!first) {
    const last = ld(before, o);
    c = fma(retain, v128.andnot(last, f32x4.ge(last, fire)), c);
  }
  st(h, c, o);
}
