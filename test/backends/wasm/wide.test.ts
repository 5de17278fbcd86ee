// Images whose positions and counts do not fit the 16 bits that the kernels for spikes use: others take them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { cpuBackend } from '../../../src/backends/cpu';
import { type WasmBackend, wasmBackend } from '../../../src/backends/wasm';
import { ones, tensor } from '../../../src/core/create';
import { setActiveBackend } from '../../../src/core/engine';
import { scope } from '../../../src/core/scope';
import { avgPool2d, conv2d, greater, sum } from '../../../src/ops';

let backend: WasmBackend;
beforeAll(async () => {
  backend = await wasmBackend();
});
afterAll(() => backend.close());

test('the mean of 40,000 spikes under one window is 1', () => {
  setActiveBackend(backend);
  scope(() => {
    const spikes = greater(ones([1, 200, 200, 8]), 0);
    expect(spikes.isSpikes).toBe(true);
    expect(avgPool2d(spikes, { window: 200 }).dataSync()).toEqual(new Float32Array(8).fill(1));
    expect(avgPool2d(spikes, { window: 150 }).dataSync()).toEqual(new Float32Array(32).fill(1));
  });
});

test.each([9_999, 10_001, 24_000, 70_000])('the weight gradient of %i spikes in a row is exact', (width) => {
  const pixels = Float32Array.from({ length: width * 8 }, (_, i) => ((i * 2_654_435_761) % 7) - 3);
  const gradient = () =>
    scope(() => {
      const w = ones([3, 3, 8, 8], { requiresGrad: true });
      const spikes = greater(tensor(pixels, [1, 1, width, 8]), 0);
      sum(conv2d(spikes, w, { padding: 1 })).backward();
      return Array.from(w.grad!.dataSync());
    });
  setActiveBackend(cpuBackend('f64'));
  const expected = gradient();
  setActiveBackend(backend);
  expect(gradient()).toEqual(expected);
});
