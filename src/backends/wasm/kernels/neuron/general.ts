// Forward again and back again for neurons that the fast path leaves out: other resets, a detached reset, a given
// V[0], a gradient of V[T], any number of neurons in a row. Four neurons wide, all time steps of a pixel after one
// another; neuron/backward.ts has the equations. `dX = gain·dH` is walked, so v = carry·dX.

import { loadLanes, storeLanes } from "../lanes";
import { offsetOf, scaleOf } from "./input";
import { ATTACHED, CARRY, FIRE, GAIN, NIBBLES, REST, RETAIN, SOFT } from "./layout";
import { slopesOf } from "./slope";
import { add, fma, ld, mul, splat, st, sub, zero } from "../simd";

/**
 * Four channels of a row: arguments as neuronBackward's, at the first pixel and channel.
 * @param shift 0 or 4: which half of the spike bytes
 * @param tmp 32·T·W + 64 bytes
 */
export function backwardRow(
  y: usize, yPitch: usize, T: i32, W: i32, pixel: usize, coef: usize, res: usize, resPitch: usize, shift: usize,
  y2: usize, y2Pitch: usize, coef2: usize, initial: usize, spec: usize, g: usize, gPitch: usize, gPixel: usize,
  g2: usize, g2Pitch: usize, carriedGradient: usize, dx: usize, dxPitch: usize, dInitial: usize, tmp: usize,
): void {
  const slopes = tmp + (<usize>(T * W) << 4);
  chargeRow(y, yPitch, T, W, pixel, coef, res, resPitch, shift, y2, y2Pitch, coef2, initial, spec, tmp);
  slopesOf(tmp, T * W, spec, slopes, slopes + (<usize>(T * W) << 4));
  walkBack(false, T, W, tmp, slopes, spec, g, gPitch, gPixel, g2, g2Pitch, carriedGradient, dx, dxPitch, pixel, dInitial);
}

/** H of a row of pixels, four channels, into h[T][W][4]. `shift` picks the nibble of the spike bytes. */
function chargeRow(
  y: usize, yPitch: usize, T: i32, W: i32, pixel: usize, coef: usize, res: usize, resPitch: usize, shift: usize,
  y2: usize, y2Pitch: usize, coef2: usize, initial: usize, spec: usize, h: usize,
): void {
  const retain = splat(spec, RETAIN), gain = splat(spec, GAIN), fire = splat(spec, FIRE), nibbles = spec + NIBBLES;
  const soft = f32x4.ne(splat(spec, SOFT), zero()), rest = splat(spec, REST);
  const a = scaleOf(coef, 0), a2 = scaleOf(coef2, 0);
  const b = offsetOf(coef, pixel), b2 = offsetOf(coef2, pixel);
  const plane = <usize>W << 4;
  for (let x = 0; x < W; x++) {
    let v = initial ? ld(initial) : zero(), from = y, from2 = y2, beside = res, into = h;
    for (let t = 0; t < T; t++) {
      let c = fma(ld(from), a, b);
      if (res) {
        c = add(c, ld(nibbles + (((<usize>load<u8>(beside) >> shift) & 15) << 4)));
        beside += resPitch;
      } else if (y2) {
        c = add(c, fma(ld(from2), a2, b2));
        from2 += y2Pitch;
      }
      c = fma(retain, v, mul(gain, c));
      v = v128.bitselect(add(v128.and(c, soft), rest), c, f32x4.ge(c, fire));
      st(into, c);
      from += yPitch;
      into += plane;
    }
    y += pixel;
    h += 16;
    if (initial) initial += pixel;
    if (y2) y2 += pixel;
    if (res) res++;
  }
}

