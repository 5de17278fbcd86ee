// Spikes under windows of a single pixel: which channels spike there is listed once, and their weights are added up.
// Bits as in bits.ts; any stride, no padding, whole groups of eight channels and of four filters.

import { add, ld, st, zero } from "../simd";

/** Images of rows of W pixels, and OH x OW pixels of them, `stride` apart. */
@unmanaged
export class PixelSizes {
  T: i32;
  W: i32;
  cin: i32;
  stride: i32;
  OH: i32;
  OW: i32;
  cout: i32;
}

/** Bytes of scratch: the list of one pixel's channels. */
export function pixelScratchBytes(cin: i32): f64 {
  return <f64>cin * 4 + 64;
}

/** Where the weights of the channels lie that spike in the pixel at p, `row` bytes each. @returns the list's end */
// @ts-ignore: decorator
@inline function listChannels(p: usize, G: i32, W: i32, row: u32, list: usize): usize {
  for (let g = 0; g < G; g++, p += W) {
    for (let byte: u32 = load<u8>(p); byte != 0; byte &= byte - 1, list += 4) {
      store<u32>(list, ((<u32>g << 3) + ctz(byte)) * row);
    }
  }
  return list;
}

/** y[t][OH][OW][cout] = Σ w[c] over the channels c that spike in pixel (oy·stride, ox·stride); w [cin][cout]. */
export function pixelConv(
  bits: usize, bitsPitch: usize, w: usize, out: usize, outPitch: usize, scratch: usize, s: PixelSizes,
): void {
  const T = s.T, W = s.W, stride = s.stride, OH = s.OH, OW = s.OW;
  const G = s.cin >> 3, row: usize = <usize>s.cout << 2;
  for (let t = 0; t < T; t++, bits += bitsPitch, out += outPitch) {
    let into = out;
    for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++, into += row) {
      const end = listChannels(bits + <usize>(oy * stride * G * W + ox * stride), G, W, <u32>row, scratch);
      let k: usize = 0;
      for (; k + 64 <= row; k += 64) {
        let a = zero(), b = zero(), c = zero(), d = zero();
        for (let e = scratch; e < end; e += 4) {
          const from = w + <usize>load<u32>(e) + k;
          a = add(a, ld(from)); b = add(b, ld(from, 16)); c = add(c, ld(from, 32)); d = add(d, ld(from, 48));
        }
        st(into + k, a); st(into + k, b, 16); st(into + k, c, 32); st(into + k, d, 48);
      }
      for (; k < row; k += 16) {
        let sum = zero();
        for (let e = scratch; e < end; e += 4) sum = add(sum, ld(w + <usize>load<u32>(e) + k));
        st(into + k, sum);
      }
    }
  }
}

/** dw[cin][cout] += dy of every pixel, for the channels that spike in it; dy [t][OH][OW][cout]. */
export function pixelWeightGradient(
  bits: usize, bitsPitch: usize, dy: usize, dyPitch: usize, dw: usize, scratch: usize, s: PixelSizes,
): void {
  const T = s.T, W = s.W, stride = s.stride, OH = s.OH, OW = s.OW;
  const G = s.cin >> 3, row: usize = <usize>s.cout << 2;
  for (let t = 0; t < T; t++, bits += bitsPitch, dy += dyPitch) {
    let from = dy;
    for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++, from += row) {
      const end = listChannels(bits + <usize>(oy * stride * G * W + ox * stride), G, W, <u32>row, scratch);
      let k: usize = 0;
      for (; k + 64 <= row; k += 64) {
        const a = ld(from + k), b = ld(from + k, 16), c = ld(from + k, 32), d = ld(from + k, 48);
        for (let e = scratch; e < end; e += 4) {
          const to = dw + <usize>load<u32>(e) + k;
          st(to, add(ld(to), a)); st(to, add(ld(to, 16), b), 16); st(to, add(ld(to, 32), c), 32); st(to, add(ld(to, 48), d), 48);
        }
      }
      for (; k < row; k += 16) {
        const a = ld(from + k);
        for (let e = scratch; e < end; e += 4) {
          const to = dw + <usize>load<u32>(e) + k;
          st(to, add(ld(to), a));
        }
      }
    }
  }
}
