// The yardstick of the profile: as many multiply-adds as a thread can do, in twelve chains that wait for nothing and
// read no memory. Not used for computing.

import { fma } from "./simd";

/** 96·rounds multiplications and additions; the result is of no interest. */
export function multiplyAdds(rounds: i32): f32 {
  const f = f32x4.splat(0.5), g = f32x4.splat(1);
  let a = g, b = g, c = g, d = g, e = g, h = g, i = g, j = g, k = g, l = g, m = g, n = g;
  for (let round = 0; round < rounds; round++) {
    a = fma(a, f, g); b = fma(b, f, g); c = fma(c, f, g); d = fma(d, f, g);
    e = fma(e, f, g); h = fma(h, f, g); i = fma(i, f, g); j = fma(j, f, g);
    k = fma(k, f, g); l = fma(l, f, g); m = fma(m, f, g); n = fma(n, f, g);
  }
  const sum = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, h), f32x4.add(i, j)));
  return f32x4.extract_lane(f32x4.add(sum, f32x4.add(f32x4.add(k, l), f32x4.add(m, n))), 0);
}
