// The convolutions of the gpu backend. There are two ways, tested against each other: implicit products that never
// write the columns down, in WGSL; and im2col with a matrix product, in gpu.js kernels that run everywhere.

import type { ConvolutionKernels } from '../../backend';
import type { Driver } from '../driver';
import { columnConvolution } from './columns';
import { implicitConvolution } from './implicit';
import type { ConvolutionWay } from './kernels';

/** The way that this device takes. */
function convolution(driver: Driver): ConvolutionWay {
  return driver.hasWgsl ? implicitConvolution(driver) : columnConvolution(driver);
}

export function convolutionKernels(driver: Driver): ConvolutionKernels {
  const { conv2d, inputGradient, weightGradient } = convolution(driver);
  return {
    conv2d,
    conv2dInputGradient: inputGradient,
    conv2dWeightGradient: weightGradient,
  };
}
