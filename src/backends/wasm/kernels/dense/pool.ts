// Average pooling of dense images in ceil mode: a window that sticks out of the image averages only the pixels that
// exist. Any C, any window and stride. Spike bits have a pooling of their own.

import { loadLanes, storeLanes } from "../lanes";
import { PoolSizes } from "./grid";
import { fma, ld, mul, st, zero } from "../simd";

/**
 * out[oy][ox] = mean of the pixels under the window that begins at (oy·stride, ox·stride).
 * @param x [H][W][C], T planes xPitch bytes apart
 * @param out [OH][OW][C], planes outPitch apart
 */
export function averagePool(x: usize, xPitch: usize, out: usize, outPitch: usize, s: PoolSizes): void {
  const T = s.T, H = s.H, W = s.W, C = s.C, window = s.window, stride = s.stride, OH = s.OH, OW = s.OW;
  const pixel: usize = C << 2, line = <usize>W * pixel;
  for (let t = 0; t < T; t++) {
    let into = out;
    for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++) {
      const top = oy * stride, left = ox * stride;
      const rows = min(window, H - top), columns = min(window, W - left);
      const corner = x + <usize>top * line + <usize>left * pixel;
      const share = f32x4.splat(1 / <f32>(rows * columns));
      for (let k: usize = 0; k < pixel;) {
        const single = pixel - k < 16;
        let sum = zero();
        for (let i = 0; i < rows; i++) {
          let from = corner + <usize>i * line + k;
          for (let j = 0; j < columns; j++, from += pixel) sum = f32x4.add(sum, loadLanes(single, from));
        }
        storeLanes(single, into + k, mul(sum, share));
        k += single ? 4 : 16;
      }
      into += pixel;
    }
    x += xPitch;
    out += outPitch;
  }
}

/**
 * The adjoint: dx[y][x] = Σ over the windows that hold the pixel of g / (pixels in that window).
 * @param g [OH][OW][C], T planes gPitch apart
 * @param dx [H][W][C], planes dxPitch apart
 */
export function averagePoolGradient(g: usize, gPitch: usize, dx: usize, dxPitch: usize, s: PoolSizes): void {
  const T = s.T, window = s.window;
  const tiles = window == s.stride && s.OH * window == s.H && s.OW * window == s.W && (s.C & 3) == 0;
  for (let t = 0; t < T; t++) {
    if (tiles) tilesGradient(g, dx, s);
    else windowsGradient(g, dx, s);
    g += gPitch;
    dx += dxPitch;
  }
}

/** One plane. */
function windowsGradient(g: usize, dx: usize, s: PoolSizes): void {
  const H = s.H, W = s.W, C = s.C, window = s.window, stride = s.stride, OH = s.OH, OW = s.OW;
  const pixel: usize = C << 2, line = <usize>OW * pixel;
  for (let y = 0; y < H; y++) for (let x = 0; x < W; x++) {
    const top = firstWindow(y, window, stride), bottom = min(y / stride, OH - 1);
    const left = firstWindow(x, window, stride), right = min(x / stride, OW - 1);
    for (let k: usize = 0; k < pixel;) {
      const single = pixel - k < 16;
      let sum = zero();
      for (let oy = top; oy <= bottom; oy++) {
        const rows = min(window, H - oy * stride);
        for (let ox = left; ox <= right; ox++) {
          const share = f32x4.splat(1 / <f32>(rows * min(window, W - ox * stride)));
          sum = fma(share, loadLanes(single, g + <usize>oy * line + <usize>ox * pixel + k), sum);
        }
      }
      storeLanes(single, dx + k, sum);
      k += single ? 4 : 16;
    }
    dx += pixel;
  }
}

/** One plane of an image that the windows tile: every pixel lies in one of them, and the shares are equal. */
function tilesGradient(g: usize, dx: usize, s: PoolSizes): void {
  const W = s.W, C = s.C, window = s.window, OH = s.OH, OW = s.OW;
  const pixel: usize = C << 2, line = <usize>W * pixel, share = f32x4.splat(1 / <f32>(window * window));
  for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++) {
    let corner = dx + <usize>(oy * window) * line + <usize>(ox * window) * pixel;
    for (const end = g + pixel; g < end; g += 16, corner += 16) {
      const v = mul(share, ld(g));
      for (let i = 0; i < window; i++) {
        let into = corner + <usize>i * line;
        for (let j = 0; j < window; j++, into += pixel) st(into, v);
      }
    }
  }
}

/** The first window over position i: the least o >= 0 with o·stride + window > i. */
// @ts-ignore: decorator
@inline function firstWindow(i: i32, window: i32, stride: i32): i32 {
  return i < window ? 0 : (i - window) / stride + 1;
}
