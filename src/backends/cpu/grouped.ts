// Convolutions in groups, with dilation, or with a grid of its own along each axis:
//   y[o,f] = Σ x[pixel,c]·w[tap,c,f] over the pixels under window o and the channels of f's group.

import type { GroupedConvolutionKernels } from '../backend';
import type { GroupedGeometry } from '../windows';
import { type Allocate, dataOf } from './buffer';
import { forEachWindow } from './grid';

/** Calls `use` with the places of each product's three numbers. */
function forEachProduct(g: GroupedGeometry, use: (y: number, x: number, w: number) => void): void {
  const [depth, own] = [g.channels / g.groups, g.filters / g.groups];
  forEachWindow(g, (window, each) =>
    each((pixel, tap) => {
      for (let c = 0; c < g.channels; c++) {
        const group = Math.floor(c / depth);
        const weights = (tap * depth + (c - group * depth)) * g.filters;
        for (let f = group * own; f < (group + 1) * own; f++)
          use(window * g.filters + f, pixel + c, weights + f);
      }
    }),
  );
}

export function groupedConvolutionKernels(allocate: Allocate): GroupedConvolutionKernels {
  /** f64 sums, rounded once. */
  const rounded = (sums: Float64Array) => {
    const result = allocate(sums.length);
    result.data.set(sums);
    return result;
  };
  return {
    groupedConv2d(x, weight, g) {
      const [image, w] = [dataOf(x.handle), dataOf(weight.handle)];
      const sums = new Float64Array(g.batch * g.outHeight * g.outWidth * g.filters);
      forEachProduct(g, (y, from, at) => {
        sums[y]! += image[from]! * w[at]!;
      });
      return rounded(sums);
    },

    groupedConv2dInputGradient(gradient, weight, g) {
      const [dy, w] = [dataOf(gradient.handle), dataOf(weight.handle)];
      const sums = new Float64Array(g.batch * g.height * g.width * g.channels);
      forEachProduct(g, (y, to, at) => {
        sums[to]! += dy[y]! * w[at]!;
      });
      return rounded(sums);
    },

    groupedConv2dWeightGradient(x, gradient, g) {
      const [image, dy] = [dataOf(x.handle), dataOf(gradient.handle)];
      const sums = new Float64Array(g.rows.size * g.columns.size * (g.channels / g.groups) * g.filters);
      forEachProduct(g, (y, from, to) => {
        sums[to]! += image[from]! * dy[y]!;
      });
      return rounded(sums);
    },
  };
}
