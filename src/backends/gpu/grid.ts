// What kernels in gpu.js's JavaScript are told of windows with a grid of their own along each axis, and how they walk
// over them. Texts, put together once a module.

import type { WindowGrid } from '../windows';

/** The scalars of a grid. */
export const GRID = {
  height: 'integer',
  width: 'integer',
  outHeight: 'integer',
  outWidth: 'integer',
  kernelHeight: 'integer',
  kernelWidth: 'integer',
  strideY: 'integer',
  strideX: 'integer',
  paddingY: 'integer',
  paddingX: 'integer',
  dilationY: 'integer',
  dilationX: 'integer',
} as const;

export function gridScalars(g: WindowGrid): Record<keyof typeof GRID, number> {
  const { height, width, outHeight, outWidth, rows, columns } = g;
  return {
    height,
    width,
    outHeight,
    outWidth,
    kernelHeight: rows.size,
    kernelWidth: columns.size,
    strideY: rows.stride,
    strideX: columns.stride,
    paddingY: rows.padding,
    paddingX: columns.padding,
    dilationY: rows.dilation,
    dilationX: columns.dilation,
  };
}

/**
 * For each pixel (y, x) under the window whose first tap is (top, left), as tap (i, j).
 * @param body with these names in scope
 * @param names of the two loops, where one lies within another
 */
export function overPixels(body: string, [i, j, y, x] = ['i', 'j', 'y', 'x']): string {
  return `for (let ${i} = 0; ${i} < kernelHeight; ${i}++) {
    const ${y} = top + ${i} * dilationY;
    if (${y} >= 0 && ${y} < height) {
      for (let ${j} = 0; ${j} < kernelWidth; ${j}++) {
        const ${x} = left + ${j} * dilationX;
        if (${x} >= 0 && ${x} < width) {
          ${body}
        }
      }
    }
  }`;
}

/** For each window (oy, ox) over pixel (pixelY, pixelX), which is its tap (i, j). */
export function overWindows(body: string): string {
  return `for (let i = 0; i < kernelHeight; i++) {
    const oy = Math.floor((pixelY + paddingY - i * dilationY + 0.5) / strideY);
    if (oy >= 0 && oy < outHeight && oy * strideY + i * dilationY === pixelY + paddingY) {
      for (let j = 0; j < kernelWidth; j++) {
        const ox = Math.floor((pixelX + paddingX - j * dilationX + 0.5) / strideX);
        if (ox >= 0 && ox < outWidth && ox * strideX + j * dilationX === pixelX + paddingX) {
          ${body}
        }
      }
    }
  }`;
}
