// What the laws share: values and gradients of a function with several outputs, and comparing lists of numbers.

import { expect } from 'vitest';
import { tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { scope } from '../../src/core/scope';
import type { Tensor } from '../../src/core/tensor';
import { add, mul } from '../../src/ops/arithmetic';
import { sum } from '../../src/ops/reduce';
import type { TensorData } from '../../src/testing/arbitraries';
import { within } from '../support/backend';

/** `length` numbers from a seeded stream, normal with the given mean and deviation. */
export function normal(length: number, seed: number, mean = 0, deviation = 1): number[] {
  const random = new Random(seed);
  return Array.from({ length }, () => random.normal(mean, deviation));
}

export interface Evaluated {
  readonly values: number[][];
  readonly gradients: number[][];
}

/** Values of all outputs, and gradients of Σ c·output with the same random c for outputs of the same size. */
export function evaluated(
  fn: (...inputs: Tensor[]) => readonly Tensor[],
  inputs: readonly TensorData[],
  seed = 1,
): Evaluated {
  return scope(() => {
    const leaves = inputs.map(({ data, shape }) => tensor(data, shape, { requiresGrad: true }));
    const outputs = fn(...leaves);
    const loss = outputs
      .map((output, i) => sum(mul(output, tensor(normal(output.size, seed + i), output.shape))))
      .reduce((a, b) => add(a, b));
    if (loss.requiresGrad) loss.backward();
    const gradients = leaves.map((leaf) => Array.from(leaf.grad?.dataSync() ?? new Float64Array(leaf.size)));
    for (const leaf of leaves) leaf.grad?.dispose();
    return { values: outputs.map((output) => Array.from(output.dataSync())), gradients };
  });
}

/** Fails where two lists differ by more than `tolerance` (in f32 by what that can hold), relative above 1. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(actual[i]! - expected[i]!);
    if (!(distance <= within(tolerance) * Math.max(1, Math.abs(expected[i]!))))
      expect.fail(`number ${i} is ${actual[i]}, expected ${expected[i]}`);
  }
}

export function expectSame(actual: Evaluated, expected: Evaluated, tolerance = 1e-12): void {
  for (const part of ['values', 'gradients'] as const) {
    expect(actual[part].length).toBe(expected[part].length);
    for (const [i, list] of expected[part].entries()) expectClose(actual[part][i]!, list, tolerance);
  }
}
