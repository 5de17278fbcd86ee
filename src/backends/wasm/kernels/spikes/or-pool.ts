// Max pooling of spikes: a window gives 1 where any of its pixels does, eight channels a byte. Bits as in bits.ts.
// Windows of 2x2 side by side, which most networks have, go without a look at edges and without sums.

import { endTap, firstTap, WindowSizes } from "../dense/grid";
import { ld, st } from "../simd";

/** Windows of 2x2 pixels side by side, all of them inside the image. */
// @ts-ignore: decorator
@inline function areQuarters(s: WindowSizes): bool {
  return s.kh == 2 && s.kw == 2 && s.strideY == 2 && s.strideX == 2 && (s.padY | s.padX) == 0 &&
    s.dilY == 1 && s.dilX == 1 && 2 * s.OH <= s.H && 2 * s.OW <= s.W;
}

function orQuarters(bits: usize, W: i32, G: i32, OH: i32, OW: i32, into: usize): void {
  const line: usize = <usize>G * <usize>W;
  for (let oy = 0; oy < OH; oy++, bits += line) for (let g = 0; g < G; g++, bits += W) {
    const end: usize = bits + <usize>(2 * OW);
    for (let from = bits; from < end; from += 2, into++) {
      // two bytes of either row, low and high
      const both: u32 = <u32>load<u16>(from) | <u32>load<u16>(from + line);
      store<u8>(into, both | (both >> 8));
    }
  }
}

/** 32 bytes to dx: those of gr whose channel's bit is set, zeros for the others. */
// @ts-ignore: decorator
@inline function putChosen(dx: usize, low: v128, high: v128, bits: u32): void {
  const all = i32x4.splat(bits);
  st(dx, v128.and(low, i32x4.ne(v128.and(all, i32x4(1, 2, 4, 8)), i32x4.splat(0))));
  st(dx, v128.and(high, i32x4.ne(v128.and(all, i32x4(16, 32, 64, 128)), i32x4.splat(0))), 16);
}

/** Every pixel of dx has one window, and is written once. */
function quartersGradient(gr: usize, bits: usize, W: i32, G: i32, OH: i32, OW: i32, dx: usize): void {
  const line: usize = <usize>G * <usize>W, pixel: usize = <usize>G << 5, row: usize = <usize>W * pixel;
  for (let oy = 0; oy < OH; oy++, bits += 2 * line, dx += 2 * row) {
    let to = dx;
    for (let ox: usize = 0; ox < <usize>OW; ox++, to += 2 * pixel) {
      let from = bits + 2 * ox;
      for (let g: usize = 0; g < pixel; g += 32, gr += 32, from += W) {
        const a: u32 = load<u8>(from), b: u32 = load<u8>(from, 1);
        const c: u32 = load<u8>(from + line), d: u32 = load<u8>(from + line, 1);
        const low = ld(gr), high = ld(gr, 16);
        // the first that spikes, or where none does the first
        putChosen(to + g, low, high, a | ~(b | c | d));
        putChosen(to + g + pixel, low, high, b & ~a);
        putChosen(to + g + row, low, high, c & ~(a | b));
        putChosen(to + g + row + pixel, low, high, d & ~(a | b | c));
      }
    }
  }
}

/** out[t][OH][C/8][OW] from bits[t][H][C/8][W]. */
export function orPool(bits: usize, bitsPitch: usize, out: usize, outPitch: usize, s: WindowSizes): void {
  const T = s.T, H = s.H, W = s.W, C = s.C, kh = s.kh, kw = s.kw, OH = s.OH, OW = s.OW;
  const strideY = s.strideY, strideX = s.strideX, padY = s.padY, padX = s.padX, dilY = s.dilY, dilX = s.dilX;
  const G = C >> 3, line: usize = <usize>G * <usize>W;
  const quarters = areQuarters(s);
  for (let t = 0; t < T; t++, bits += bitsPitch, out += outPitch) {
    if (quarters) {
      orQuarters(bits, W, G, OH, OW, out);
      continue;
    }
    let into = out;
    for (let oy = 0; oy < OH; oy++) {
      const top = oy * strideY - padY, down = firstTap(top, dilY), bottom = endTap(top, kh, dilY, H);
      for (let g = 0; g < G; g++) for (let ox = 0; ox < OW; ox++, into++) {
        const left = ox * strideX - padX, across = firstTap(left, dilX), right = endTap(left, kw, dilX, W);
        let any: u32 = 0;
        for (let i = down; i < bottom; i++) {
          const row = bits + <usize>(top + i * dilY) * line + <usize>(g * W + left);
          for (let j = across; j < right; j++) any |= load<u8>(row + <usize>(j * dilX));
        }
        store<u8>(into, any);
      }
    }
  }
}

/** dx[t][H][W][C] from gr[t][OH][OW][C]: to the window's first pixel that spikes, or to its first where none does. */
export function orPoolGradient(
  gr: usize, gPitch: usize, bits: usize, bitsPitch: usize, dx: usize, dxPitch: usize, s: WindowSizes,
): void {
  const T = s.T, H = s.H, W = s.W, C = s.C, kh = s.kh, kw = s.kw, OH = s.OH, OW = s.OW;
  const strideY = s.strideY, strideX = s.strideX, padY = s.padY, padX = s.padX, dilY = s.dilY, dilX = s.dilX;
  const G = C >> 3, line: usize = <usize>G * <usize>W, pixel: usize = <usize>C << 2;
  const quarters = areQuarters(s);
  for (let t = 0; t < T; t++, bits += bitsPitch, gr += gPitch, dx += dxPitch) {
    if (!quarters || 2 * OH < H || 2 * OW < W) memory.fill(dx, 0, <usize>(H * W) * pixel);
    if (quarters) {
      quartersGradient(gr, bits, W, G, OH, OW, dx);
      continue;
    }
    let from = gr;
    for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++, from += pixel) {
      const top = oy * strideY - padY, left = ox * strideX - padX;
      const down = firstTap(top, dilY), bottom = endTap(top, kh, dilY, H);
      const across = firstTap(left, dilX), right = endTap(left, kw, dilX, W);
      const corner = dx + <usize>((top + down * dilY) * W + left + across * dilX) * pixel;
      for (let g = 0; g < G; g++) {
        const part: usize = <usize>g << 5;
        let waiting: u32 = 255;
        for (let i = down; i < bottom && waiting != 0; i++) {
          const y = top + i * dilY;
          for (let j = across; j < right; j++) {
            const x = left + j * dilX;
            const hits: u32 = waiting & load<u8>(bits + <usize>y * line + <usize>(g * W + x));
            if (hits == 0) continue;
            addChosen(dx + <usize>(y * W + x) * pixel + part, from + part, hits);
            waiting &= ~hits;
          }
        }
        addChosen(corner + part, from + part, waiting);
      }
    }
  }
}

/** to[b] += from[b] for each set bit b. */
// @ts-ignore: decorator
@inline function addChosen(to: usize, from: usize, bits: u32): void {
  for (; bits != 0; bits &= bits - 1) {
    const at: usize = <usize>ctz(bits) << 2;
    store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
  }
}
