// Average pooling in ceil mode: a window that sticks out of the image averages only the pixels that exist.

import type { Operand, PoolKernels } from '../backend';
import type { PoolGeometry } from '../geometry';
import { type Allocate, type CpuBuffer, dataOf } from './buffer';

/** Calls `visit` for each pair of a pixel and a window over it, with 1 / (real pixels in that window). */
function forEachPair(g: PoolGeometry, visit: (pixel: number, window: number, share: number) => void): void {
  for (let n = 0; n < g.batch; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++) {
        const bottom = Math.min(oy * g.stride + g.window, g.height);
        const right = Math.min(ox * g.stride + g.window, g.width);
        const share = 1 / ((bottom - oy * g.stride) * (right - ox * g.stride));
        const window = ((n * g.outHeight + oy) * g.outWidth + ox) * g.channels;
        for (let y = oy * g.stride; y < bottom; y++) {
          for (let x = ox * g.stride; x < right; x++) {
            visit(((n * g.height + y) * g.width + x) * g.channels, window, share);
          }
        }
      }
    }
  }
}

function avgPool2d(allocate: Allocate, x: Operand, g: PoolGeometry): CpuBuffer {
  const source = dataOf(x.handle);
  const result = allocate(g.batch * g.outHeight * g.outWidth * g.channels);
  forEachPair(g, (pixel, window, share) => {
    for (let c = 0; c < g.channels; c++) result.data[window + c]! += share * source[pixel + c]!;
  });
  return result;
}

function avgPool2dGradient(allocate: Allocate, gradient: Operand, g: PoolGeometry): CpuBuffer {
  const source = dataOf(gradient.handle);
  const result = allocate(g.batch * g.height * g.width * g.channels);
  forEachPair(g, (pixel, window, share) => {
    for (let c = 0; c < g.channels; c++) result.data[pixel + c]! += share * source[window + c]!;
  });
  return result;
}

export function poolKernels(allocate: Allocate): PoolKernels {
  return {
    avgPool2d: (x, g) => avgPool2d(allocate, x, g),
    avgPool2dGradient: (gradient, g) => avgPool2dGradient(allocate, gradient, g),
  };
}
