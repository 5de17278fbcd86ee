// Looking at layers in batches of the size that the user chose: the same figures, and never more images at once.

import { beforeAll, expect, test } from 'vitest';
import { activeBackend, manualSeed, setActiveBackend } from '../../src/core/engine';
import { shapes } from '../../src/data/shapes';
import { OutOfMemoryError } from '../../src/errors';
import { init } from '../../src/init';
import { buildNetwork } from '../../src/train';
import { probeDataset } from '../../src/train/report';
import { SETTINGS } from '../support/records';

const images = shapes({ count: 140, seed: 1, split: 'test' });

beforeAll(() => init({ backend: 'wasm', threads: 1 }));

async function looked(batchSize: number) {
  manualSeed(3);
  const network = buildNetwork({ ...SETTINGS, width: 2 });
  const batches: number[] = [];
  const forget = network.onForward((x) => batches.push(x.shape[0]!));
  const told: number[] = [];
  const report = await probeDataset(network, images, { batchSize, onProgress: (done) => told.push(done) });
  forget();
  network.dispose();
  return { report, batches, told };
}

test('a look in batches sees what a look at all images at once sees, at no more images than asked for', async () => {
  const whole = await looked(128);
  const parts = await looked(50);
  expect(whole.batches).toEqual([128]);
  expect(parts.batches).toEqual([50, 50, 28]);
  expect(parts.told).toEqual([0, 50, 100, 128]);
  expect(parts.report.warnings).toEqual(whole.report.warnings);
  for (const [i, layer] of whole.report.layers.entries()) {
    const same = parts.report.layers[i]!;
    expect(same.name).toBe(layer.name);
    expect(same.ratePerStep).toEqual(layer.ratePerStep);
    expect(same.membrane).toEqual(layer.membrane);
    expect(same.quantization!.after.squared).toBeCloseTo(layer.quantization!.after.squared, 10);
  }
  expect(parts.report.operations.energy).toBeCloseTo(whole.report.operations.energy, 6);
});

test('numbers of one layer are gone before those of the next are read, where a backend reads at once', async () => {
  const backend = activeBackend('test');
  let reading = 0;
  let most = 0;
  setActiveBackend({
    ...backend,
    async read(handle) {
      most = Math.max(most, ++reading);
      const numbers = await backend.read(handle);
      await new Promise((later) => setTimeout(later));
      reading--;
      return numbers;
    },
  });
  await looked(64);
  expect(most).toBe(0);
  setActiveBackend(backend);
});

test('where there is no room for so many images at once the look is taken in parts, and reports the same', async () => {
  manualSeed(3);
  const network = buildNetwork({ ...SETTINGS, width: 2 });
  const batches: number[] = [];
  const forget = network.onForward((x) => {
    const size = x.shape[0]!;
    if (size > 40) throw new OutOfMemoryError('wasm', 'no room');
    batches.push(size);
  });
  const report = await probeDataset(network, images, { batchSize: 128 });
  expect(batches).toEqual([32, 32, 32, 32]);
  expect(report.layers.map(({ rate }) => rate)).toEqual(
    (await looked(128)).report.layers.map(({ rate }) => rate),
  );
  forget();
  network.onForward(() => {
    throw new OutOfMemoryError('wasm', 'no room');
  });
  await expect(probeDataset(network, images, { batchSize: 128 })).rejects.toThrow('no room');
});
