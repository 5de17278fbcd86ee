// A memory that is full: the operator that does not fit fails, at its call, and nothing else. What lives keeps its
// values, also where it was still waiting to be computed, nothing is left behind, and the engine works on. The number
// of threads does not decide what fits.

import { describe, expect, test } from 'vitest';
import { OutOfMemoryError } from '../../../src';
import { type WasmBackend, type WasmOptions, wasmBackend } from '../../../src/backends/wasm';
import { ones, tensor } from '../../../src/core/create';
import { setActiveBackend } from '../../../src/core/engine';
import { keep, scope } from '../../../src/core/scope';
import type { Tensor } from '../../../src/core/tensor';
import { add, conv2d, exp, matmul, mul, sum } from '../../../src/ops';
import { sgdRule } from '../../../src/optim/sgd';
import { lif } from '../../../src/snn';

const MB = 2 ** 20;

async function on<R>(options: WasmOptions, use: (backend: WasmBackend) => R | Promise<R>): Promise<R> {
  const backend = await wasmBackend(options);
  setActiveBackend(backend);
  try {
    return await use(backend);
  } finally {
    backend.close();
  }
}

/** Fills the memory with steps of `next` until it fails, and gives the error. */
function overflow(next: (last: Tensor) => Tensor): unknown {
  return scope(() => {
    let last = ones([MB]);
    for (let i = 0; i < 100; i++) {
      try {
        last = next(last);
      } catch (error) {
        return error;
      }
    }
    return undefined;
  });
}

describe.each([1, 2])('a full memory with %d threads', (threads) => {
  const options = { threads, memoryLimit: 40 * MB };

  test('fails at the operator that is too large, and what waits beside it is computed', async () => {
    await on(options, (backend) => {
      const live = keep(tensor([5, 6, 7]));
      const waiting = keep(add(live, 1));
      const used = backend.memory().used;
      const failures = [
        () => add(ones([4000, 1]), ones([1, 4000])),
        () => conv2d(ones([1, 1200, 1200, 8]), ones([3, 3, 8, 8]), { padding: 1 }),
        () => matmul(ones([5000, 1]), ones([1, 5000])),
        () => ones([2 ** 29]),
        () => ones([2 ** 30 - 1]),
      ];
      for (const fail of failures) expect(() => scope(fail)).toThrow(OutOfMemoryError);
      expect(waiting.dataSync()).toEqual(Float32Array.of(6, 7, 8));
      expect(live.dataSync()).toEqual(Float32Array.of(5, 6, 7));
      expect(backend.memory().used).toBeLessThan(used + 8192);
      for (const t of [live, waiting]) t.dispose();
    });
  });

  test('is found when many small ones together are too large, again and again, and leaves nothing behind', async () => {
    await on(options, (backend) => {
      const parameter = keep(tensor([1, 2, 3]));
      const velocity = keep(tensor([0, 0, 0]));
      const gradient = keep(tensor([1, 1, 1]));
      const seen = [];
      for (let round = 1; round <= 4; round++) {
        // an update in place is waiting when the memory runs out
        backend.update(sgdRule(false), { parameter, gradient, states: [velocity], constants: [1, 0, 1, 0] });
        const error = overflow(round % 2 === 0 ? (x) => exp(add(x, 1)) : (x) => mul(x, x));
        expect(error).toBeInstanceOf(OutOfMemoryError);
        expect(Array.from(parameter.dataSync())).toEqual([1 - round, 2 - round, 3 - round]);
        seen.push(backend.memory().used);
        expect(scope(() => sum(exp(ones([MB]))).itemSync())).toBeCloseTo(MB * Math.E, -2);
      }
      expect(new Set(seen).size).toBe(1);
      for (const t of [parameter, velocity, gradient]) t.dispose();
    });
  });

  test('is told with how many tensors live and what helps', async () => {
    await on(options, () => {
      expect(String(overflow((x) => add(x, 1)))).toMatch(
        /no room for \d+ MB more: \d+ MB of 40 MB are in use, and [\d,]+ tensors live\. Wrap each step in scope\(\(\) => …\), .*dispose\(\).*noGrad.*smaller batch/,
      );
    });
  });
});

test('a gradient over very many time steps fits alike with one thread and with several', async () => {
  // 31 MB of numbers and 16 MB of scratch for each thread that has some
  const run = (threads: number) =>
    on({ threads, memoryLimit: 56 * MB }, () =>
      scope(() => {
        const timesteps = 100_000;
        const x = tensor(
          Float32Array.from({ length: 20 * timesteps }, (_, i) => Math.sin(i) + 0.4),
          [timesteps, 20],
          { requiresGrad: true },
        );
        sum(lif(x)).backward();
        return x.grad!.dataSync();
      }),
    );
  const one = await run(1);
  expect(one.some((g) => g !== 0)).toBe(true);
  expect(await run(2)).toEqual(one);
});
