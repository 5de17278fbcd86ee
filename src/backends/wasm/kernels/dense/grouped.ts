// Convolutions of dense images with groups, dilation, or a grid of its own along each axis, pixel by pixel and without
// windows laid out. With one channel and one filter a group (depthwise) four channels go at once, else four filters.
// Not the fastest for a single group: conv.ts has square grids as matrix products.

import { loadLanes, storeLanes } from "../lanes";
import { add, fma, ld, mul, splat, st, zero } from "../simd";
import { endTap, endWindow, firstTap, firstWindow, WindowSizes } from "./grid";

/** C channels and `cout` filters, in groups. */
@unmanaged
export class GroupedSizes extends WindowSizes {
  cout: i32;
  groups: i32;
}

/**
 * y[t][OH][OW][cout] from x[t][H][W][cin] and w[kh][kw][cin/groups][cout].
 */
export function groupedConv(x: usize, xPitch: usize, w: usize, out: usize, outPitch: usize, s: GroupedSizes): void {
  for (let t = 0; t < s.T; t++, x += xPitch) {
    const plane = out + <usize>t * outPitch;
    if (xPitch == 0 && t > 0) memory.copy(plane, out, <usize>(s.OH * s.OW * s.cout) << 2); // one image for all steps
    else convPlane(x, w, plane, s);
  }
}

/** One plane. */
function convPlane(x: usize, w: usize, out: usize, s: GroupedSizes): void {
  const H = s.H, W = s.W, cin = s.C, cout = s.cout, groups = s.groups, kh = s.kh, kw = s.kw, OH = s.OH, OW = s.OW;
  const strideY = s.strideY, strideX = s.strideX, padY = s.padY, padX = s.padX, dilY = s.dilY, dilX = s.dilX;
  const depth = cin / groups, own: usize = <usize>(cout / groups) << 2, row: usize = <usize>cout << 2;
  const pixel: usize = <usize>cin << 2, tap: usize = <usize>depth * row;
  const single = depth == 1 && own == 4;
  // bytes between the pixels, and the weights, of one tap and the next along either axis
  const lineStep: usize = <usize>(dilY * W) * pixel, pixelStep: usize = <usize>dilX * pixel;
  const lineTaps: usize = <usize>kw * tap;
  for (let oy = 0; oy < OH; oy++) for (let ox = 0; ox < OW; ox++, out += row) {
    const top = oy * strideY - padY, left = ox * strideX - padX;
    const down = firstTap(top, dilY), bottom = endTap(top, kh, dilY, H);
    const across = firstTap(left, dilX), right = endTap(left, kw, dilX, W);
    const corner = x + <usize>((top + down * dilY) * W + left + across * dilX) * pixel;
    const weights = w + <usize>(down * kw + across) * tap;
    const rows = bottom - down, columns = max(0, right - across);
    if (single) {
      let k: usize = 0;
      for (; k + 64 <= row; k += 64) {
        depthwise16(corner + k, lineStep, pixelStep, weights + k, lineTaps, tap, rows, columns, out + k);
      }
      for (; k < row;) {
        const one = row - k < 16;
        const sum = depthwise4(one, corner + k, lineStep, pixelStep, weights + k, lineTaps, tap, rows, columns);
        storeLanes(one, out + k, sum);
        k += one ? 4 : 16;
      }
    } else for (let g = 0; g < groups; g++) {
      const first: usize = <usize>g * own;
      for (let k: usize = 0; k < own;) {
        const one = own - k < 16;
        let sum = zero();
        for (let i = 0; i < rows; i++) {
          let from = corner + <usize>i * lineStep + (<usize>(g * depth) << 2);
          let weight = weights + <usize>i * lineTaps + first + k;
          for (let j = 0; j < columns; j++, from += pixelStep, weight += tap) {
            for (let c = 0; c < depth; c++) {
              sum = fma(splat(from + (<usize>c << 2)), loadLanes(one, weight + <usize>c * row), sum);
            }
          }
        }
        storeLanes(one, out + first + k, sum);
        k += one ? 4 : 16;
      }
    }
  }
}

