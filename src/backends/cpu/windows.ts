// Sliding windows over channels-last images: im2col lays the pixels under each window in a row, col2im is its adjoint.

import type { FloatArray, WindowKernels } from '../backend';
import type { ConvGeometry } from '../geometry';
import { type Allocate, dataOf } from './buffer';

/** Numbers in a row of columns: kh·kw·C. */
export function rowLength(g: ConvGeometry): number {
  return g.kernelHeight * g.kernelWidth * g.channels;
}

/**
 * Where the runs of pixels under the windows lie: entry s of `image` and `column` is where run s starts in an image and
 * in its columns, and `length` how many numbers it has. A run is the part of one kernel row that lies inside the image.
 */
interface Runs {
  readonly image: Int32Array;
  readonly column: Int32Array;
  readonly length: Int32Array;
}

/** The runs of the last geometry: a network meets the same few again and again, image by image. */
const known = new Map<string, Runs>();
const MOST_KNOWN = 64;

function runsOf(g: ConvGeometry): Runs {
  const { height, width, channels, kernelHeight, kernelWidth, stride, padding } = g;
  const key = [height, width, channels, kernelHeight, kernelWidth, stride, padding].join();
  const found = known.get(key);
  if (found !== undefined) return found;
  const row = rowLength(g);
  const image: number[] = [];
  const column: number[] = [];
  const lengths: number[] = [];
  for (let oy = 0; oy < g.outHeight; oy++) {
    for (let ox = 0; ox < g.outWidth; ox++) {
      const left = ox * stride - padding;
      const from = Math.max(0, -left);
      const to = Math.min(kernelWidth, width - left);
      for (let ky = 0; ky < kernelHeight; ky++) {
        const y = oy * stride - padding + ky;
        if (to <= from || y < 0 || y >= height) continue;
        image.push((y * width + left + from) * channels);
        column.push((oy * g.outWidth + ox) * row + (ky * kernelWidth + from) * channels);
        lengths.push((to - from) * channels);
      }
    }
  }
  const runs = {
    image: Int32Array.from(image),
    column: Int32Array.from(column),
    length: Int32Array.from(lengths),
  };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, runs);
  return runs;
}

/** One image [H,W,C] at `at` to columns [OH·OW, kh·kw·C] at `to`; the target must hold zeros outside the image. */
export function imageToColumns(
  g: ConvGeometry,
  x: FloatArray,
  at: number,
  columns: FloatArray,
  to: number,
): void {
  const { image, column, length } = runsOf(g);
  for (let s = 0; s < image.length; s++) {
    let i = at + image[s]!;
    let o = to + column[s]!;
    for (const end = o + length[s]!; o < end; ) columns[o++] = x[i++]!;
  }
}

/** Adds columns back to the pixels they came from. */
export function columnsToImage(
  g: ConvGeometry,
  columns: FloatArray,
  from: number,
  x: FloatArray,
  at: number,
): void {
  const { image, column, length } = runsOf(g);
  for (let s = 0; s < image.length; s++) {
    let i = from + column[s]!;
    let o = at + image[s]!;
    for (const end = o + length[s]!; o < end; ) x[o++]! += columns[i++]!;
  }
}

/** Numbers of one image and of its columns. */
function sizes(g: ConvGeometry) {
  return { rows: g.outHeight * g.outWidth * rowLength(g), image: g.height * g.width * g.channels };
}

export function windowKernels(allocate: Allocate): WindowKernels {
  return {
    im2col(x, g) {
      const { rows, image } = sizes(g);
      const result = allocate(g.batch * rows, x.handle.binary);
      for (let n = 0; n < g.batch; n++) {
        imageToColumns(g, dataOf(x.handle), n * image, result.data, n * rows);
      }
      return result;
    },

    col2im(columns, g) {
      const { rows, image } = sizes(g);
      const result = allocate(g.batch * image);
      for (let n = 0; n < g.batch; n++) {
        columnsToImage(g, dataOf(columns.handle), n * rows, result.data, n * image);
      }
      return result;
    },
  };
}
