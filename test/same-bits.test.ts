// Under plain SIMD a run has the same bits on every engine: this Node and Chromium against the committed hash. The
// other versions of Node are asked by `npm run same-bits`.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as spikegrad from '../src/index';
import { bitsOfIntegers, bitsOfShortRun } from './browser/bits';
import { launch, missing, note, visit } from './browser/chromium';
import { startSite } from './browser/site';

const hashOf = (bits: string) => createHash('sha256').update(bits).digest('hex');
const committed = JSON.parse(readFileSync(resolve('bench/trust/same-bits.json'), 'utf8')) as Record<
  'wasm' | 'cpu' | 'integers',
  string
>;

describe('the short run', () => {
  test.each([1, 2])('has the committed bits on wasm with plain SIMD and %i threads', async (threads) => {
    const bits = await bitsOfShortRun(spikegrad, { backend: 'wasm', simd: 'plain', threads });
    expect(hashOf(bits)).toBe(committed.wasm);
  });

  test('has the committed bits on cpu', async () => {
    expect(hashOf(await bitsOfShortRun(spikegrad, { backend: 'cpu' }))).toBe(committed.cpu);
  });

  test.each<spikegrad.InitOptions>([
    { backend: 'cpu' },
    { backend: 'wasm', simd: 'plain', threads: 1 },
    { backend: 'wasm', simd: 'relaxed', threads: 3 },
  ])('of a network in integers has the committed bits under %o', async (options) => {
    expect(hashOf(await bitsOfIntegers(spikegrad, options))).toBe(committed.integers);
  });

  test.skipIf(missing)(`has the committed bits in Chromium${note}`, async () => {
    const browser = await launch();
    const site = await startSite({ isolated: false });
    const page = await visit(browser, site.url);
    const bits = await page.run<string>('bits', 'bitsOfShortRun', {
      backend: 'wasm',
      simd: 'plain',
      threads: 1,
    });
    expect(hashOf(bits)).toBe(committed.wasm);
    const integers = await page.run<string>('bits', 'bitsOfIntegers', { backend: 'wasm', threads: 1 });
    expect(hashOf(integers)).toBe(committed.integers);
    await page.close();
    await site.close();
    await browser.close();
  });
});
