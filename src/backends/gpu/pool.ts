// Average pooling in ceil mode: a window that sticks out of the image averages only the pixels that exist. The gradient
// gathers too: a pixel adds up its share of every window over it.

import type { Operand, PoolKernels } from '../backend';
import type { PoolGeometry } from '../geometry';
import { type Driver, jsKernel } from './driver';
import { type GpuHandle, view } from './handle';

const averageKernel = jsKernel(
  'avgPool2d',
  {
    arrays: ['image'],
    scalars: {
      height: 'integer',
      width: 'integer',
      outHeight: 'integer',
      reach: 'integer',
      stride: 'integer',
    },
  },
  `const member = Math.floor((this.thread.z + 0.5) / outHeight);
  const top = (this.thread.z - member * outHeight) * stride;
  const left = this.thread.y * stride;
  let total = 0;
  for (let i = 0; i < reach; i++) {
    if (top + i < height) {
      for (let j = 0; j < reach; j++) {
        if (left + j < width) total += image[member * height + top + i][left + j][this.thread.x];
      }
    }
  }
  return total / (Math.min(reach, height - top) * Math.min(reach, width - left));`,
);

/** `most` windows at most lie over a pixel along one axis. */
const shareKernel = jsKernel(
  'avgPool2dGradient',
  {
    arrays: ['gradient'],
    scalars: {
      height: 'integer',
      width: 'integer',
      outHeight: 'integer',
      outWidth: 'integer',
      reach: 'integer',
      stride: 'integer',
      most: 'integer',
    },
  },
  `const member = Math.floor((this.thread.z + 0.5) / height);
  const y = this.thread.z - member * height;
  const lastDown = Math.floor((y + 0.5) / stride);
  const lastAcross = Math.floor((this.thread.y + 0.5) / stride);
  let total = 0;
  for (let i = 0; i < most; i++) {
    const down = lastDown - i;
    const top = down * stride;
    if (down >= 0 && down < outHeight && top + reach > y) {
      for (let j = 0; j < most; j++) {
        const across = lastAcross - j;
        const left = across * stride;
        if (across >= 0 && across < outWidth && left + reach > this.thread.y) {
          total += gradient[member * outHeight + down][across][this.thread.x]
            / (Math.min(reach, height - top) * Math.min(reach, width - left));
        }
      }
    }
  }
  return total;`,
);

/** [N,H,W,C] to [N,OH,OW,C]. */
export function avgPool2d(driver: Driver, x: Operand, g: PoolGeometry): GpuHandle {
  const { batch, height, width, channels, outHeight, outWidth, window: reach, stride } = g;
  return driver.js(averageKernel, {
    arrays: { image: view(x, [batch * height, width, channels]) },
    scalars: { height, width, outHeight, reach, stride },
    output: [batch * outHeight, outWidth, channels],
  });
}

/** [N,OH,OW,C] to [N,H,W,C]. */
export function avgPool2dGradient(driver: Driver, gradient: Operand, g: PoolGeometry): GpuHandle {
  const { batch, height, width, channels, outHeight, outWidth, window: reach, stride } = g;
  return driver.js(shareKernel, {
    arrays: { gradient: view(gradient, [batch * outHeight, outWidth, channels]) },
    scalars: { height, width, outHeight, outWidth, reach, stride, most: Math.ceil(reach / stride) },
    output: [batch * height, width, channels],
  });
}

export function poolKernels(driver: Driver): PoolKernels {
  return {
    avgPool2d: (x, g) => avgPool2d(driver, x, g),
    avgPool2dGradient: (gradient, g) => avgPool2dGradient(driver, gradient, g),
  };
}
