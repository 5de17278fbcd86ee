// Buffers of the reference backend: one typed array each, f32 or f64. Memory comes from and goes back to the
// JavaScript heap; nothing is pooled.

import type { FloatArray, Handle, MemoryKernels, Precision } from '../backend';
import { roomFor } from '../out-of-memory';

export interface CpuBuffer extends Handle {
  readonly data: FloatArray;
}

/** Makes buffers of one precision. */
export type Allocate = (size: number, binary?: boolean) => CpuBuffer;

export function allocator(precision: Precision): Allocate {
  return (size, binary = false) => {
    const data = roomFor('cpu', size, () =>
      precision === 'f64' ? new Float64Array(size) : new Float32Array(size),
    );
    return { data, size, bytes: data.byteLength, binary };
  };
}

/** The numbers behind a handle that this backend made. */
export function dataOf(handle: Handle): FloatArray {
  return (handle as CpuBuffer).data;
}

export function memoryKernels(allocate: Allocate): MemoryKernels {
  const copyOf = (handle: Handle) => roomFor('cpu', handle.size, () => dataOf(handle).slice());
  return {
    upload(source) {
      const buffer = allocate(source.length);
      buffer.data.set(source);
      return buffer;
    },
    full(size, value) {
      const buffer = allocate(size);
      if (!Object.is(value, 0)) buffer.data.fill(value); // -0 is not what a new array holds
      return buffer;
    },
    read: async (handle) => copyOf(handle),
    readSync: copyOf,
    overwrite: (handle, source) => dataOf(handle).set(source),
    free() {}, // the garbage collector takes it with its last reference
  };
}
