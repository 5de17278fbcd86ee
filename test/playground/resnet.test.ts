// Training in the ResNet room of the built playground in Chromium: on the reader's files, from a seed, with MPR and
// without.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { missing, note } from '../browser/chromium';
import { cifarFile, drop } from './cifar';
import { enter, number, PATIENCE, press, SMALL, train } from './resnet-page';
import { visits } from './visits';

describe.skipIf(missing)(`the ResNet room${note}`, { timeout: PATIENCE }, () => {
  const reader = visits([], PATIENCE);

  const arrive = (query = SMALL) => enter(reader, query);
  const noticed = (page: Page) => page.locator('.resnet [role=alert]').innerText();

  test('a dropped CIFAR-10 file trains, and training lowers the loss', async () => {
    const page = await arrive(`${SMALL}&resnet.epochs=6`);
    await drop(page, 'mine.bin', await cifarFile(60));
    await page.getByText('mine.bin, read in this browser').waitFor({ timeout: PATIENCE });
    expect(await page.locator('.facts:not(.integers)').innerText()).toContain(
      '50 images to learn from, 10 held back',
    );
    await train(page);
    expect(await number(page, 'step')).toBe(18);
    expect(await number(page, 'loss')).toBeLessThan(1.8);
    expect(await number(page, 'rate')).toBeGreaterThan(0);
    expect(page.url()).toContain('resnet.source=cifar10');
  });

  test('a file that is cut short, of another kind or packed is refused in words, and the training stays', async () => {
    const page = await arrive();
    const file = await cifarFile(4);
    const facts = await page.locator('.facts:not(.integers)').innerText();
    for (const [name, bytes, words] of [
      ['short.bin', file.subarray(0, 5000), /short\.bin: .*1927 bytes over after 1 whole records/],
      ['photo.bin', Buffer.alloc(6146, 200), /photo\.bin: .*label byte 200 of record 0/],
      ['cifar-10-binary.tar.gz', file, /is an archive\. Unpack it/],
      ['other.safetensors', file, /other\.safetensors: /],
    ] as const) {
      await drop(page, name, bytes);
      await expect.poll(() => noticed(page), { timeout: PATIENCE }).toMatch(words);
    }
    expect(await page.locator('.facts:not(.integers)').innerText()).toBe(facts);
    await press(page, 'Step');
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(1);
  });

  test('the same seed trains the same way, and another way without MPR', async () => {
    const losses: number[] = [];
    for (const query of [SMALL, SMALL, `${SMALL}&resnet.mpr=0`]) {
      const page = await arrive(query);
      await train(page);
      losses.push(await number(page, 'loss'));
      if (query.includes('mpr=0')) {
        expect(await number(page, 'after')).toBe(await number(page, 'before'));
      } else {
        expect(await number(page, 'after')).toBeLessThan(await number(page, 'before'));
      }
    }
    expect(losses[1]).toBe(losses[0]);
    expect(losses[2]).not.toBe(losses[0]);
  });

  test('the gpu backend takes the same first step as wasm', async () => {
    const tiny = '?resnet.width=2&resnet.T=1&resnet.images=20&resnet.batch=20&resnet.backend=';
    const losses: number[] = [];
    for (const backend of ['gpu', 'wasm']) {
      const page = await arrive(tiny + backend);
      expect(await page.locator('.readouts data.backend').innerText()).toMatch(new RegExp(`^${backend}, `));
      await press(page, 'Step');
      losses.push(await number(page, 'loss'));
      // of a GPU in software the library says so
      expect(reader.complaints.filter((text) => !/GPU is computed by the processor/.test(text))).toEqual([]);
      reader.complaints.splice(0);
    }
    expect(losses[0]).toBeCloseTo(losses[1]!, 4);
  });
});
