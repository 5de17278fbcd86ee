// Layers of hundreds of channels take ways of their own (weights prepared by all threads together, gradients shared by
// channel, images of few pixels): here against the f64 reference.

import { afterAll, describe, expect, test } from 'vitest';
import type { Backend, Handle, Operand } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { convGeometry } from '../../../src/backends/geometry';
import { type WasmBackend, wasmBackend } from '../../../src/backends/wasm';
import { Random } from '../../../src/core/random';
import { fire, plainNeuron } from '../../../src/testing/cases/neuron';
import { flavours } from './kernel-memory';
import { largestError } from './kernels/sums';

const reference = cpuBackend('f64');

/** [height, width, cin, cout, stride] */
const layers = [
  [4, 5, 136, 256, 1],
  [2, 2, 256, 128, 1],
  [3, 1, 256, 128, 1],
  [5, 4, 128, 264, 2],
  [8, 8, 128, 128, 1],
  [2, 2, 128, 256, 2],
] as const;

describe.each(flavours)('large layers on wasm (%s)', async (flavour) => {
  const backend: WasmBackend = await wasmBackend({ flavour, threads: 2 });
  const alone: WasmBackend = await wasmBackend({ flavour, threads: 1 });
  afterAll(() => {
    backend.close();
    alone.close();
  });

  test.each(layers)('%ix%i pixels, %i to %i channels, stride %i', (height, width, cin, cout, stride) => {
    const shape = [2, 3, height, width, cin];
    const g = convGeometry('test', shape, [3, 3, cin, cout], stride, 1);
    const outShape = [2, 3, g.outHeight, g.outWidth, cout];
    const random = new Random(cin + cout);
    const normal = (count: number, deviation: number) =>
      Float32Array.from({ length: count }, () => random.normal(0, deviation));
    const currents = normal(6 * height * width * cin, 0.5);
    const weights = normal(9 * cin * cout, 0.05);
    const gradients = normal(6 * g.outHeight * g.outWidth * cout, 1);
    const results = (on: Backend, someWeights: Float32Array, someGradients: Float32Array) => {
      const operand = (handle: Handle, s: readonly number[]): Operand => ({ handle, shape: s });
      const { spikes } = fire(on, plainNeuron, operand(on.upload(currents), shape));
      const x = operand(spikes, shape);
      const w = operand(on.upload(someWeights), [3, 3, cin, cout]);
      const dy = operand(on.upload(someGradients), outShape);
      return [on.conv2d(x, w, g), on.conv2dInputGradient(dy, w, g), on.conv2dWeightGradient(x, dy, g)].map(
        (handle) => on.readSync(handle),
      );
    };
    const expected = results(reference, weights, gradients);
    // spikes are not negative: |w| and |dy| give the sums of the terms' magnitudes
    const magnitudes = results(reference, weights.map(Math.abs), gradients.map(Math.abs));
    const actual = results(backend, weights, gradients);
    const again = results(alone, weights, gradients);
    expect(actual.map((numbers, i) => numbers.every((x, j) => x === again[i]![j]))).toEqual([
      true,
      true,
      true,
    ]);
    for (const [i, got] of actual.entries()) {
      // always the same numbers, so that no draw can break it: Winograd's errors are the largest and reach a fifth of
      // this
      const error = largestError(got, { values: expected[i]!, magnitudes: magnitudes[i]! });
      expect(error, `kernel ${i}`).toBeLessThan(2e-6);
    }
  });
});
