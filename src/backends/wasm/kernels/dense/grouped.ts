// Convolutions of dense images with groups, dilation, or a grid of its own along each axis, pixel by pixel and without
// windows laid out. With one channel and one filter a group (depthwise) four channels go at once, else four filters.
// Not the fastest for a single group: conv.ts has square grids as matrix products.

import { loadLanes, storeLanes } from "../lanes";
import { add, fma, ld, mul, splat, st, zero } from "../simd";
import { endTap, endWindow, firstTap, firstWindow } from "./grid";

/**
 * y[t][OH][OW][cout] from x[t][H][W][cin] and w[kh][kw][cin/groups][cout].
 */
export function groupedConv(
  x: usize, xPitch: usize, T: i32, H: i32, W: i32, cin: i32, kh: i32, kw: i32, strideY: i32, strideX: i32,
  padY: i32, padX: i32, dilY: i32, dilX: i32, OH: i32, OW: i32, cout: i32, groups: i32, w: usize, out: usize, outPitch: usize,
): void {
  const depth = cin / groups, own: usize = <usize>(cout / groups) << 2, row: usize = <usize>cout << 2;
  const pixel: usize = <usize>cin << 2, tap: usize = <usize>depth * row;
  if (xPitch == 0 && T > 1) { // one image for all steps
    groupedConv(
      x, 0, 1, H, W, cin, kh, kw, strideY, strideX, padY, padX, dilY, dilX, OH, OW, cout, groups, w, out, outPitch,
    );
    for (let t = 1; t < T; t++) memory.copy(out + <usize>t * outPitch, out, <usize>(OH * OW) * row);
    return;
  }
  const single = depth == 1 && own == 4, runs = single ? 1 : groups, run: usize = single ? row : own;
  for (let t = 0; t < T; t++, x += xPitch, out += outPitch) {
    let into = out;
    for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++, into += row) {
      const top = oy * strideY - padY, left = ox * strideX - padX;
      const down = firstTap(top, dilY), bottom = endTap(top, kh, dilY, H);
      const across = firstTap(left, dilX), right = endTap(left, kw, dilX, W);
      for (let g = 0; g < runs; g++) {
        const channel: usize = <usize>(g * depth) << 2, first: usize = <usize>g * own;
        for (let k: usize = 0; k < run;) {
          const one = run - k < 16;
          let sum = zero();
          for (let i = down; i < bottom; i++) for (let j = across; j < right; j++) {
            let from = x + <usize>((top + i * dilY) * W + left + j * dilX) * pixel + channel;
            let weight = w + <usize>(i * kw + j) * tap + first + k;
            if (single) sum = fma(loadLanes(one, from + k), loadLanes(one, weight), sum);
            else for (let c = 0; c < depth; c++, from += 4, weight += row) sum = fma(splat(from), loadLanes(one, weight), sum);
          }
          storeLanes(one, into + first + k, sum);
          k += one ? 4 : 16;
        }
      }
    }
  }
}

/** dx[t][H][W][cin] from dy[t][OH][OW][cout]: every window adds to the pixels under it. */
export function groupedInputGradient(
  dy: usize, dyPitch: usize, T: i32, H: i32, W: i32, cin: i32, kh: i32, kw: i32, strideY: i32, strideX: i32,
  padY: i32, padX: i32, dilY: i32, dilX: i32, OH: i32, OW: i32, cout: i32, groups: i32, w: usize, out: usize, outPitch: usize,
): void {
  const depth = cin / groups, own: usize = <usize>(cout / groups) << 2, row: usize = <usize>cout << 2;
  const pixel: usize = <usize>cin << 2, tap: usize = <usize>depth * row;
  const single = depth == 1 && own == 4;
  for (let t = 0; t < T; t++, dy += dyPitch, out += outPitch) {
    memory.fill(out, 0, <usize>(H * W) * pixel);
    let from = dy;
    for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++, from += row) {
      const top = oy * strideY - padY, left = ox * strideX - padX;
      const down = firstTap(top, dilY), bottom = endTap(top, kh, dilY, H);
      const across = firstTap(left, dilX), right = endTap(left, kw, dilX, W);
      for (let i = down; i < bottom; i++) for (let j = across; j < right; j++) {
        let into = out + <usize>((top + i * dilY) * W + left + j * dilX) * pixel;
        const weight = w + <usize>(i * kw + j) * tap;
        if (single) addProducts(into, from, weight, pixel);
        else for (let g = 0; g < groups; g++) for (let c = 0; c < depth; c++, into += 4) {
          const first: usize = <usize>g * own;
          store<f32>(into, load<f32>(into) + inner(from + first, weight + <usize>c * row + first, own));
        }
      }
    }
  }
}

