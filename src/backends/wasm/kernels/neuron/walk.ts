// One time step back for a run of pixels, of neurons that reset to zero: dX[t] from dX[t+1], H and the slope, with
// w = gain·v and v = carry·dX[t+1] the gradient of V[t] (neuron/backward.ts has the equations).
//
//   dX = w·kept + (g - v·H)·slope,   kept = 0 where H >= fire, else 1
//
// Sixteen or eight channels at a time, as neuron-charge left them.

import { CARRY, FIRE, GAIN } from "./layout";
import { add, fma, fnma, ld, mul, splat, st } from "../simd";

/**
 * @param wide sixteen channels, else eight
 * @param last the last time step: v is zero, `next` is not read
 * @param n pixels: blocks in h and slopes, gPixel bytes apart in g, `pixel` in the others
 * @param g2 0, or a second gradient
 * @param next dX[t+1]
 */
export function walkPlane(
  wide: bool, last: bool, n: i32, h: usize, slopes: usize, g: usize, gPixel: usize, g2: usize, dx: usize, next: usize,
  pixel: usize, spec: usize,
): void {
  if (wide) {
    if (g2) walkStep(true, true, last, n, h, slopes, g, gPixel, g2, dx, next, pixel, spec);
    else walkStep(true, false, last, n, h, slopes, g, gPixel, g2, dx, next, pixel, spec);
  } else if (g2) walkStep(false, true, last, n, h, slopes, g, gPixel, g2, dx, next, pixel, spec);
  else walkStep(false, false, last, n, h, slopes, g, gPixel, g2, dx, next, pixel, spec);
}

// @ts-ignore: decorator
@inline function walkStep(
  wide: bool, two: bool, last: bool, n: i32, h: usize, slopes: usize, g: usize, gPixel: usize, g2: usize, dx: usize,
  next: usize, pixel: usize, spec: usize,
): void {
  if (last) walkPixels(wide, two, true, false, n, h, slopes, g, gPixel, g2, dx, next, pixel, spec);
  else if (load<f32>(spec + GAIN) == 1) {
    walkPixels(wide, two, false, false, n, h, slopes, g, gPixel, g2, dx, next, pixel, spec);
  } else walkPixels(wide, two, false, true, n, h, slopes, g, gPixel, g2, dx, next, pixel, spec);
}

/** `paper`: gain is not 1, but then retain is, so that w = dX[t+1]. In the leak form w = v. */
// @ts-ignore: decorator
@inline function walkPixels(
  wide: bool, two: bool, last: bool, paper: bool, n: i32, h: usize, slopes: usize, g: usize, gPixel: usize, g2: usize,
  dx: usize, next: usize, pixel: usize, spec: usize,
): void {
  const carry = splat(spec, CARRY), fire = splat(spec, FIRE), block: usize = wide ? 64 : 32;
  for (const end = h + <usize>n * block; h < end; h += block) {
    walk(two, last, paper, 0, h, slopes, g, g2, dx, next, carry, fire);
    walk(two, last, paper, 16, h, slopes, g, g2, dx, next, carry, fire);
    if (wide) {
      walk(two, last, paper, 32, h, slopes, g, g2, dx, next, carry, fire);
      walk(two, last, paper, 48, h, slopes, g, g2, dx, next, carry, fire);
    }
    slopes += block;
    g += gPixel;
    dx += pixel;
    if (two) g2 += pixel;
    if (!last) next += pixel;
  }
}

/** Four neurons, `o` bytes into everything. */
// @ts-ignore: decorator
@inline function walk(
  two: bool, last: bool, paper: bool, o: usize, h: usize, slopes: usize, g: usize, g2: usize, dx: usize, next: usize,
  carry: v128, fire: v128,
): void {
  const e = two ? add(ld(g, o), ld(g2, o)) : ld(g, o);
  if (last) {
    st(dx, mul(e, ld(slopes, o)), o);
  } else {
    const after = ld(next, o), v = mul(carry, after), charged = ld(h, o);
    const kept = v128.andnot(paper ? after : v, f32x4.ge(charged, fire));
    st(dx, fma(fnma(v, charged, e), ld(slopes, o), kept), o);
  }
}
