// Where tdBN touches every pixel outside the neuron: its affine, the backward affine (also into planes padded for the
// input gradient), and sums or copies over time. norm/sums.ts and norm/coefficients.ts find the coefficients. Any C:
// channels go by 8, then 4, then one; eight channels of a run of pixels at a time, so that their coefficients stay in
// registers and the run's pixels, met again for the next eight, in the first cache.

import { loadLanes, storeLanes } from "../lanes";
import { add, fma, ld, mul, st, zero } from "../simd";

/** Planes of as many pixels. */
@unmanaged
export class PlaneSizes {
  T: i32;
  pixels: i32;
  C: i32;
}

/** Images, and planes with a margin around them, [PH][PW]. */
@unmanaged
export class PaddedSizes {
  T: i32;
  H: i32;
  W: i32;
  C: i32;
  PH: i32;
  PW: i32;
}

/** Pixels of a run. */
const RUN = 32;

/** out = a·y + b. y, out [pixels][C], T planes yPitch and outPitch bytes apart; coef a[C], b[C]. out may be y. */
export function affine(
  y: usize, yPitch: usize, T: i32, pixels: i32, C: i32, coef: usize, out: usize, outPitch: usize,
): void {
  const row: usize = C << 2;
  for (let t = 0; t < T; t++) {
    for (let first = 0; first < pixels; first += RUN) {
      const count = min(pixels - first, RUN), from = y + <usize>first * row, into = out + <usize>first * row;
      let k: usize = 0;
      for (; k + 32 <= row; k += 32) affineRun8(from + k, count, row, coef + k, into + k);
      for (; k + 16 <= row; k += 16) affineRun(false, from + k, count, row, coef + k, into + k);
      for (; k < row; k += 4) affineRun(true, from + k, count, row, coef + k, into + k);
    }
    y += yPitch;
    out += outPitch;
  }
}

function affineRun8(y: usize, count: i32, row: usize, coef: usize, out: usize): void {
  const a = ld(coef), a1 = ld(coef, 16), b = ld(coef + row), b1 = ld(coef + row, 16);
  for (const end = y + <usize>count * row; y != end; y += row, out += row) {
    const first = fma(a, ld(y), b), second = fma(a1, ld(y, 16), b1);
    st(out, first);
    st(out, second, 16);
  }
}

// @ts-ignore: decorator
@inline function affineRun(single: bool, y: usize, count: i32, row: usize, coef: usize, out: usize): void {
  const a = loadLanes(single, coef), b = loadLanes(single, coef + row);
  for (const end = y + <usize>count * row; y != end; y += row, out += row) {
    storeLanes(single, out, fma(a, loadLanes(single, y), b));
  }
}

/** out = A·dx + B·y + D. dx, y, out [pixels][C], T planes each; abd A[C], B[C], D[C]. out may be dx or y. */
export function affine2(
  dx: usize, dxPitch: usize, y: usize, yPitch: usize, abd: usize, out: usize, outPitch: usize, s: PlaneSizes,
): void {
  const T = s.T, pixels = s.pixels, C = s.C;
  for (let t = 0; t < T; t++) {
    affine2Pixels(dx, y, pixels, C, abd, out);
    dx += dxPitch;
    y += yPitch;
    out += outPitch;
  }
}

/** One row, or one plane without borders. */
function affine2Pixels(dx: usize, y: usize, pixels: i32, C: i32, abd: usize, out: usize): void {
  const row: usize = C << 2;
  for (let first = 0; first < pixels; first += RUN) {
    const count = min(pixels - first, RUN), at = <usize>first * row;
    let k: usize = 0;
    for (; k + 32 <= row; k += 32) affine2Run8(dx + at + k, y + at + k, count, row, abd + k, out + at + k);
    for (; k + 16 <= row; k += 16) affine2Run(false, dx + at + k, y + at + k, count, row, abd + k, out + at + k);
    for (; k < row; k += 4) affine2Run(true, dx + at + k, y + at + k, count, row, abd + k, out + at + k);
  }
}

