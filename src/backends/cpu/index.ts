// The reference backend: plain loops over typed arrays, f32 or f64. Slow and meant to be read; every other backend is
// held to its f64 numbers.

import type { Backend, Precision } from '../backend';
import { allocator, memoryKernels } from './buffer';
import { linearKernels } from './conv';
import { elementwiseKernels } from './elementwise';
import { shapeKernels } from './movement';
import { neuronKernels } from './neuron';
import { normKernels } from './norm';
import { scanKernels } from './scan';
import { trainingKernels } from './training';

/** @param precision in which tensors are stored; sums inside a kernel are f64 either way */
export function cpuBackend(precision: Precision = 'f32'): Backend {
  const allocate = allocator(precision);
  return {
    name: 'cpu',
    precision,
    synchronous: true,
    ...memoryKernels(allocate),
    ...elementwiseKernels(allocate),
    ...shapeKernels(allocate),
    ...linearKernels(allocate),
    ...normKernels(allocate),
    ...neuronKernels(allocate),
    ...scanKernels(allocate, precision),
    ...trainingKernels(allocate),
  };
}
