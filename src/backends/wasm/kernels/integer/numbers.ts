// What is no sum of weights that spikes pick: numbers of 16 bits [H][W][C], their products with weights, and currents
// of 32 bits [H][W][16·blocks]. Of each kind one general loop. What they are told stands in memory as in layer.ts.

import { ld, place, st, step, word, zero } from "./simd";

/**
 * Real numbers [H][W][C] in steps of 1/scale, rounded to the nearest, halves up, pixels `pixel` bytes apart. Words:
 * T, H, W, C; the numbers' place; the output's place; pixel; scale and most (f32); where each thread counts what is
 * beyond it.
 */
export function integerRound(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), pixels = word(d, 1) * word(d, 2), C = word(d, 3), pixel: usize = <usize>word(d, 12);
  const scale = load<f32>(d + 52), most = load<f32>(d + 56), flat = pixel == <usize>C << 1;
  const numbers = flat ? pixels * C : C, rows = flat ? 1 : pixels;
  let beyond = 0;
  for (let t = 0; t < T; t++) {
    let x: usize = place(d, 4, image, thread) + <usize>t * step(d, 4);
    let out: usize = place(d, 8, image, thread) + <usize>t * step(d, 8);
    if (!flat) memory.fill(out, 0, <usize>pixels * pixel);
    for (let i = 0; i < rows; i++, x += <usize>numbers << 2, out += pixel) beyond += roundRow(x, numbers, scale, most, out);
  }
  const counter: usize = <usize>(word(d, 15) + thread * 64);
  store<i32>(counter, load<i32>(counter) + beyond);
}

/** Numbers side by side. @returns how many lie beyond `most`, or are none */
export function roundRow(x: usize, count: i32, scale: f32, most: f32, out: usize): i32 {
  const s = f32x4.splat(scale), half = f32x4.splat(0.5), m = f32x4.splat(most);
  let i = 0, fitting = 0;
  for (; i + 4 <= count; i += 4, x += 16, out += 8) {
    const steps = f32x4.floor(f32x4.add(f32x4.mul(ld(x), s), half)), fits = f32x4.le(f32x4.abs(steps), m);
    const n = i32x4.trunc_sat_f32x4_s(v128.and(steps, fits));
    v128.store64_lane(out, i16x8.narrow_i32x4_s(n, n), 0);
    fitting += popcnt(i32x4.bitmask(fits));
  }
  for (; i < count; i++, x += 4, out += 2) {
    const steps = Mathf.floor(<f32>(load<f32>(x) * scale + <f32>0.5));
    const fits = Mathf.abs(steps) <= most;
    store<i16>(out, <i16>(fits ? <i32>steps : 0));
    if (fits) fitting++;
  }
  return count - fitting;
}

/** Sums over windows of bits or of numbers, as numbers. Words: T, OH, OW, C; place in; place out; H, W, G (0: numbers);
 * kh, kw, sy, sx, top, left. */
export function integerCount(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), OH = word(d, 1), OW = word(d, 2), C = word(d, 3), H = word(d, 12), W = word(d, 13), G = word(d, 14);
  const kh = word(d, 15), kw = word(d, 16), sy = word(d, 17), sx = word(d, 18), top = word(d, 19), left = word(d, 20);
  for (let t = 0; t < T; t++) {
    const x: usize = place(d, 4, image, thread) + <usize>t * step(d, 4);
    let out: usize = place(d, 8, image, thread) + <usize>t * step(d, 8);
    for (let y = 0; y < OH; y++) for (let o = 0; o < OW; o++, out += <usize>C << 1) {
      const y0 = max(0, y * sy - top), y1 = min(H, y * sy - top + kh), x0 = max(0, o * sx - left), x1 = min(W, o * sx - left + kw);
      for (let g = 0; g < C; g += 8) {
        let n = zero();
        for (let i = y0; i < y1; i++) for (let j = x0; j < x1; j++) {
          if (G != 0) n = i16x8.sub(n, chosen(x + (i * G + (g >> 3)) * W + j));
          else n = i16x8.add(n, ld(x + (<usize>((i * W + j) * C + g) << 1)));
        }
        st(out + (<usize>g << 1), n);
      }
    }
  }
}

