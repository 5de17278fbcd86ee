// Whole planes: copying, adding, repeating, and spikes to numbers and back, for an image with all its time planes.

import { add, ld, st } from "../simd";
import { packBits, unpackBits } from "../spikes/bits";

/** out[t] = x[t], n floats a plane. Pitch 0 repeats one plane. */
export function copyPlanes(x: usize, xPitch: usize, T: i32, n: i32, out: usize, outPitch: usize): void {
  for (let t = 0; t < T; t++) memory.copy(out + <usize>t * outPitch, x + <usize>t * xPitch, <usize>n << 2);
}

/** out[t] = a[t] + b[t], n floats a plane. */
export function addPlanes(a: usize, aPitch: usize, b: usize, bPitch: usize, T: i32, n: i32, out: usize, outPitch: usize): void {
  for (let t = 0; t < T; t++) {
    const p = a + <usize>t * aPitch, q = b + <usize>t * bPitch, o = out + <usize>t * outPitch;
    let i = 0;
    for (; i + 8 <= n; i += 8) {
      const at: usize = <usize>i << 2;
      st(o + at, add(ld(p + at), ld(q + at)));
      st(o + at, add(ld(p + at, 16), ld(q + at, 16)), 16);
    }
    for (; i < n; i++) {
      const at: usize = <usize>i << 2;
      store<f32>(o + at, load<f32>(p + at) + load<f32>(q + at));
    }
  }
}

/** Spike bits to 0/1 floats. */
export function unpackPlanes(bits: usize, bitsPitch: usize, T: i32, H: i32, W: i32, C: i32, out: usize, outPitch: usize): void {
  for (let t = 0; t < T; t++) unpackBits(bits + <usize>t * bitsPitch, H, W, C, out + <usize>t * outPitch);
}

/** 0/1 floats to spike bits. */
export function packPlanes(x: usize, xPitch: usize, T: i32, H: i32, W: i32, C: i32, bits: usize, bitsPitch: usize): void {
  for (let t = 0; t < T; t++) packBits(x + <usize>t * xPitch, H, W, C, bits + <usize>t * bitsPitch);
}
