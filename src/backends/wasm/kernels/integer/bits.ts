// Spike bits without weights: packed from real numbers, the OR of windows, gates, and how many there are.

import { place, step, word } from "./simd";

/** From real numbers [H][W][C], 1 where one is not 0. Words: T, H, W, C; place in; place out; G. */
export function integerPack(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), H = word(d, 1), W = word(d, 2), C = word(d, 3), G = word(d, 12);
  for (let t = 0; t < T; t++) {
    let x: usize = place(d, 4, image, thread) + <usize>t * step(d, 4);
    const out: usize = place(d, 8, image, thread) + <usize>t * step(d, 8);
    memory.fill(out, 0, H * G * W);
    for (let y = 0; y < H; y++) for (let i = 0; i < W; i++) for (let c = 0; c < C; c++, x += 4) {
      const to: usize = out + (y * G + (c >> 3)) * W + i;
      if (load<f32>(x) != 0) store<u8>(to, <u8>(<i32>load<u8>(to) | (1 << (c & 7))));
    }
  }
}

/** The OR under each window. Words: T, OH, OW, G; place in; place out; H, W; kh, kw, sy, sx, top, left, dilations. */
export function integerAny(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), OH = word(d, 1), OW = word(d, 2), G = word(d, 3), H = word(d, 12), W = word(d, 13);
  const kh = word(d, 14), kw = word(d, 15), sy = word(d, 16), sx = word(d, 17), top = word(d, 18), left = word(d, 19);
  const dy = word(d, 20), dx = word(d, 21);
  for (let t = 0; t < T; t++) {
    const x: usize = place(d, 4, image, thread) + <usize>t * step(d, 4);
    let out: usize = place(d, 8, image, thread) + <usize>t * step(d, 8);
    for (let y = 0; y < OH; y++) for (let g = 0; g < G; g++) for (let o = 0; o < OW; o++, out++) {
      let any: u32 = 0;
      for (let i = 0; i < kh; i++) {
        const row = y * sy - top + i * dy;
        if (row < 0 || row >= H) continue;
        for (let j = 0; j < kw; j++) {
          const column = o * sx - left + j * dx;
          if (column >= 0 && column < W) any |= load<u8>(x + (row * G + g) * W + column);
        }
      }
      store<u8>(out, <u8>any);
    }
  }
}

/** a·b, or a·(1 - b). Words: T, bytes of a plane, whether inverted, 0; place of a; place out; place of b. */
export function integerGate(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), bytes = word(d, 1), invert: u32 = word(d, 2) != 0 ? 255 : 0;
  for (let t = 0; t < T; t++) {
    const a: usize = place(d, 4, image, thread) + <usize>t * step(d, 4), b: usize = place(d, 12, image, thread) + <usize>t * step(d, 12);
    const out: usize = place(d, 8, image, thread) + <usize>t * step(d, 8);
    for (let i = 0; i < bytes; i++) store<u8>(out + i, <u8>(<u32>load<u8>(a + i) & (<u32>load<u8>(b + i) ^ invert)));
  }
}
