// Max pooling of spikes: a window gives 1 where any of its pixels does, eight channels a byte. Bits as in bits.ts.

import { endTap, firstTap } from "../dense/grid";

/** out[t][OH][C/8][OW] from bits[t][H][C/8][W]. */
export function orPool(
  bits: usize, bitsPitch: usize, T: i32, H: i32, W: i32, C: i32, kh: i32, kw: i32, strideY: i32, strideX: i32,
  padY: i32, padX: i32, dilY: i32, dilX: i32, OH: i32, OW: i32, out: usize, outPitch: usize,
): void {
  const G = C >> 3, line: usize = <usize>G * <usize>W;
  for (let t = 0; t < T; t++, bits += bitsPitch, out += outPitch) {
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
  gr: usize, gPitch: usize, bits: usize, bitsPitch: usize, T: i32, H: i32, W: i32, C: i32, kh: i32, kw: i32,
  strideY: i32, strideX: i32, padY: i32, padX: i32, dilY: i32, dilX: i32, OH: i32, OW: i32, dx: usize, dxPitch: usize,
): void {
  const G = C >> 3, line: usize = <usize>G * <usize>W, pixel: usize = <usize>C << 2;
  for (let t = 0; t < T; t++, bits += bitsPitch, gr += gPitch, dx += dxPitch) {
    memory.fill(dx, 0, <usize>(H * W) * pixel);
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
