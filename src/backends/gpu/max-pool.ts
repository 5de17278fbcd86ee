// Max pooling as gpu.js kernels. The gradient gathers: a pixel looks at every window over it, finds again which pixel
// that window took, and adds the window's gradient where it was itself.

import type { MaxPoolKernels } from '../backend';
import { type Driver, jsKernel } from './driver';
import { GRID, gridScalars, overPixels, overWindows } from './grid';
import { view } from './handle';

/** Of equal numbers the first; a NaN whatever was before it. */
const maximumKernel = jsKernel(
  'maxPool2d',
  { arrays: ['image'], scalars: GRID },
  `const member = Math.floor((this.thread.z + 0.5) / outHeight);
  const top = (this.thread.z - member * outHeight) * strideY - paddingY;
  const left = this.thread.y * strideX - paddingX;
  let best = 0;
  let found = 0;
  ${overPixels(`const value = image[member * height + y][x][this.thread.x];
          if (found === 0 || value > best || value !== value) {
            best = value;
            found = 1;
          }`)}
  return best;`,
);

const gradientKernel = jsKernel(
  'maxPool2dGradient',
  { arrays: ['gradient', 'image'], scalars: GRID },
  `const member = Math.floor((this.thread.z + 0.5) / height);
  const pixelY = this.thread.z - member * height;
  const pixelX = this.thread.y;
  let total = 0;
  ${overWindows(`const top = oy * strideY - paddingY;
          const left = ox * strideX - paddingX;
          let best = 0;
          let taken = -1;
          ${overPixels(
            `const value = image[member * height + y][x][this.thread.x];
          if (taken < 0 || value > best || value !== value) {
            best = value;
            taken = a * kernelWidth + b;
          }`,
            ['a', 'b', 'y', 'x'],
          )}
          if (taken === i * kernelWidth + j) total += gradient[member * outHeight + oy][ox][this.thread.x];`)}
  return total;`,
);

export function maxPoolKernels(driver: Driver): MaxPoolKernels {
  return {
    maxPool2d(x, g) {
      const result = driver.js(maximumKernel, {
        arrays: { image: view(x, [g.batch * g.height, g.width, g.channels]) },
        scalars: gridScalars(g),
        output: [g.batch * g.outHeight, g.outWidth, g.channels],
      });
      result.binary = x.handle.binary;
      return result;
    },
    maxPool2dGradient: (gradient, x, g) =>
      driver.js(gradientKernel, {
        arrays: {
          gradient: view(gradient, [g.batch * g.outHeight, g.outWidth, g.channels]),
          image: view(x, [g.batch * g.height, g.width, g.channels]),
        },
        scalars: gridScalars(g),
        output: [g.batch * g.height, g.width, g.channels],
      }),
  };
}
