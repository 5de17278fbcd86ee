// Max pooling. The first of equal pixels counts, row by row, and a NaN above all (the last one, as in PyTorch); the
// gradient goes to that pixel alone.

import type { MaxPoolKernels, Operand } from '../backend';
import type { WindowGrid } from '../windows';
import { type Allocate, dataOf } from './buffer';
import { forEachWindow } from './grid';

/** Calls `use` with the place of each window's largest number. */
function forEachLargest(x: Operand, g: WindowGrid, use: (window: number, at: number) => void): void {
  const data = dataOf(x.handle);
  forEachWindow(g, (window, each) => {
    for (let c = 0; c < g.channels; c++) {
      let at = -1;
      each((pixel) => {
        const value = data[pixel + c]!;
        if (at < 0 || value > data[at]! || Number.isNaN(value)) at = pixel + c;
      });
      use(window * g.channels + c, at);
    }
  });
}

export function maxPoolKernels(allocate: Allocate): MaxPoolKernels {
  return {
    maxPool2d(x, g) {
      const data = dataOf(x.handle);
      const result = allocate(g.batch * g.outHeight * g.outWidth * g.channels, x.handle.binary);
      forEachLargest(x, g, (window, at) => {
        result.data[window] = data[at]!;
      });
      return result;
    },

    maxPool2dGradient(gradient, x, g) {
      const dy = dataOf(gradient.handle);
      const sums = new Float64Array(g.batch * g.height * g.width * g.channels);
      forEachLargest(x, g, (window, at) => {
        sums[at]! += dy[window]!;
      });
      const result = allocate(sums.length);
      result.data.set(sums);
      return result;
    },
  };
}
