// Convolution as im2col and a matrix product, image by image, so that one image's columns stay in the cache:
//   y = columns(x)·w,   dw = Σ columns(x)ᵀ·dy,   dx = columns⁻ᵀ(dy·wᵀ).

import type { ConvolutionKernels, Operand } from '../backend';
import type { ConvGeometry } from '../geometry';
import { type Allocate, dataOf } from './buffer';
import { gemm } from './matmul';
import { columnsToImage, imageToColumns, rowLength } from './windows';

/** Sizes that every one of these kernels needs. */
function sizesOf(g: ConvGeometry) {
  return {
    windows: g.outHeight * g.outWidth,
    row: rowLength(g),
    image: g.height * g.width * g.channels,
    output: g.outHeight * g.outWidth * g.filters,
  };
}

export function convolutionKernels(allocate: Allocate): ConvolutionKernels {
  /** Calls `use` with the columns of each image in turn, in one scratch array. */
  function withColumns(
    x: Operand,
    g: ConvGeometry,
    use: (columns: Float32Array | Float64Array, n: number) => void,
  ): void {
    const { windows, row, image } = sizesOf(g);
    const columns = allocate(windows * row).data;
    for (let n = 0; n < g.batch; n++) {
      imageToColumns(g, dataOf(x.handle), n * image, columns, 0); // the zeros outside the image are never written to
      use(columns, n);
    }
  }

  return {
    conv2d(x, weight, g) {
      const { windows, row, output } = sizesOf(g);
      const result = allocate(g.batch * output);
      const w = { data: dataOf(weight.handle), offset: 0, row: g.filters, column: 1 };
      withColumns(x, g, (columns, n) => {
        const a = { data: columns, offset: 0, row, column: 1 };
        const sizes = { m: windows, n: g.filters, k: row };
        gemm(sizes, a, w, { data: result.data, offset: n * output });
      });
      return result;
    },

    conv2dInputGradient(gradient, weight, g) {
      const { windows, row, image, output } = sizesOf(g);
      const result = allocate(g.batch * image);
      const columns = allocate(windows * row).data;
      const transposed = { data: dataOf(weight.handle), offset: 0, row: 1, column: g.filters };
      for (let n = 0; n < g.batch; n++) {
        const dy = { data: dataOf(gradient.handle), offset: n * output, row: g.filters, column: 1 };
        gemm({ m: windows, n: row, k: g.filters }, dy, transposed, { data: columns });
        columnsToImage(g, columns, 0, result.data, n * image);
      }
      return result;
    },

    conv2dWeightGradient(x, gradient, g) {
      const { windows, row, output } = sizesOf(g);
      const sums = new Float64Array(row * g.filters); // f64 over the batch, rounded once
      withColumns(x, g, (columns, n) => {
        const dy = { data: dataOf(gradient.handle), offset: n * output, row: g.filters, column: 1 };
        const a = { data: columns, offset: 0, row: 1, column: row };
        gemm({ m: row, n: g.filters, k: windows }, a, dy, { data: sums, accumulate: true });
      });
      const result = allocate(sums.length);
      result.data.set(sums);
      return result;
    },
  };
}
