// What a browser must load: which files of dist/ a page reaches, and which of them it asks for.

import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { launch, missing, note, visit } from './chromium';
import { startSite } from './site';

/** The first bytes of a WebAssembly module, in base64. */
const KERNELS = 'AGFzbQEAAAA';

/** Every file that `entry` reaches, with or without those that it loads on demand, and what it wants from elsewhere. */
async function reached(entry: string, onDemand: boolean): Promise<{ files: string[]; outside: string[] }> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    packages: 'external',
    metafile: true,
    logLevel: 'error',
    write: false,
  });
  const files = new Set([entry]);
  const outside: string[] = [];
  for (const file of files) {
    for (const { path, kind, external } of metafile.inputs[file]!.imports) {
      if (external) outside.push(`${file} imports ${path}`);
      else if (onDemand || kind !== 'dynamic-import') files.add(path);
    }
  }
  return { files: [...files], outside };
}

const holds = (part: string) => (file: string) => readFileSync(file, 'utf8').includes(part);
const holdsKernels = holds(KERNELS);
/** gpu.js with the driver, and the half that only WebGL2 needs. */
const holdsWebGpu = holds('createComputePipeline');
const holdsWebGl2 = holds('EXT_color_buffer_float');

describe('the browser bundle', () => {
  test('imports nothing from outside itself, neither Node nor packages', async () => {
    const { files, outside } = await reached('dist/index.js', true);
    // events in HDF5 are read by a package that the reader installs; it is asked for then
    expect(outside.map((line) => line.replace(/^.* imports /, ''))).toEqual(['h5wasm']);
    expect(files.length).toBeGreaterThan(3);
    expect((await reached('dist/node.js', true)).outside).toContainEqual(
      expect.stringMatching(/imports tar$/),
    );
  });

  test('has the kernels in files that are loaded on demand, those of integers in one of their own', async () => {
    const withKernels = (await reached('dist/index.js', true)).files.filter(holdsKernels).sort();
    expect(withKernels).toEqual([
      expect.stringMatching(/integer-[\w-]+\.js$/),
      expect.stringMatching(/wasm-[\w-]+\.js$/),
    ]);
    expect((await reached('dist/index.js', false)).files.filter(holdsKernels)).toEqual([]);
  });

  test('has gpu.js in files that are loaded on demand, and what WebGL2 needs apart from the rest', async () => {
    const inAll = (await reached('dist/index.js', true)).files;
    const atOnce = (await reached('dist/index.js', false)).files;
    const withGpu = (await reached('dist/gpu.js', false)).files;
    const where = [inAll, atOnce, withGpu].map((files) => [files.some(holdsWebGpu), files.some(holdsWebGl2)]);
    expect(where).toEqual([
      [true, true],
      [false, false],
      [true, false],
    ]);
  });

  test.skipIf(missing)(
    `a page asks for the kernels when it computes with them, and not before${note}`,
    async () => {
      const site = await startSite({ isolated: false });
      const browser = await launch();
      const page = await visit(browser, site.url);
      const kernels = () =>
        page.paths.filter((path) => path.startsWith('/dist/') && holdsKernels(`.${path}`));
      await page.train('onPage', { backend: 'cpu' });
      await page.train('inWorker', { backend: 'auto', precision: 'f64' });
      expect(page.paths).toContain('/dist/index.js');
      expect(kernels()).toEqual([]);
      await page.train('onPage', { backend: 'wasm' });
      expect(kernels()).toHaveLength(1);
      expect(page.complaints).toEqual([]);
      await browser.close();
      await site.close();
    },
  );
});
