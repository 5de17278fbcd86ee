// Reading the reference vectors: PyTorch's f64 numbers, in PyTorch's layouts.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Shape } from '../../src/backends/shape';
import { tensor } from '../../src/core/create';
import type { Tensor } from '../../src/core/tensor';
import { channelsLast, fromFileLayout } from '../../src/interop/layout';
import { sharedFolder } from '../support/shared';

export const golden = sharedFolder('golden', process.env.GOLDEN_DIR);

export interface GoldenArray {
  readonly shape: number[];
  readonly data: number[];
}

/** One neuron of neuron.json. */
export interface NeuronCase {
  dynamics: 'leak' | 'paper';
  tau: number;
  vth: number;
  vReset: number;
  k: number | null;
  surrogateWidth: number;
  detachReset: boolean;
  T: number;
  n: number;
  x: number[];
  membrane: number[];
  rectified: number[];
  spikes: number[];
  carried: number[];
  gradSpikes: number[];
  gradX: number[];
}

export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(golden.path, name), 'utf8')) as T;
}

export function networkNames(): string[] {
  return golden.missing
    ? []
    : readdirSync(golden.path)
        .filter((name) => name.endsWith('.safetensors'))
        .map((name) => name.replace('.safetensors', ''));
}

/** An array of the file as one of ours, in the layout said. */
export function load(
  { shape, data }: GoldenArray,
  layout: 'plain' | 'image' | 'conv' | 'linear',
  requiresGrad = false,
): Tensor {
  const array = { shape, data: Float64Array.from(data) };
  const turned = layout === 'image' ? channelsLast(array) : fromFileLayout(array, layout);
  return tensor(turned.data as Float64Array, turned.shape, { requiresGrad });
}

/** Largest |a - b| / max(scale, floor), where scale is the largest |b|. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let error = 0;
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    error = Math.max(error, Math.abs(actual[i]! - expected[i]!));
    scale = Math.max(scale, Math.abs(expected[i]!));
    if (Number.isNaN(actual[i])) return Number.NaN;
  }
  return error / (scale || 1);
}

/** Every number within `tolerance` of the file's, absolutely. */
export function expectClose(
  actual: Tensor,
  expected: GoldenArray,
  layout: Parameters<typeof load>[1],
  tolerance = 1e-9,
): void {
  const wanted = load(expected, layout);
  expect(actual.shape as Shape).toEqual(wanted.shape);
  const a = actual.dataSync();
  const b = wanted.dataSync();
  let error = 0;
  for (let i = 0; i < a.length; i++) {
    const distance = Math.abs(a[i]! - b[i]!);
    error = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(error, distance);
  }
  expect(error).toBeLessThanOrEqual(tolerance);
}