/** Lane j: -1 where bit j of the byte is set. */
// @ts-ignore: decorator
@inline function chosen(p: usize): v128 {
  const bit = i16x8(1, 2, 4, 8, 16, 32, 64, 128);
  return i16x8.eq(v128.and(v128.load8_splat(p), bit), bit);
}

/**
 * Products: currents[T][OH][OW][16·blocks] from numbers [T][PH][PW][pixel bytes], padded. Words: T, OH, OW, blocks;
 * place in; place out; pairs of weights, [blocks·2 of 8 outputs][pairs][8][2]; addresses where the offsets of each 8
 * outputs begin; bias; bytes from a window to the next along y, along x.
 */
export function integerProducts(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), OH = word(d, 1), OW = word(d, 2), blocks = word(d, 3);
  const dy = word(d, 15), dx = <usize>word(d, 16), pixel: usize = <usize>blocks << 6;
  let w = <usize>word(d, 12);
  for (let b = 0; b < blocks * 2; b++) {
    const starts: usize = <usize>word(d, 13) + (<usize>b << 2), from = <usize>load<u32>(starts), end = <usize>load<u32>(starts, 4);
    const bias: usize = <usize>word(d, 14) + (<usize>b << 5);
    for (let t = 0; t < T; t++) {
      const x: usize = place(d, 4, image, thread) + <usize>t * step(d, 4);
      let out: usize = place(d, 8, image, thread) + <usize>t * step(d, 8) + (<usize>b << 5);
      for (let y = 0; y < OH; y++, out += <usize>OW * pixel) productRow(x + y * dy, from, end, w, bias, OW, dx, out, pixel);
    }
    w += (end - from) << 3;
  }
}

export function productRow(line: usize, from: usize, end: usize, weights: usize, bias: usize, W: i32, dx: usize, out: usize, pixel: usize): void {
  const b0 = ld(bias), b1 = ld(bias, 16);
  let x = 0;
  for (; x + 4 <= W; x += 4, line += 4 * dx, out += 4 * pixel) {
    let a0 = b0, a1 = b1, c0 = b0, c1 = b1, e0 = b0, e1 = b1, g0 = b0, g1 = b1, w = weights;
    for (let e = from; e < end; e += 4, w += 32) {
      const q: usize = line + load<u32>(e), u = ld(w), v = ld(w, 16);
      const p = v128.load32_splat(q), r = v128.load32_splat(q + dx);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(u, p));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, p));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(u, r));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v, r));
      const k = v128.load32_splat(q + 2 * dx), m = v128.load32_splat(q + 3 * dx);
      e0 = i32x4.add(e0, i32x4.dot_i16x8_s(u, k));
      e1 = i32x4.add(e1, i32x4.dot_i16x8_s(v, k));
      g0 = i32x4.add(g0, i32x4.dot_i16x8_s(u, m));
      g1 = i32x4.add(g1, i32x4.dot_i16x8_s(v, m));
    }
    st(out, a0);
    st(out, a1, 16);
    st(out + pixel, c0);
    st(out + pixel, c1, 16);
    st(out + 2 * pixel, e0);
    st(out + 2 * pixel, e1, 16);
    st(out + 3 * pixel, g0);
    st(out + 3 * pixel, g1, 16);
  }
  for (; x < W; x++, line += dx, out += pixel) {
    let a0 = b0, a1 = b1, w = weights;
    for (let e = from; e < end; e += 4, w += 32) {
      const p = v128.load32_splat(line + load<u32>(e));
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(ld(w), p));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(ld(w, 16), p));
    }
    st(out, a0);
    st(out, a1, 16);
  }
}

/** Numbers [H][W][pixel bytes] with zeros around. Words: T, H, pixel bytes of a row, 0; place in; place out; top bytes,
 * left bytes, bytes of a padded row, of a padded plane. */
export function integerPad(d: usize, image: i32, thread: i32): void {
  const T = word(d, 0), H = word(d, 1), row = word(d, 2);
  for (let t = 0; t < T; t++) {
    let x: usize = place(d, 4, image, thread) + <usize>t * step(d, 4);
    const plane: usize = place(d, 8, image, thread) + <usize>t * step(d, 8);
    memory.fill(plane, 0, word(d, 15));
    let out: usize = plane + word(d, 12) + word(d, 13);
    for (let y = 0; y < H; y++, x += row, out += word(d, 14)) memory.copy(out, x, row);
  }
}
