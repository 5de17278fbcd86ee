// A spiking multilayer perceptron on the wasm backend and on the f64 reference. Its numbers are small dyadic fractions:
// forward everything is exact in f32, so that the same neurons spike; gradients gain digits from layer to layer.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { type WasmBackend, wasmBackend } from '../../../src/backends/wasm';
import { tensor } from '../../../src/core/create';
import { withBackend } from '../../../src/core/engine';
import { Random } from '../../../src/core/random';
import type { Tensor } from '../../../src/core/tensor';
import { mul } from '../../../src/ops/arithmetic';
import { linear } from '../../../src/ops/matmul';
import { mean, sum } from '../../../src/ops/reduce';
import { lif } from '../../../src/snn';
import { flavours } from './kernel-memory';
import { largestError } from './kernels/sums';

const times = 4;

/** The loss, then the gradients of all weights and biases. */
function step(backend: Backend, batch: number, widths: readonly number[], seed: number): number[][] {
  const random = new Random(seed);
  const draw = (shape: readonly number[], parameter = true) =>
    tensor(
      Float64Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        () => Math.round(random.uniform(-4, 4)) / 8,
      ),
      shape,
      { requiresGrad: parameter },
    );
  return withBackend(backend, () => {
    const weights: Tensor[] = [];
    const biases: Tensor[] = [];
    let x = draw([times, batch, widths[0]!], false);
    for (let i = 0; i + 1 < widths.length; i++) {
      const [w, b] = [draw([widths[i]!, widths[i + 1]!]), draw([widths[i + 1]!])];
      weights.push(w);
      biases.push(b);
      x = linear(i === 0 ? x : lif(x, { reset: i % 2 === 0 ? 'hard' : 'soft' }), w, b);
    }
    const loss = sum(mul(mean(x, 0), draw([batch, widths.at(-1)!], false)));
    loss.backward();
    const results = [loss, ...weights.map(({ grad }) => grad!), ...biases.map(({ grad }) => grad!)];
    return results.map((result) => Array.from(result.dataSync(), (value) => value + 0)); // no -0
  });
}

const networks = [
  { batch: 6, widths: [24, 32, 40, 10] },
  { batch: 37, widths: [9, 24, 136, 8, 3] },
  { batch: 1, widths: [8, 72, 16, 5] },
  { batch: 5, widths: [8, 12, 20, 5] }, // no groups of eight channels
];

describe.each(flavours)('a spiking perceptron on wasm (%s)', (flavour) => {
  let alone: WasmBackend;
  let threaded: WasmBackend;
  beforeAll(async () => {
    alone = await wasmBackend({ flavour, threads: 1 });
    threaded = await wasmBackend({ flavour, threads: 3 });
  });
  afterAll(() => {
    for (const backend of [alone, threaded]) backend.close();
  });

  test.each(networks)(
    'has the loss and gradients of the reference: $widths, batch $batch',
    ({ batch, widths }) => {
      const [loss, ...gradients] = step(alone, batch, widths, 3);
      const [expectedLoss, ...expected] = step(cpuBackend('f64'), batch, widths, 3);
      expect(loss).toEqual(expectedLoss);
      for (const [i, numbers] of expected.entries()) {
        expect(numbers.some((value) => value !== 0)).toBe(true);
        // of the largest gradient; always the same numbers, so that none of them cancels by bad luck
        expect(
          largestError(gradients[i]!, { values: numbers, magnitudes: numbers.map(Math.abs) }),
        ).toBeLessThan(1e-6);
      }
    },
  );

  test.each(networks)(
    'has the same bits on any number of threads: $widths, batch $batch',
    ({ batch, widths }) => {
      expect(step(threaded, batch, widths, 3)).toEqual(step(alone, batch, widths, 3));
    },
  );

  test('sums rows of spikes in both directions; only the sum that is the loss goes to the reference', () => {
    alone.profile(true);
    step(alone, 6, [24, 32, 40, 10], 4);
    const { kernels, reference } = alone.profiled();
    alone.profile(false);
    const names = kernels.map(({ kernel }) => kernel);
    expect(names).toEqual(
      expect.arrayContaining(['spikeLinear', 'spikeLinearWeights', 'columnSums', 'addRow']),
    );
    expect([...reference.keys()].sort()).toEqual(['broadcast', 'sum']);
  });
});
