// The reference backend: plain loops over typed arrays, f32 or f64. Slow and meant to be read; every other backend is
// held to its f64 numbers.

import type { Backend, Precision } from '../backend';
import { allocator, memoryKernels } from './buffer';
import { convolutionKernels } from './convolution';
import { elementwiseKernels } from './elementwise';
import { groupedConvolutionKernels } from './grouped';
import { lossKernels } from './loss';
import { productKernels } from './matmul';
import { maxPoolKernels } from './max-pool';
import { movementKernels } from './movement';
import { normKernels } from './norm';
import { poolKernels } from './pool';
import { reductionKernels } from './reduce';
import { scanKernels } from './scan';
import { updateKernels } from './update';
import { windowKernels } from './windows';

/** @param precision in which tensors are stored; sums inside a kernel are f64 either way */
export function cpuBackend(precision: Precision = 'f32'): Backend {
  const allocate = allocator(precision);
  return {
    name: 'cpu',
    precision,
    synchronous: true,
    ...memoryKernels(allocate),
    ...elementwiseKernels(allocate),
    ...reductionKernels(allocate),
    ...movementKernels(allocate),
    ...productKernels(allocate),
    ...windowKernels(allocate),
    ...convolutionKernels(allocate),
    ...groupedConvolutionKernels(allocate),
    ...poolKernels(allocate),
    ...maxPoolKernels(allocate),
    ...normKernels(allocate),
    ...scanKernels(allocate, precision),
    ...lossKernels(allocate),
    ...updateKernels(precision),
  };
}
