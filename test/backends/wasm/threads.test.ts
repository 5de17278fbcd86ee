// Training on the wasm backend: the same bits however many threads, live tensors and bytes where they were, and the
// clear error when the memory is full.

import { describe, expect, test } from 'vitest';
import { type WasmBackend, type WasmOptions, wasmBackend } from '../../../src/backends/wasm';
import { tensor } from '../../../src/core/create';
import { manualSeed, setActiveBackend } from '../../../src/core/engine';
import { Random } from '../../../src/core/random';
import { scope } from '../../../src/core/scope';
import { memory } from '../../../src/core/storage';
import { crossEntropy } from '../../../src/ops';
import { Sgd } from '../../../src/optim';
import { type ResNetVariant, resnet20 } from '../../../src/snn';
import { flavours } from './kernel-memory';

interface Run {
  readonly losses: number[];
  readonly parameters: Float32Array[];
}

/** A few steps of SGD on drawn images, all from one seed. */
function train(
  backend: WasmBackend,
  variant: ResNetVariant,
  steps: number,
  after?: (step: number) => void,
): Run {
  setActiveBackend(backend);
  manualSeed(7);
  const network = resnet20({ variant, width: 8, timesteps: 3 });
  const optimizer = new Sgd(network.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 1e-3 });
  const random = new Random(11);
  const count = 11;
  const images = Float32Array.from({ length: count * 13 * 10 * 3 }, () => random.normal());
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    scope(() => {
      const loss = crossEntropy(network.call(tensor(images, [count, 13, 10, 3])), labels);
      loss.backward();
      losses.push(loss.itemSync());
    });
    optimizer.step();
    optimizer.zeroGrad();
    after?.(step);
  }
  const parameters = [...network.state().values()].map(({ tensor: t }) => t.dataSync() as Float32Array);
  return { losses, parameters };
}

async function withBackend<R>(options: WasmOptions, use: (backend: WasmBackend) => R): Promise<R> {
  const backend = await wasmBackend(options);
  try {
    return use(backend);
  } finally {
    backend.close();
  }
}

describe.each(flavours)('training on wasm (%s)', (flavour) => {
  for (const variant of ['small', 'wide'] as const) {
    test(`gives the same bits with 1, 2, 3 and 8 threads, and without shared memory (${variant})`, async () => {
      const run = (backend: WasmBackend) => train(backend, variant, 3);
      const alone = await withBackend({ flavour, threads: 1, shared: false }, run);
      expect(new Set(alone.losses).size).toBe(3); // it does learn something
      for (const threads of [1, 2, 3, 8]) {
        expect(await withBackend({ flavour, threads, shared: true }, run), `${threads} threads`).toEqual(
          alone,
        );
      }
    });
  }

  test('leaves live tensors, bytes and memory after 60 steps where they were after ten', async () => {
    await withBackend({ flavour, threads: 2 }, (backend) => {
      const marks: unknown[] = [];
      train(backend, 'small', 60, (step) => {
        if (step === 9 || step === 59) marks.push([memory(), backend.memory()]);
      });
      expect(marks[1]).toEqual(marks[0]);
    });
  });
});

describe('a full memory', () => {
  test('gives an error that says what was needed, what is in use and what to change', async () => {
    await withBackend({ threads: 1, memoryLimit: 24 * 2 ** 20 }, (backend) => {
      setActiveBackend(backend);
      expect(() => tensor(new Float32Array(2 ** 23), [2 ** 23])).toThrow(
        /wasm: no room for 3\d MB more: all the memory is 24 MB\. Take a smaller batch/,
      );
    });
  });

  test('leaves the backend usable', async () => {
    await withBackend({ threads: 1, memoryLimit: 24 * 2 ** 20 }, (backend) => {
      setActiveBackend(backend);
      expect(() => tensor(new Float32Array(2 ** 23), [2 ** 23])).toThrow('no room');
      expect(tensor([1, 2, 3], [3]).dataSync()).toEqual(Float32Array.of(1, 2, 3));
    });
  });
});