/** Sixteen channels of a pixel: Σ x·w over the taps, lines of them `line` bytes apart in x and `lineTaps` in w. */
function depthwise16(
  x: usize, line: usize, step: usize, w: usize, lineTaps: usize, tap: usize, rows: i32, columns: i32, out: usize,
): void {
  let a = zero(), b = zero(), c = zero(), d = zero();
  for (let i = 0; i < rows; i++, x += line, w += lineTaps) {
    let from = x, weight = w;
    for (let j = 0; j < columns; j++, from += step, weight += tap) {
      a = fma(ld(from), ld(weight), a);
      b = fma(ld(from, 16), ld(weight, 16), b);
      c = fma(ld(from, 32), ld(weight, 32), c);
      d = fma(ld(from, 48), ld(weight, 48), d);
    }
  }
  st(out, a); st(out, b, 16); st(out, c, 32); st(out, d, 48);
}

/** Four channels, or one of them. */
function depthwise4(
  single: bool, x: usize, line: usize, step: usize, w: usize, lineTaps: usize, tap: usize, rows: i32, columns: i32,
): v128 {
  let sum = zero();
  for (let i = 0; i < rows; i++, x += line, w += lineTaps) {
    let from = x, weight = w;
    for (let j = 0; j < columns; j++, from += step, weight += tap) {
      sum = fma(loadLanes(single, from), loadLanes(single, weight), sum);
    }
  }
  return sum;
}

/** dx[t][H][W][cin] from dy[t][OH][OW][cout]: every window adds to the pixels under it. */
export function groupedInputGradient(dy: usize, dyPitch: usize, w: usize, out: usize, outPitch: usize, s: GroupedSizes): void {
  const T = s.T, H = s.H, W = s.W, cin = s.C, cout = s.cout, groups = s.groups, kh = s.kh, kw = s.kw;
  const OH = s.OH, OW = s.OW;
  const strideY = s.strideY, strideX = s.strideX, padY = s.padY, padX = s.padX, dilY = s.dilY, dilX = s.dilX;
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

/** dw[kh][kw][cin/groups][cout] += Σ x·dy over the planes, row by row of the windows, which stay in the cache. */
export function groupedWeightGradient(x: usize, xPitch: usize, dy: usize, dyPitch: usize, dw: usize, s: GroupedSizes): void {
  const T = s.T, H = s.H, W = s.W, cin = s.C, cout = s.cout, groups = s.groups, kh = s.kh, kw = s.kw;
  const OH = s.OH, OW = s.OW;
  const strideY = s.strideY, strideX = s.strideX, padY = s.padY, padX = s.padX, dilY = s.dilY, dilX = s.dilX;
  const depth = cin / groups, own: usize = <usize>(cout / groups) << 2, row: usize = <usize>cout << 2;
  const pixel: usize = <usize>cin << 2, step: usize = <usize>strideX * pixel;
  const single = depth == 1 && own == 4;
  for (let t = 0; t < T; t++, x += xPitch, dy += dyPitch) for (let oy = 0; oy < OH; oy++) {
    const top = oy * strideY - padY;
    for (let i = firstTap(top, dilY), bottom = endTap(top, kh, dilY, H); i < bottom; i++) for (let j = 0; j < kw; j++) {
      const across = padX - j * dilX;
      const left = firstWindow(across, strideX), count = endWindow(across, strideX, OW, W) - left;
      if (count <= 0) continue;
      const from = x + <usize>((top + i * dilY) * W + left * strideX - across) * pixel;
      const gradient = dy + <usize>(oy * OW + left) * row;
      const to = dw + <usize>((i * kw + j) * depth) * row;
      if (single) {
        for (let k: usize = 0; k < row;) {
          const one = row - k < 16;
          let sum = zero();
          for (let n = 0, a = from + k, b = gradient + k; n < count; n++, a += step, b += row) {
            sum = fma(loadLanes(one, a), loadLanes(one, b), sum);
          }
          storeLanes(one, to + k, add(loadLanes(one, to + k), sum));
          k += one ? 4 : 16;
        }
      } else for (let g = 0; g < groups; g++) for (let c = 0; c < depth; c++) {
        const first: usize = <usize>g * own, into = to + <usize>c * row + first;
        const channel = from + (<usize>(g * depth + c) << 2);
        for (let k: usize = 0; k < own;) {
          const one = own - k < 16;
          let sum = zero();
          for (let n = 0, a = channel, b = gradient + first + k; n < count; n++, a += step, b += row) {
            sum = fma(splat(a), loadLanes(one, b), sum);
          }
          storeLanes(one, into + k, add(loadLanes(one, into + k), sum));
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
