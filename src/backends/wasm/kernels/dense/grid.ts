// Which taps of a window lie on the image, and which windows a tap lies under: what pools and convolutions share whose
// grid has a size, stride, padding and dilation of its own along each axis. Window o has tap i at
// o·stride - padding + i·dilation = start + i·dilation.

/** Planes of C channels on one side, and on the other those that windows on them make. */
@unmanaged
export class WindowSizes {
  T: i32;
  H: i32;
  W: i32;
  C: i32;
  kh: i32;
  kw: i32;
  strideY: i32;
  strideX: i32;
  padY: i32;
  padX: i32;
  dilY: i32;
  dilX: i32;
  OH: i32;
  OW: i32;
}

/** Square windows without padding. */
@unmanaged
export class PoolSizes {
  T: i32;
  H: i32;
  W: i32;
  C: i32;
  window: i32;
  stride: i32;
  OH: i32;
  OW: i32;
}

/** The first tap that is not before the image. */
// @ts-ignore: decorator
@inline export function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** The tap behind the last one that is not behind the image. */
// @ts-ignore: decorator
@inline export function endTap(start: i32, size: i32, dilation: i32, length: i32): i32 {
  return start >= length ? 0 : min(size, (length - 1 - start) / dilation + 1);
}

/** The first window whose tap, `at` = padding - i·dilation before window 0's start, is not before the image. */
// @ts-ignore: decorator
@inline export function firstWindow(at: i32, stride: i32): i32 {
  return at <= 0 ? 0 : (at + stride - 1) / stride;
}

/** The window behind the last one whose tap is not behind the image. */
// @ts-ignore: decorator
@inline export function endWindow(at: i32, stride: i32, count: i32, length: i32): i32 {
  return length - 1 + at < 0 ? 0 : min(count, (length - 1 + at) / stride + 1);
}
