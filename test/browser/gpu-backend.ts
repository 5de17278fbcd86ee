// What the gpu backend of the built package does in Chromium, on WebGPU as on WebGL2. A test file has it for each of
// the two, so that they can run side by side. Not a test itself.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conformanceCases } from '../../src/testing';
import { relativeError } from '../golden/golden';
import { launch, missing, note, type Visit, visit } from './chromium';
import type { Conformance, describeGpu, withLess } from './conformance';
import type { Steps } from './resnet';
import { type Site, startSite } from './site';

const cases = conformanceCases();
const kernels = [...new Set(cases.map(({ kernel }) => kernel))];

/** How a browser is brought to have the one interface and not the other. */
export interface Setup {
  readonly api: 'webgpu' | 'webgl2';
  /** Of Chromium; what it offers is settled when it starts. */
  readonly flags: readonly string[];
  /** What it may complain of. */
  readonly complaints: readonly string[];
}

export function describeGpuBackend({ api, flags, complaints }: Setup): void {
  describe.skipIf(missing)(`the gpu backend in Chromium on ${api}${note}`, () => {
    let browser: Browser;
    let site: Site;
    let page: Visit;

    beforeAll(async () => {
      browser = await launch([...flags]);
      site = await startSite({ isolated: false });
      page = await visit(browser, site.url);
    });
    afterAll(async () => {
      await browser?.close();
      await site?.close();
    });

    test.each(kernels)('%s agrees with cpu f64', async (kernel) => {
      const count = cases.filter((one) => one.kernel === kernel).length;
      expect(await page.run<Conformance>('conformance', 'conform', kernel)).toEqual({
        api,
        cases: count,
        failures: [],
        live: 0,
      });
    });

    test('names its adapter, and says what became of tensors when it is closed', async () => {
      const { adapter, largestTensor, limits, tooLarge, afterwards } = await page.run<
        Awaited<ReturnType<typeof describeGpu>>
      >('conformance', 'describeGpu');
      expect(Object.values(adapter).join(' ')).toMatch(/swiftshader/i);
      expect(largestTensor).toBeGreaterThanOrEqual(128 * 2 ** 20);
      expect(tooLarge).toMatch(/full: a tensor of \d+ numbers takes .* MB; use a smaller batch/);
      expect(afterwards).toMatch(/upload: the GPU device was lost .* call init again/);
      if (api === 'webgl2') expect(limits).toMatch(/needs WebGPU.* use backend 'wasm'/);
      else expect(limits).toMatchObject({ flop: expect.any(Number), bytes: expect.any(Number) });
    });

    const [height, width] = [73, 211];
    const transposed = Array.from(
      { length: height * width },
      (_, i) => 2 * ((i % height) * width + Math.floor(i / height)),
    );

    test('tensors of many rows of a texture keep their order', async () => {
      expect(await page.run('conformance', 'transposeAndDouble', height, width)).toEqual(transposed);
    });

    if (api === 'webgl2') {
      test('reads where a browser gives four channels only; without WebGL2 it says so', async () => {
        const fresh = await visit(browser, site.url);
        const { numbers, refusal } = await fresh.run<Awaited<ReturnType<typeof withLess>>>(
          'conformance',
          'withLess',
          height,
          width,
        );
        expect(numbers).toEqual(transposed);
        expect(refusal).toMatch(/init: this browser has neither WebGPU nor WebGL2 .* use backend 'wasm'/);
        await fresh.close();
      });
    }

    test('a spiking resnet20 has the gradients of cpu, and its loss falls', async () => {
      const [gpu, cpu] = await Promise.all([
        page.run<Steps>('resnet', 'trainResnet', { backend: 'gpu' }, 8),
        page.run<Steps>('resnet', 'trainResnet', { backend: 'cpu', precision: 'f64' }, 1),
      ]);
      expect(Object.keys(gpu.gradients)).toEqual(Object.keys(cpu.gradients));
      const errors = Object.entries(cpu.gradients).map(
        ([key, numbers]) => [key, relativeError(gpu.gradients[key]!, numbers)] as const,
      );
      expect(errors.filter(([, error]) => !(error <= 2e-4))).toEqual([]);
      expect(Math.abs(gpu.losses[0]! - cpu.losses[0]!)).toBeLessThan(1e-4);
      expect(gpu.losses.at(-1)!).toBeLessThan(gpu.losses[0]! / 2);
      expect({ uploads: gpu.uploads, reads: gpu.reads }).toEqual({ uploads: 2, reads: 0 });
      expect(gpu.live[0]).toBe(gpu.live[1]);
    });

    test('a page loads the backend when it computes with it, and of the two drivers the one that it needs', async () => {
      const fresh = await visit(browser, site.url);
      const loaded = (part: string) =>
        fresh.paths.some(
          (path) => path.startsWith('/dist/') && readFileSync(resolve(`.${path}`), 'utf8').includes(part),
        );
      await fresh.train('onPage', { backend: 'cpu' });
      await fresh.train('onPage', {});
      expect(fresh.paths).toContain('/dist/index.js');
      expect([loaded('createComputePipeline'), loaded('EXT_color_buffer_float')]).toEqual([false, false]);
      const { backend } = await fresh.train('inWorker', { backend: 'gpu' });
      expect(backend).toBe('gpu');
      expect(loaded('createComputePipeline')).toBe(true);
      expect(loaded('EXT_color_buffer_float')).toBe(api === 'webgl2');
      await fresh.close();
    });

    test('the browser complained of nothing else than a missing adapter, the library of one in software', () => {
      const software = "spikegrad: this GPU is computed by the processor: backend 'wasm' is much faster";
      expect([...new Set(page.complaints)]).toEqual([...complaints, software]);
    });
  });
}