/** From h and slopes, [T][n][4], back over time. Pixels lie gPixel (in g) and `pixel` (elsewhere) bytes apart. */
// @ts-ignore: decorator
@inline function walkBack(
  single: bool, T: i32, n: i32, h: usize, slopes: usize, spec: usize, g: usize, gPitch: usize, gPixel: usize,
  g2: usize, g2Pitch: usize, carriedGradient: usize, dx: usize, dxPitch: usize, pixel: usize, dInitial: usize,
): void {
  const carry = splat(spec, CARRY), gain = splat(spec, GAIN), fire = splat(spec, FIRE), rest = splat(spec, REST);
  const soft = f32x4.ne(splat(spec, SOFT), zero()), attached = f32x4.ne(splat(spec, ATTACHED), zero());
  const plane = <usize>n << 4;
  for (let x = 0; x < n; x++) {
    let v = carriedGradient ? loadLanes(single, carriedGradient) : zero();
    let at = <usize>T * plane, from = g + <usize>T * gPitch, from2 = g2 + <usize>T * g2Pitch, into = dx + <usize>T * dxPitch;
    while (at != 0) {
      at -= plane;
      from -= gPitch;
      into -= dxPitch;
      const charged = ld(h + at), hardFire = v128.andnot(f32x4.ge(charged, fire), soft);
      let e = loadLanes(single, from);
      if (g2) {
        from2 -= g2Pitch;
        e = add(e, loadLanes(single, from2));
      }
      const drop = v128.and(sub(rest, v128.andnot(charged, soft)), attached);
      const d = fma(fma(v, drop, e), ld(slopes + at), mul(gain, v128.andnot(v, hardFire)));
      storeLanes(single, into, d);
      v = mul(carry, d);
    }
    if (dInitial) {
      storeLanes(single, dInitial, v);
      dInitial += pixel;
    }
    h += 16;
    slopes += 16;
    g += gPixel;
    dx += pixel;
    if (g2) g2 += pixel;
    if (carriedGradient) carriedGradient += pixel;
  }
}

/** Vectors whose H and slopes are held at a time, at most. */
const RUN = 16;

// @ts-ignore: decorator
@inline function runOf(n: i32): i32 {
  return max(1, min(n >> 2, RUN));
}

/** Bytes of scratch of neuronBackwardDense: H and slopes of a run over all time steps. */
export function neuronDenseScratchBytes(T: i32, n: i32): f64 {
  return 32 * <f64>runOf(n) * <f64>T + 64;
}

/**
 * Any number of neurons, without coefficients or shortcut.
 * @param x currents, T planes of n floats, xPitch bytes apart
 * @param g gradient of the spikes, laid out alike
 * @param dx out: gradient of x; may be g or x itself
 * @param initial, carriedGradient, dInitial 0 or n floats
 * @param tmp neuronDenseScratchBytes(T, n)
 */
export function neuronBackwardDense(
  x: usize, xPitch: usize, T: i32, n: i32, initial: usize, spec: usize, g: usize, gPitch: usize,
  carriedGradient: usize, dx: usize, dxPitch: usize, dInitial: usize, tmp: usize,
): void {
  const slopes = tmp + (<usize>(T * runOf(n)) << 4), table = slopes + (slopes - tmp);
  while (n > 0) {
    const single = n < 4, count = runOf(n);
    if (single) chargeOne(x, xPitch, T, initial, spec, tmp);
    else chargeRow(x, xPitch, T, count, 16, 0, 0, 0, 0, 0, 0, 0, initial, spec, tmp);
    slopesOf(tmp, T * count, spec, slopes, table);
    if (single) walkBack(true, T, 1, tmp, slopes, spec, g, gPitch, 16, 0, 0, carriedGradient, dx, dxPitch, 16, dInitial);
    else walkBack(false, T, count, tmp, slopes, spec, g, gPitch, 16, 0, 0, carriedGradient, dx, dxPitch, 16, dInitial);
    const step = single ? 4 : <usize>count << 4;
    x += step;
    g += step;
    dx += step;
    if (initial) initial += step;
    if (carriedGradient) carriedGradient += step;
    if (dInitial) dInitial += step;
    n -= <i32>(step >> 2);
  }
}

/** H of a single neuron, in the first of four lanes, into h[T][4]. */
function chargeOne(x: usize, xPitch: usize, T: i32, initial: usize, spec: usize, h: usize): void {
  const retain = splat(spec, RETAIN), gain = splat(spec, GAIN), fire = splat(spec, FIRE);
  const soft = f32x4.ne(splat(spec, SOFT), zero()), rest = splat(spec, REST);
  let v = initial ? v128.load32_zero(initial) : zero();
  for (let t = 0; t < T; t++) {
    const c = fma(retain, v, mul(gain, v128.load32_zero(x)));
    v = v128.bitselect(add(v128.and(c, soft), rest), c, f32x4.ge(c, fire));
    st(h, c);
    x += xPitch;
    h += 16;
  }
}