function affine2Run8(dx: usize, y: usize, count: i32, row: usize, abd: usize, out: usize): void {
  const a = ld(abd), a1 = ld(abd, 16), b = ld(abd + row), b1 = ld(abd + row, 16);
  const d = ld(abd + (row << 1)), d1 = ld(abd + (row << 1), 16);
  for (const end = dx + <usize>count * row; dx != end; dx += row, y += row, out += row) {
    const first = fma(a, ld(dx), fma(b, ld(y), d)), second = fma(a1, ld(dx, 16), fma(b1, ld(y, 16), d1));
    st(out, first);
    st(out, second, 16);
  }
}

// @ts-ignore: decorator
@inline function affine2Run(single: bool, dx: usize, y: usize, count: i32, row: usize, abd: usize, out: usize): void {
  const a = loadLanes(single, abd), b = loadLanes(single, abd + row), d = loadLanes(single, abd + (row << 1));
  for (const end = dx + <usize>count * row; dx != end; dx += row, y += row, out += row) {
    storeLanes(single, out, fma(a, loadLanes(single, dx), fma(b, loadLanes(single, y), d)));
  }
}

/**
 * The same into padded planes [PH][PW][C]: the image at (1, 1), zeros written all around it.
 * @param outPitch bytes from plane to plane
 */
export function affine2Padded(
  dx: usize, dxPitch: usize, y: usize, yPitch: usize, abd: usize, out: usize, outPitch: usize, s: PaddedSizes,
): void {
  for (let t = 0; t < s.T; t++) {
    padAffine2(dx, y, abd, out, s);
    dx += dxPitch;
    y += yPitch;
    out += outPitch;
  }
}

/** One plane. */
function padAffine2(dx: usize, y: usize, abd: usize, out: usize, s: PaddedSizes): void {
  const H = s.H, W = s.W, C = s.C, PW = s.PW, row: usize = (C << 2) * W;
  clearBorder(out, H, W, C, s.PH, PW);
  for (let r = 0; r < H; r++) affine2Pixels(dx + <usize>r * row, y + <usize>r * row, W, C, abd, inside(out, r, C, PW));
}

/** Planes [H][W][C] copied into padded planes, zeros around them. */
export function padPlanes(x: usize, xPitch: usize, out: usize, outPitch: usize, s: PaddedSizes): void {
  const T = s.T, H = s.H, W = s.W, C = s.C, PH = s.PH, PW = s.PW;
  const row: usize = (C << 2) * W;
  for (let t = 0; t < T; t++) {
    clearBorder(out, H, W, C, PH, PW);
    for (let r = 0; r < H; r++) memory.copy(inside(out, r, C, PW), x + <usize>r * row, row);
    x += xPitch;
    out += outPitch;
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
  for (let r = 0; r < H - 1; r++) clearGap(inside(plane, r, C, PW) + <usize>W * pixel, gap);
  const end = inside(plane, H - 1, C, PW) + <usize>W * pixel;
  memory.fill(end, 0, plane + <usize>(PH * PW) * pixel - end);
}

/** A few hundred bytes, a multiple of 4: too few for the call that memory.fill is. */
// @ts-ignore: decorator
@inline function clearGap(p: usize, bytes: usize): void {
  const end = p + bytes;
  for (; p + 16 <= end; p += 16) st(p, zero());
  for (; p < end; p += 4) store<f32>(p, 0);
}

/** out[floats] = Σ over the T planes of x, xPitch bytes apart. */
export function sumOverTime(x: usize, xPitch: usize, T: i32, floats: i32, out: usize): void {
  const end = out + (<usize>floats << 2);
  while (out < end) {
    const single = end - out < 16;
    let sum = zero(), from = x;
    for (let t = 0; t < T; t++, from += xPitch) sum = add(sum, loadLanes(single, from));
    storeLanes(single, out, sum);
    const step: usize = single ? 4 : 16;
    out += step;
    x += step;
  }
}

/** out[pixels][C] = scale·x[C] at every pixel, for T vectors xPitch apart and T planes outPitch apart. */
export function perPixel(
  x: usize, xPitch: usize, T: i32, pixels: i32, C: i32, scale: f32, out: usize, outPitch: usize,
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
    x += xPitch;
    out += outPitch;
  }
}
