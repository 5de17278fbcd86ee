// Helpers of the dense kernels' tests: filled and fenced memory, plain f64 products. Not a test itself.

import { expect } from 'vitest';
import type { Random } from '../../../../src/core/random';
import type { KernelMemory } from '../kernel-memory';
import { Sums } from './sums';

/** Numbers in (-1, 1). */
export function numbers(random: Random, length: number): Float32Array {
  return Float32Array.from({ length }, () => random.uniform() * 2 - 1);
}

const FENCE = 512;

/** Memory between two fences of canaries. */
export interface Fenced {
  readonly at: number;
  values(): Float32Array;
  /** Fails where anything beside the memory was written. */
  expectFence(): void;
}

export function fenced(memory: KernelMemory, initial: Float32Array): Fenced {
  const start = memory.alloc((initial.length + 2 * FENCE) * 4);
  const all = () => memory.f32(start, initial.length + 2 * FENCE);
  all().fill(7);
  all().set(initial, FENCE);
  return {
    at: start + FENCE * 4,
    values: () => all().slice(FENCE, FENCE + initial.length),
    expectFence: () => {
      const view = all();
      expect(view.subarray(0, FENCE).every((x) => x === 7)).toBe(true);
      expect(view.subarray(FENCE + initial.length).every((x) => x === 7)).toBe(true);
    },
  };
}

/** a[M][K] b[K][N] in f64, added to c. */
export function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  M: number,
  N: number,
  K: number,
  c = new Sums(M * N),
): Sums {
  for (let m = 0; m < M; m++)
    for (let k = 0; k < K; k++) for (let n = 0; n < N; n++) c.add(m * N + n, a[m * K + k]! * b[k * N + n]!);
  return c;
}

/** b[K][N] of a[N][K]. */
export function transposed(a: ArrayLike<number>, N: number, K: number): Float32Array {
  return Float32Array.from({ length: N * K }, (_, i) => a[(i % N) * K + Math.floor(i / N)]!);
}
