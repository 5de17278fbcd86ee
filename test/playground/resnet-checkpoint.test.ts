// Checkpoints between the ResNet room in Chromium and the command line, in both directions.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as Spikegrad from '../../src/index';
import { missing, note } from '../browser/chromium';
import { spikegrad } from '../cli/spikegrad';
import { enter, logits, number, PATIENCE, press, train } from './resnet-page';
import { visits } from './visits';

/** What the built library says of the first drawn test images, with the threads of the page's backend. */
async function logitsOf(file: string): Promise<number[][]> {
  const library: typeof Spikegrad = await import(
    /* @vite-ignore */ pathToFileURL(resolve('dist/index.js')).href
  );
  const { buildNetwork, batches, decodeCheckpoint, init, noGrad, restoreModel, shapes, tensor } = library;
  await init({ backend: 'wasm', threads: 1 });
  const checkpoint = decodeCheckpoint(readFileSync(file));
  const network = buildNetwork(checkpoint.settings);
  restoreModel(network, checkpoint);
  network.evaluate();
  const drawn = shapes({ count: 10, seed: 1, split: 'test' });
  const [batch] = batches(drawn, { batchSize: 10, seed: 0, epoch: 0, shuffle: false, augment: [] });
  const scores = noGrad(() => network.call(tensor(batch!.images, [10, 32, 32, 3]))).dataSync();
  return Array.from({ length: 10 }, (_, i) => Array.from(scores.slice(10 * i, 10 * i + 10)));
}

describe.skipIf(missing)(`checkpoints of the ResNet room${note}`, { timeout: PATIENCE }, () => {
  const reader = visits([], PATIENCE);
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spikegrad-room-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('one that the page saved opens in `spikegrad inspect` and `spikegrad eval`, with the same logits and accuracy', async () => {
    const page = await enter(reader);
    await train(page);
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save checkpoint')]);
    expect(download.suggestedFilename()).toBe('resnet20-step8.safetensors');
    const file = join(folder, 'page.safetensors');
    await download.saveAs(file);
    const accuracy = await number(page, 'accuracy');
    expect(await logits(page)).toEqual(await logitsOf(file));

    const inspected = await spikegrad(['inspect', '--checkpoint', file], folder);
    expect(inspected.out).toMatch(/resnet20-small width 4, T=1, MPR k=3.*\n[\s\S]*stands at step 8, epoch 2/);
    const evaluated = await spikegrad(
      ['eval', '--checkpoint', file, '--limit', '80', '--backend', 'wasm', '--json'],
      folder,
    );
    expect(evaluated.code, evaluated.err).toBe(0);
    expect(JSON.parse(evaluated.out)).toMatchObject({ images: 80, accuracy });

    // compiled in the page, and by the command line: the same bits, so the same accuracy
    const said = page.locator('.integers');
    const value = (name: string) => said.locator(`data.${name}`).getAttribute('value');
    await press(page, 'Evaluate in integers');
    await expect
      .poll(() => said.innerText(), { timeout: PATIENCE })
      .toMatch(/^Step 8 in 16-bit integers.* of 80 test/);
    expect(await said.innerText()).toMatch(
      /\d ms an image, [\d.]+ times as fast, the same bits on every machine\.$/,
    );
    expect(Number(await value('before'))).toBe(accuracy);
    const integers = await value('accuracy');
    const compiled = await spikegrad(['compile', file, '--out', 'net.spk'], folder);
    expect(compiled.code, compiled.err).toBe(0);
    await page.getByLabel('Open checkpoint…').last().setInputFiles(join(folder, 'net.spk'));
    await expect.poll(() => said.innerText(), { timeout: PATIENCE }).toMatch(/^net\.spk in 16-bit integers/);
    expect(await value('accuracy')).toBe(integers);
    expect(await number(page, 'step')).toBe(8);
  });

  test('one of the command line opens in the page with the same logits, at the step where it stood', async () => {
    const words = '--width 2 --timesteps 2 --limit 40 --batch 20 --epochs 1 --lr 0.05 --mpr 5 --seed 9';
    const trained = await spikegrad(
      ['train', ...words.split(' '), '--backend', 'wasm', '--out', 'run'],
      folder,
    );
    expect(trained.code, trained.err).toBe(0);
    const file = join(folder, 'run', 'checkpoint.safetensors');
    const page = await enter(reader);
    await page.getByLabel('Open checkpoint…').last().setInputFiles(file);
    await expect.poll(() => page.url(), { timeout: PATIENCE }).toMatch(/resnet\.width=2.*resnet\.k=5/);
    expect(await number(page, 'step')).toBe(2);
    // no step has been done here: the losses of its steps are not known, only the mean of the epoch
    expect(await page.locator('.readouts data.loss').innerText()).toBe('–');
    expect(await page.locator('.loss-curve svg').getAttribute('aria-label')).toMatch(/training \d\.\d{3}/);
    await expect.poll(() => logits(page), { timeout: PATIENCE }).toEqual(await logitsOf(file));
    expect(await page.getByText('trained', { exact: true }).isVisible()).toBe(true);

    // the same weights as PyTorch has them: the network begins anew with the settings of the page
    const exported = await spikegrad(['export', file, '--pt', 'weights.pth'], folder);
    expect(exported.code, exported.err).toBe(0);
    const before = await logits(page);
    await page.getByLabel('Open checkpoint…').last().setInputFiles(join(folder, 'weights.pth'));
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(0);
    await expect.poll(() => logits(page), { timeout: PATIENCE }).toEqual(before);
  });
});
