// Where tdBN touches every pixel outside the neuron: its affine, the backward affine (also into planes padded for the
// input gradient), and sums or copies over time. norm-sums.ts and norm-coefficients.ts find the coefficients.
// Any C: channels go by 8, then 4, then one.

import { loadLanes, storeLanes } from "./lanes";
import { add, fma, ld, mul, st, zero } from "./simd";

/** out = a·y + b. y, out [pixels][C], T planes yPitch and outPitch bytes apart; coef a[C], b[C]. out may be y. */
export function affine(
  y: usize, yPitch: usize, T: i32, pixels: i32, C: i32, coef: usize, out: usize, outPitch: usize,
): void {
  const row: usize = C << 2;
  for (let t = 0; t < T; t++) {
    let from = y, into = out;
    for (let i = 0; i < pixels; i++) {
      let k: usize = 0;
      for (; k + 32 <= row; k += 32) {
        const q = coef + k, first = fma(ld(q), ld(from + k), ld(q + row));
        const second = fma(ld(q, 16), ld(from + k, 16), ld(q + row, 16));
        st(into + k, first);
        st(into + k, second, 16);
      }
      for (; k < row; k += k + 16 <= row ? 16 : 4) affineLanes(k + 16 > row, from + k, coef + k, row, into + k);
      from += row;
      into += row;
    }
    y += yPitch;
    out += outPitch;
  }
}

// @ts-ignore: decorator
@inline function affineLanes(single: bool, y: usize, coef: usize, row: usize, out: usize): void {
  storeLanes(single, out, fma(loadLanes(single, coef), loadLanes(single, y), loadLanes(single, coef + row)));
}

/** out = A·dx + B·y + D. dx, y, out [pixels][C], T planes each; abd A[C], B[C], D[C]. out may be dx or y. */
export function affine2(
  dx: usize, dxPitch: usize, y: usize, yPitch: usize, T: i32, pixels: i32, C: i32, abd: usize, out: usize, outPitch: usize,
): void {
  for (let t = 0; t < T; t++) {
    affine2Pixels(dx, y, pixels, C, abd, out);
    dx += dxPitch;
    y += yPitch;
    out += outPitch;
  }
}

/** One run of pixels, in memory order. */
function affine2Pixels(dx: usize, y: usize, pixels: i32, C: i32, abd: usize, out: usize): void {
  const row: usize = C << 2, row2 = row << 1;
  for (let i = 0; i < pixels; i++) {
    let k: usize = 0;
    for (; k + 32 <= row; k += 32) {
      const q = abd + k, first = fma(ld(q), ld(dx + k), fma(ld(q + row), ld(y + k), ld(q + row2)));
      const second = fma(ld(q, 16), ld(dx + k, 16), fma(ld(q + row, 16), ld(y + k, 16), ld(q + row2, 16)));
      st(out + k, first);
      st(out + k, second, 16);
    }
    for (; k < row; k += k + 16 <= row ? 16 : 4) affine2Lanes(k + 16 > row, dx + k, y + k, abd + k, row, out + k);
    dx += row;
    y += row;
    out += row;
  }
}

// @ts-ignore: decorator
@inline function affine2Lanes(single: bool, dx: usize, y: usize, abd: usize, row: usize, out: usize): void {
  const shifted = fma(loadLanes(single, abd + row), loadLanes(single, y), loadLanes(single, abd + (row << 1)));
  storeLanes(single, out, fma(loadLanes(single, abd), loadLanes(single, dx), shifted));
}

/**
 * The same into padded planes [PH][PW][C]: the image at (1, 1), zeros written all around it.
 * @param padPitch bytes from plane to plane
 */
export function affine2Padded(
  dx: usize, dxPitch: usize, y: usize, yPitch: usize, T: i32, H: i32, W: i32, C: i32, abd: usize, out: usize,
  padPitch: usize, PH: i32, PW: i32,
): void {
  const row: usize = (C << 2) * W;
  for (let t = 0; t < T; t++) {
    clearBorder(out, H, W, C, PH, PW);
    for (let r = 0; r < H; r++) {
      affine2Pixels(dx + <usize>r * row, y + <usize>r * row, W, C, abd, inside(out, r, C, PW));
    }
    dx += dxPitch;
    y += yPitch;
    out += padPitch;
  }
}

/** Planes [H][W][C] copied into padded planes, zeros around them. */
export function padPlanes(
  x: usize, pitch: usize, T: i32, H: i32, W: i32, C: i32, out: usize, padPitch: usize, PH: i32, PW: i32,
): void {
  const row: usize = (C << 2) * W;
  for (let t = 0; t < T; t++) {
    clearBorder(out, H, W, C, PH, PW);
    for (let r = 0; r < H; r++) memory.copy(inside(out, r, C, PW), x + <usize>r * row, row);
    x += pitch;
    out += padPitch;
  }
}

/** Row r of the image in a padded plane. */
// @ts-ignore: decorator
@inline function inside(plane: usize, r: i32, C: i32, PW: i32): usize {
  return plane + <usize>(((r + 1) * PW + 1) * C) * 4;
}

/** Zeros in one padded plane, everywhere but under the image. */
function clearBorder(plane: usize, H: i32, W: i32, C: i32, PH: i32, PW: i32): void {
  const pixel: usize = C << 2, gap = <usize>(PW - W) * pixel;
  // from the end of one image row to the beginning of the next lie the right margin and the next left one
  memory.fill(plane, 0, <usize>(PW + 1) * pixel);
  for (let r = 0; r < H - 1; r++) memory.fill(inside(plane, r, C, PW) + <usize>W * pixel, 0, gap);
  const end = inside(plane, H - 1, C, PW) + <usize>W * pixel;
  memory.fill(end, 0, plane + <usize>(PH * PW) * pixel - end);
}

/** out[floats] = Σ over the T planes of x, pitch bytes apart. */
export function sumOverTime(x: usize, pitch: usize, T: i32, floats: i32, out: usize): void {
  const end = out + (<usize>floats << 2);
  while (out < end) {
    const single = end - out < 16;
    let sum = zero(), from = x;
    for (let t = 0; t < T; t++, from += pitch) sum = add(sum, loadLanes(single, from));
    storeLanes(single, out, sum);
    const step: usize = single ? 4 : 16;
    out += step;
    x += step;
  }
}

/** out[pixels][C] = scale·x[C] at every pixel, for T vectors pitch apart and T planes outPitch apart. */
export function spread(
  x: usize, pitch: usize, T: i32, pixels: i32, C: i32, scale: f32, out: usize, outPitch: usize,
): void {
  const row: usize = C << 2, factor = f32x4.splat(scale);
  for (let t = 0; t < T; t++) {
    let into = out;
    for (let i = 0; i < pixels; i++) {
      let k: usize = 0;
      for (; k + 16 <= row; k += 16) st(into + k, mul(factor, ld(x + k)));
      for (; k < row; k += 4) store<f32>(into + k, scale * load<f32>(x + k));
      into += row;
    }
    x += pitch;
    out += outPitch;
  }
}
