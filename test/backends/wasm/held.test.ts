// What memory() counts on a backend that puts work off: everything that is held, whoever reads it and whether it is
// computed yet.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type WasmBackend, wasmBackend } from '../../../src/backends/wasm';
import { ones, randn } from '../../../src/core/create';
import { setActiveBackend } from '../../../src/core/engine';
import { scope } from '../../../src/core/scope';
import { memory } from '../../../src/core/storage';
import { add, broadcastTo, mul, sum } from '../../../src/ops';
import { lif } from '../../../src/snn';

let backend: WasmBackend;
beforeAll(async () => {
  backend = await wasmBackend();
  setActiveBackend(backend);
});
afterAll(() => backend.close());

const bytes = (work: () => void): number => {
  const before = memory().bytes;
  work();
  return memory().bytes - before;
};

test('counts the terms of a sum that nobody has added yet, though their tensors are gone', () => {
  scope(() => {
    const held = bytes(() => {
      const [a, b] = [ones([2, 4, 4, 8]), ones([2, 4, 4, 8])];
      add(a, b);
      a.dispose();
      b.dispose();
    });
    expect(held).toBe(2 * 256 * 4);
  });
});

test('counts what a broadcast repeats once, and all of it once it is spelled out', () => {
  scope(() => {
    const x = ones([1, 1, 4, 4, 8]);
    const before = memory().bytes;
    const y = broadcastTo(x, [3, 1, 4, 4, 8]);
    expect(memory().bytes).toBe(before);
    expect(bytes(() => void y.dataSync())).toBe(3 * 128 * 4);
  });
});

test('counts a gradient and what the tape has saved, and nothing once they are gone', () => {
  const before = memory();
  scope(() => {
    const x = randn([3, 2, 4, 8], { requiresGrad: true });
    const own = 192 * 4;
    const former = memory().bytes;
    const loss = sum(mul(lif(x), 2));
    // spikes as bits, their double, the loss; x itself is saved, which costs nothing
    expect(memory().bytes - former).toBeGreaterThan(own / 32);
    expect(bytes(() => loss.backward())).toBeGreaterThan(0);
    expect(x.grad!.handle.bytes).toBe(own);
  });
  expect(memory()).toEqual(before);
});

test('a training step without scope() holds what its tensors hold, and says how many', () => {
  const before = memory();
  const made = Array.from({ length: 5 }, () => ones([10]));
  expect(memory()).toEqual({ tensors: before.tensors + 5, bytes: before.bytes + 200 });
  for (const t of made) t.dispose();
});
