// Max pooling of dense images: of equal numbers the first, row by row; a NaN is taken whatever was before it. Spike
// bits have a pooling of their own (spikes/or-pool.ts).

import { loadLanes, storeLanes } from "../lanes";
import { endTap, firstTap, WindowSizes } from "./grid";

/** All ones where v is to be taken instead of best. */
// @ts-ignore: decorator
@inline function larger(v: v128, best: v128): v128 {
  return v128.or(f32x4.gt(v, best), f32x4.ne(v, v));
}

/** out[t][OH][OW][C] from x[t][H][W][C]. Every window has a pixel. */
export function maxPool(x: usize, xPitch: usize, out: usize, outPitch: usize, s: WindowSizes): void {
  const T = s.T, H = s.H, W = s.W, C = s.C, kh = s.kh, kw = s.kw, OH = s.OH, OW = s.OW;
  const strideY = s.strideY, strideX = s.strideX, padY = s.padY, padX = s.padX, dilY = s.dilY, dilX = s.dilX;
  const pixel: usize = <usize>C << 2;
  for (let t = 0; t < T; t++, x += xPitch, out += outPitch) {
    let into = out;
    for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++, into += pixel) {
      const top = oy * strideY - padY, left = ox * strideX - padX;
      const down = firstTap(top, dilY), bottom = endTap(top, kh, dilY, H);
      const across = firstTap(left, dilX), right = endTap(left, kw, dilX, W);
      const corner = x + <usize>((top + down * dilY) * W + left + across * dilX) * pixel;
      for (let k: usize = 0; k < pixel;) {
        const single = pixel - k < 16;
        let best = loadLanes(single, corner + k);
        for (let i = down; i < bottom; i++) for (let j = across; j < right; j++) {
          const v = loadLanes(single, x + <usize>((top + i * dilY) * W + left + j * dilX) * pixel + k);
          best = v128.bitselect(v, best, larger(v, best));
        }
        storeLanes(single, into + k, best);
        k += single ? 4 : 16;
      }
    }
  }
}

/** dx[t][H][W][C] from g[t][OH][OW][C]: each window's gradient goes to the pixel that it took. */
export function maxPoolGradient(
  g: usize, gPitch: usize, x: usize, xPitch: usize, dx: usize, dxPitch: usize, s: WindowSizes,
): void {
  const T = s.T, H = s.H, W = s.W, C = s.C, kh = s.kh, kw = s.kw, OH = s.OH, OW = s.OW;
  const strideY = s.strideY, strideX = s.strideX, padY = s.padY, padX = s.padX, dilY = s.dilY, dilX = s.dilX;
  const pixel: usize = <usize>C << 2;
  for (let t = 0; t < T; t++, x += xPitch, g += gPitch, dx += dxPitch) {
    memory.fill(dx, 0, <usize>(H * W) * pixel);
    let from = g;
    for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++, from += pixel) {
      const top = oy * strideY - padY, left = ox * strideX - padX;
      const down = firstTap(top, dilY), bottom = endTap(top, kh, dilY, H);
      const across = firstTap(left, dilX), right = endTap(left, kw, dilX, W);
      const corner = (top + down * dilY) * W + left + across * dilX;
      for (let k: usize = 0; k < pixel;) {
        const single = pixel - k < 16;
        let best = loadLanes(single, x + <usize>corner * pixel + k), at = i32x4.splat(corner);
        for (let i = down; i < bottom; i++) for (let j = across; j < right; j++) {
          const place = (top + i * dilY) * W + left + j * dilX;
          const v = loadLanes(single, x + <usize>place * pixel + k);
          const taken = larger(v, best);
          best = v128.bitselect(v, best, taken);
          at = v128.bitselect(i32x4.splat(place), at, taken);
        }
        const v = loadLanes(single, from + k);
        give(dx + k, i32x4.extract_lane(at, 0), pixel, f32x4.extract_lane(v, 0));
        if (!single) {
          give(dx + k + 4, i32x4.extract_lane(at, 1), pixel, f32x4.extract_lane(v, 1));
          give(dx + k + 8, i32x4.extract_lane(at, 2), pixel, f32x4.extract_lane(v, 2));
          give(dx + k + 12, i32x4.extract_lane(at, 3), pixel, f32x4.extract_lane(v, 3));
        }
        k += single ? 4 : 16;
      }
    }
  }
}

// @ts-ignore: decorator
@inline function give(dx: usize, place: i32, pixel: usize, value: f32): void {
  const to = dx + <usize>place * pixel;
  store<f32>(to, load<f32>(to) + value);
}
