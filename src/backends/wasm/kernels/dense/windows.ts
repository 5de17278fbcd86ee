// Windows of an image as matrix rows, and back: im2col and col2im, [OH·OW][kh·kw·cin] with a row's order (ky, kx, c).
// Any kernel, stride, padding and channels. Not a convolution itself (dense/conv.ts).

import { add, ld, st, zero } from "../simd";

/** An image and square windows on it, OW of them across. */
@unmanaged
export class SquareWindows {
  H: i32;
  W: i32;
  cin: i32;
  kh: i32;
  kw: i32;
  stride: i32;
  padding: i32;
  OW: i32;
}

/**
 * Rows first .. first + count of one plane x[H][W][cin], written to `rows` one behind the other; row i is the window of
 * output pixel (i / OW, i mod OW), zero outside the image.
 */
export function im2col(x: usize, rows: usize, first: i32, count: i32, s: SquareWindows): void {
  const H = s.H, W = s.W, cin = s.cin, kh = s.kh, kw = s.kw, stride = s.stride, padding = s.padding, OW = s.OW;
  const pixel: usize = <usize>cin << 2;
  let oy = first / OW, ox = first - oy * OW;
  for (; count > 0; count--) {
    const top = oy * stride - padding, left = ox * stride - padding;
    // the window's columns from..to lie inside the image
    const from = min(max(0, -left), kw), to = max(from, min(kw, W - left));
    // fours may run over into what is written next, as long as three more numbers are
    const over = (count - 1) * kh * kw * cin >= 3;
    for (let y = top; y < top + kh; y++) {
      if (y < 0 || y >= H) rows = clearFloats(rows, kw * cin, over);
      else {
        if (from > 0) rows = clearFloats(rows, from * cin, over);
        rows = copyFloats(rows, x + <usize>(y * W + left + from) * pixel, (to - from) * cin, over);
        if (to < kw) rows = clearFloats(rows, (kw - to) * cin, over);
      }
    }
    if (++ox == OW) { ox = 0; oy++; }
  }
}

/** The adjoint: rows first .. first + count are added to the pixels of x[H][W][cin] that they came from. */
export function col2im(rows: usize, x: usize, first: i32, count: i32, s: SquareWindows): void {
  const H = s.H, W = s.W, cin = s.cin, kh = s.kh, kw = s.kw, stride = s.stride, padding = s.padding, OW = s.OW;
  const pixel: usize = <usize>cin << 2, line: usize = <usize>kw * pixel;
  let oy = first / OW, ox = first - oy * OW;
  for (; count > 0; count--) {
    const top = oy * stride - padding, left = ox * stride - padding;
    const from = min(max(0, -left), kw), to = max(from, min(kw, W - left));
    for (let y = top; y < top + kh; y++) {
      if (y >= 0 && y < H) {
        addFloats(x + <usize>(y * W + left + from) * pixel, rows + <usize>from * pixel, (to - from) * cin);
      }
      rows += line;
    }
    if (++ox == OW) { ox = 0; oy++; }
  }
}

/** @returns the address behind the copy; `over`: up to 12 bytes more may be written */
// @ts-ignore: decorator
@inline function copyFloats(to: usize, from: usize, count: i32, over: bool): usize {
  if (over) {
    const end: usize = to + (<usize>count << 2);
    while (to < end) { st(to, ld(from)); to += 16; from += 16; }
    return end;
  }
  for (; count >= 4; count -= 4) { st(to, ld(from)); to += 16; from += 16; }
  for (; count > 0; count--) { store<f32>(to, load<f32>(from)); to += 4; from += 4; }
  return to;
}

/** @returns the address behind the zeros */
function clearFloats(to: usize, count: i32, over: bool): usize {
  if (over) {
    const end: usize = to + (<usize>count << 2);
    while (to < end) { st(to, zero()); to += 16; }
    return end;
  }
  for (; count >= 4; count -= 4) { st(to, zero()); to += 16; }
  for (; count > 0; count--) { store<f32>(to, 0); to += 4; }
  return to;
}

/** to[i] += from[i]. */
export function addFloats(to: usize, from: usize, count: i32): void {
  for (; count >= 4; count -= 4) { st(to, add(ld(to), ld(from))); to += 16; from += 16; }
  for (; count > 0; count--) { store<f32>(to, load<f32>(to) + load<f32>(from)); to += 4; from += 4; }
}