/** dw[kh][kw][cin/groups][cout] += Σ x·dy over the planes, a plane's windows summed by rows. */
export function groupedWeightGradient(
  x: usize, xPitch: usize, T: i32, H: i32, W: i32, cin: i32, kh: i32, kw: i32, strideY: i32, strideX: i32,
  padY: i32, padX: i32, dilY: i32, dilX: i32, OH: i32, OW: i32, cout: i32, groups: i32, dy: usize, dyPitch: usize, dw: usize,
): void {
  const depth = cin / groups, own: usize = <usize>(cout / groups) << 2, row: usize = <usize>cout << 2;
  const pixel: usize = <usize>cin << 2;
  const single = depth == 1 && own == 4, runs = single ? 1 : groups, run: usize = single ? row : own;
  for (let t = 0; t < T; t++, x += xPitch, dy += dyPitch) {
    let to = dw;
    for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++, to += <usize>depth * row) {
      const down = padY - i * dilY, across = padX - j * dilX;
      const top = firstWindow(down, strideY), bottom = endWindow(down, strideY, OH, H);
      const left = firstWindow(across, strideX), right = endWindow(across, strideX, OW, W);
      for (let g = 0; g < runs; g++) for (let c = 0; c < depth; c++) {
        const first: usize = <usize>g * own, channel: usize = <usize>(g * depth + c) << 2;
        for (let k: usize = 0; k < run;) {
          const one = run - k < 16;
          let sum = zero();
          for (let oy = top; oy < bottom; oy++) {
            let from = x + <usize>((oy * strideY - down) * W + left * strideX - across) * pixel + channel + (single ? k : 0);
            let gradient = dy + <usize>(oy * OW + left) * row + first + k;
            let part = zero();
            for (let ox = left; ox < right; ox++, from += <usize>strideX * pixel, gradient += row) {
              part = fma(single ? loadLanes(one, from) : splat(from), loadLanes(one, gradient), part);
            }
            sum = add(sum, part);
          }
          const into = to + <usize>c * row + first + k;
          storeLanes(one, into, add(loadLanes(one, into), sum));
          k += one ? 4 : 16;
        }
      }
    }
  }
}

/** to[i] += a[i]·b[i], `bytes` long. */
// @ts-ignore: decorator
@inline function addProducts(to: usize, a: usize, b: usize, bytes: usize): void {
  let k: usize = 0;
  for (; k + 16 <= bytes; k += 16) st(to + k, fma(ld(a + k), ld(b + k), ld(to + k)));
  for (; k < bytes; k += 4) store<f32>(to + k, load<f32>(to + k) + load<f32>(a + k) * load<f32>(b + k));
}

/** Σ a[i]·b[i], `bytes` long. */
// @ts-ignore: decorator
@inline function inner(a: usize, b: usize, bytes: usize): f32 {
  let k: usize = 0, sum = zero();
  for (; k + 16 <= bytes; k += 16) sum = fma(ld(a + k), ld(b + k), sum);
  for (; k < bytes; k += 4) sum = add(sum, mul(v128.load32_zero(a + k), v128.load32_zero(b + k)));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}
