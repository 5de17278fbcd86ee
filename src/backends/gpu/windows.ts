// im2col and its adjoint as gpu.js kernels. Both gather: a thread of im2col looks up the pixel that its number is, a
// thread of col2im adds up the rows that its pixel went into, so that nothing is written twice and nothing is atomic.

import type { Operand, WindowKernels } from '../backend';
import type { ConvGeometry } from '../geometry';
import { type Driver, jsKernel } from './driver';
import { type GpuHandle, view } from './handle';

/** Rows of images times width and channel; quotients carry half a unit so that rounding cannot lower them. */
const columnsKernel = jsKernel(
  'im2col',
  {
    arrays: ['image'],
    scalars: {
      outHeight: 'integer',
      height: 'integer',
      width: 'integer',
      channels: 'integer',
      kernelWidth: 'integer',
      stride: 'integer',
      padding: 'integer',
    },
  },
  `const member = Math.floor((this.thread.z + 0.5) / outHeight);
  const tap = Math.floor((this.thread.x + 0.5) / channels);
  const down = Math.floor((tap + 0.5) / kernelWidth);
  const y = (this.thread.z - member * outHeight) * stride - padding + down;
  const across = this.thread.y * stride - padding + tap - down * kernelWidth;
  let value = 0;
  if (y >= 0 && y < height && across >= 0 && across < width) {
    value = image[member * height + y][across][this.thread.x - tap * channels];
  }
  return value;`,
);

const imageKernel = jsKernel(
  'col2im',
  {
    arrays: ['columns'],
    scalars: {
      height: 'integer',
      channels: 'integer',
      kernelHeight: 'integer',
      kernelWidth: 'integer',
      outHeight: 'integer',
      outWidth: 'integer',
      stride: 'integer',
      padding: 'integer',
    },
  },
  `const member = Math.floor((this.thread.z + 0.5) / height);
  const bottom = this.thread.z - member * height + padding;
  const right = this.thread.y + padding;
  let total = 0;
  for (let ky = 0; ky < kernelHeight; ky++) {
    const oy = Math.floor((bottom - ky + 0.5) / stride);
    if (oy >= 0 && oy < outHeight && oy * stride + ky === bottom) {
      for (let kx = 0; kx < kernelWidth; kx++) {
        const ox = Math.floor((right - kx + 0.5) / stride);
        if (ox >= 0 && ox < outWidth && ox * stride + kx === right) {
          total += columns[member * outHeight + oy][ox][(ky * kernelWidth + kx) * channels + this.thread.x];
        }
      }
    }
  }
  return total;`,
);

/** [N,H,W,C] to [N·OH·OW, kh·kw·C]. */
export function im2col(driver: Driver, x: Operand, g: ConvGeometry): GpuHandle {
  const { batch, height, width, channels, kernelWidth, outHeight, outWidth, stride, padding } = g;
  const columns = driver.js(columnsKernel, {
    arrays: { image: view(x, [batch * height, width, channels]) },
    scalars: { outHeight, height, width, channels, kernelWidth, stride, padding },
    output: [batch * outHeight, outWidth, rowLength(g)],
  });
  columns.binary = x.handle.binary;
  return columns;
}

/** [N·OH·OW, kh·kw·C] to [N,H,W,C]. */
export function col2im(driver: Driver, columns: Operand, g: ConvGeometry): GpuHandle {
  const { batch, height, width, channels, kernelHeight, kernelWidth } = g;
  const { outHeight, outWidth, stride, padding } = g;
  return driver.js(imageKernel, {
    arrays: { columns: view(columns, [batch * outHeight, outWidth, rowLength(g)]) },
    scalars: { height, channels, kernelHeight, kernelWidth, outHeight, outWidth, stride, padding },
    output: [batch * height, width, channels],
  });
}

/** Numbers in a row of columns: kh·kw·C. */
export function rowLength(g: ConvGeometry): number {
  return g.kernelHeight * g.kernelWidth * g.channels;
}

export function windowKernels(driver: Driver): WindowKernels {
  return {
    im2col: (x, g) => im2col(driver, x, g),
    col2im: (columns, g) => col2im(driver, columns, g),
  };
}
