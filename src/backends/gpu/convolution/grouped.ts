// Convolutions with groups, dilation, or a grid of its own along each axis, as gpu.js kernels. Each thread gathers the
// products of its number: of a pixel of y, of a pixel of dx, or of a weight.

import type { GroupedConvolutionKernels, Operand } from '../../backend';
import type { GroupedGeometry } from '../../windows';
import { type Driver, jsKernel } from '../driver';
import { GRID, gridScalars, overPixels, overWindows } from '../grid';
import { type GpuHandle, view } from '../handle';
import { reduceAxis } from '../reduce';
import { partsOf } from './columns';

const GROUPED = { ...GRID, depth: 'integer', own: 'integer' } as const;

const forwardKernel = jsKernel(
  'groupedConv2d',
  { arrays: ['image', 'weight'], scalars: GROUPED },
  `const member = Math.floor((this.thread.z + 0.5) / outHeight);
  const top = (this.thread.z - member * outHeight) * strideY - paddingY;
  const left = this.thread.y * strideX - paddingX;
  const first = Math.floor((this.thread.x + 0.5) / own) * depth;
  let total = 0;
  ${overPixels(`for (let c = 0; c < depth; c++) {
            total += image[member * height + y][x][first + c] * weight[i * kernelWidth + j][c][this.thread.x];
          }`)}
  return total;`,
);

const inputGradientKernel = jsKernel(
  'groupedConv2dInputGradient',
  { arrays: ['gradient', 'weight'], scalars: GROUPED },
  `const member = Math.floor((this.thread.z + 0.5) / height);
  const pixelY = this.thread.z - member * height;
  const pixelX = this.thread.y;
  const group = Math.floor((this.thread.x + 0.5) / depth);
  let total = 0;
  ${overWindows(`for (let f = 0; f < own; f++) {
            total += gradient[member * outHeight + oy][ox][group * own + f]
              * weight[i * kernelWidth + j][this.thread.x - group * depth][group * own + f];
          }`)}
  return total;`,
);

/** Of `members` images for each part of the batch. */
const weightGradientKernel = jsKernel(
  'groupedConv2dWeightGradient',
  { arrays: ['image', 'gradient'], scalars: { ...GROUPED, members: 'integer', taps: 'integer' } },
  `const part = Math.floor((this.thread.z + 0.5) / taps);
  const tap = this.thread.z - part * taps;
  const i = Math.floor((tap + 0.5) / kernelWidth);
  const down = i * dilationY - paddingY;
  const across = (tap - i * kernelWidth) * dilationX - paddingX;
  const channel = Math.floor((this.thread.x + 0.5) / own) * depth + this.thread.y;
  let total = 0;
  for (let n = 0; n < members; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y = oy * strideY + down;
      if (y >= 0 && y < height) {
        for (let ox = 0; ox < outWidth; ox++) {
          const x = ox * strideX + across;
          if (x >= 0 && x < width) {
            total += image[(part * members + n) * height + y][x][channel]
              * gradient[(part * members + n) * outHeight + oy][ox][this.thread.x];
          }
        }
      }
    }
  }
  return total;`,
);

const sides = (g: GroupedGeometry) => ({
  ...gridScalars(g),
  depth: g.channels / g.groups,
  own: g.filters / g.groups,
});

const tapsOf = (g: GroupedGeometry) => g.rows.size * g.columns.size;
const imagesIn = (x: Operand, g: GroupedGeometry) => view(x, [g.batch * g.height, g.width, g.channels]);
const weightsIn = (w: Operand, g: GroupedGeometry) => view(w, [tapsOf(g), g.channels / g.groups, g.filters]);
const outputsIn = (y: Operand, g: GroupedGeometry) => view(y, [g.batch * g.outHeight, g.outWidth, g.filters]);

function weightGradient(driver: Driver, x: Operand, gradient: Operand, g: GroupedGeometry): GpuHandle {
  const parts = partsOf(g.batch, g.outHeight * g.outWidth);
  const [taps, depth] = [tapsOf(g), g.channels / g.groups];
  const sums = driver.js(weightGradientKernel, {
    arrays: { image: imagesIn(x, g), gradient: outputsIn(gradient, g) },
    scalars: { ...sides(g), members: g.batch / parts, taps },
    output: [parts * taps, depth, g.filters],
  });
  if (parts === 1) return sums;
  const size = taps * depth * g.filters;
  const total = reduceAxis(driver, 'sum', { handle: sums, shape: [parts, size] }, [1, parts, size]);
  driver.free(sums);
  return total;
}

export function groupedConvolutionKernels(driver: Driver): GroupedConvolutionKernels {
  return {
    groupedConv2d: (x, weight, g) =>
      driver.js(forwardKernel, {
        arrays: { image: imagesIn(x, g), weight: weightsIn(weight, g) },
        scalars: sides(g),
        output: [g.batch * g.outHeight, g.outWidth, g.filters],
      }),
    groupedConv2dInputGradient: (gradient, weight, g) =>
      driver.js(inputGradientKernel, {
        arrays: { gradient: outputsIn(gradient, g), weight: weightsIn(weight, g) },
        scalars: sides(g),
        output: [g.batch * g.height, g.width, g.channels],
      }),
    groupedConv2dWeightGradient: (x, gradient, g) => weightGradient(driver, x, gradient, g),
  };
}
