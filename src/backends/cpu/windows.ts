// Sliding windows over channels-last images: im2col lays the pixels under each window in a row, col2im is its adjoint.

import type { FloatArray } from '../backend';
import type { ConvGeometry } from '../geometry';

/** Numbers in a row of columns: kh·kw·C. */
export function rowLength(g: ConvGeometry): number {
  return g.kernelHeight * g.kernelWidth * g.channels;
}

/** For every (window, kernel row) that lies inside the image: where its run of kernel columns starts, and how long it is. */
function forEachSpan(g: ConvGeometry, visit: (image: number, column: number, length: number) => void): void {
  const row = rowLength(g);
  for (let oy = 0; oy < g.outHeight; oy++) {
    for (let ox = 0; ox < g.outWidth; ox++) {
      const left = ox * g.stride - g.padding;
      const from = Math.max(0, -left);
      const to = Math.min(g.kernelWidth, g.width - left);
      if (to <= from) continue;
      for (let ky = 0; ky < g.kernelHeight; ky++) {
        const y = oy * g.stride - g.padding + ky;
        if (y < 0 || y >= g.height) continue;
        visit(
          (y * g.width + left + from) * g.channels,
          (oy * g.outWidth + ox) * row + (ky * g.kernelWidth + from) * g.channels,
          (to - from) * g.channels,
        );
      }
    }
  }
}

/** One image [H,W,C] at `image` to columns [OH·OW, kh·kw·C] at `column`; the target must hold zeros outside the image. */
export function imageToColumns(
  g: ConvGeometry,
  x: FloatArray,
  image: number,
  columns: FloatArray,
  column: number,
): void {
  forEachSpan(g, (from, to, length) => {
    for (let n = 0; n < length; n++) columns[column + to + n] = x[image + from + n]!;
  });
}

/** Adds columns back to the pixels they came from. */
export function columnsToImage(
  g: ConvGeometry,
  columns: FloatArray,
  column: number,
  x: FloatArray,
  image: number,
): void {
  forEachSpan(g, (to, from, length) => {
    for (let n = 0; n < length; n++) x[image + to + n]! += columns[column + from + n]!;
  });
}
