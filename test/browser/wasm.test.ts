// The built package in Chromium: on a page and in a module worker, cross-origin isolated (threads) and not (one
// thread).

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as Spikegrad from '../../src/index';
import { BACKEND_CHECKS, type BackendCheck, type BackendReport } from '../../src/testing/check';
import { sums } from './batches';
import { launch, missing, note, type Visit, visit } from './chromium';
import { type Site, startSite } from './site';
import { type Training, train } from './training';

describe.skipIf(missing)(`the wasm backend in Chromium${note}`, () => {
  let browser: Browser;
  let inNode: Training;
  let spikegrad: typeof Spikegrad;
  const picture = [...readFileSync('test/data/fixtures/pictures/train/cat/1.png')];

  beforeAll(async () => {
    browser = await launch();
    const dist = pathToFileURL(resolve('dist/index.js')).href;
    spikegrad = await import(/* @vite-ignore */ dist);
    inNode = await train(spikegrad, { backend: 'wasm', threads: 1 });
  });
  afterAll(() => browser?.close());

  describe.each([{ isolated: true }, { isolated: false }])('with isolation $isolated', ({ isolated }) => {
    let site: Site;
    let page: Visit;

    beforeAll(async () => {
      site = await startSite({ isolated });
      page = await visit(browser, site.url);
    });
    afterAll(async () => {
      await page?.close();
      await site?.close();
    });

    describe.each(['onPage', 'inWorker'] as const)('%s', (where) => {
      test('auto is wasm, with threads only where the page is isolated', async () => {
        expect(page.isolated).toBe(isolated);
        const { backend, threads } = await page.train(where, {});
        expect(backend).toBe('wasm');
        expect(threads).toBe(isolated ? Math.min(8, page.processors) : 1);
      });

      test('three training steps give the bits of Node', async () => {
        const { flavour, bits } = await page.train(where, { backend: 'wasm', threads: 1 });
        expect({ flavour, bits }).toEqual({ flavour: inNode.flavour, bits: inNode.bits });
        expect(new Set(bits).size).toBe(bits.length);
      });

      if (isolated) {
        test('three threads give the same bits', async () => {
          const { threads, bits } = await page.train(where, { backend: 'wasm', threads: 3 });
          expect(threads).toBe(3);
          expect(bits).toEqual(inNode.bits);
        });
      } else {
        test('two threads are refused with what to do', async () => {
          await expect(page.train(where, { backend: 'wasm', threads: 2 })).rejects.toThrow(
            /init: threads 2 need shared memory.*cross-origin isolated \(headers COOP and COEP\)/,
          );
        });
      }
    });

    test('checkBackend finds that all holds, and says what such a page cannot try', async () => {
      const options = { backend: 'wasm', threads: 1 };
      // all is tried once; where there is no shared memory, what has to do with it
      const checks: readonly BackendCheck[] = isolated ? BACKEND_CHECKS : ['threads', 'out of memory'];
      const { ok, rows } = await page.run<BackendReport>('check', 'check', options, checks);
      const unlike = rows.filter(({ verdict }) => verdict !== 'holds');
      const threads = { check: 'threads', verdict: 'not tried', found: expect.stringMatching(/COOP/) };
      expect(unlike).toEqual(isolated ? [] : [expect.objectContaining(threads)]);
      expect(ok).toBe(true);
      expect(rows.map(({ check }) => check)).toEqual(checks);
    });

    test('a worker makes the batches that Node makes', async () => {
      expect(await page.run('batches', 'sums', 1, picture)).toEqual(await sums(spikegrad, 0, picture));
    });

    test('the browser complained of nothing', () => {
      expect(page.complaints).toEqual([]);
    });
  });

  test('a policy that forbids the threads gives an error that names it', async () => {
    const site = await startSite({ isolated: true, policy: "worker-src 'self'" });
    const page = await visit(browser, site.url);
    await expect(page.train('onPage', { backend: 'wasm', threads: 2 })).rejects.toThrow(
      /init: a thread did not start.*worker-src blob:/,
    );
    // the default falls back, and says so
    expect(await page.train('onPage', { threads: 2 })).toMatchObject({ threads: 1, bits: inNode.bits });
    expect(page.complaints.join()).toMatch(
      /2 threads cannot run here \(a thread did not start.*computing in one/,
    );
    expect((await page.train('onPage', { threads: 1 })).bits).toEqual(inNode.bits);
    expect(await page.run('batches', 'sums', 1, picture)).toEqual(await sums(spikegrad, 0, picture));
    expect(page.complaints.join()).toMatch(/batches are made on the calling thread.*worker-src blob:/);
    expect(page.complaints.join()).toMatch(/content security policy/i);
    await page.close();
    await site.close();
  });
});
