// The convolutions of the gpu backend. There are two ways, tested against each other: implicit products that never write
// the columns down, in WGSL; and im2col with a matrix product, in gpu.js kernels that run everywhere.

import type { LinearKernels } from '../../backend';
import type { Driver } from '../driver';
import { col2im, im2col } from '../windows';
import { columnConvolution } from './columns';
import { implicitConvolution } from './implicit';
import type { Convolution } from './kernels';

/** The way that this device takes. */
function convolution(driver: Driver): Convolution {
  return driver.hasWgsl ? implicitConvolution(driver) : columnConvolution(driver);
}

export type ConvolutionKernels = Pick<
  LinearKernels,
  'im2col' | 'col2im' | 'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient'
>;

export function convolutionKernels(driver: Driver): ConvolutionKernels {
  const { conv2d, inputGradient, weightGradient } = convolution(driver);
  return {
    im2col: (x, g) => im2col(driver, x, g),
    col2im: (columns, g) => col2im(driver, columns, g),
    conv2d,
    conv2dInputGradient: inputGradient,
    conv2dWeightGradient: weightGradient,
  };
}
