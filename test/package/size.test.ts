import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

/** Kilobytes, minified and gzipped, that a page with this code loads at once and on demand. */
async function kilobytes(code: string): Promise<{ atOnce: number; largestOnDemand: number }> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: 'dist' },
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'error',
    // 1 MB, loaded where events in HDF5 are read; it is the reader's to install
    external: ['h5wasm'],
  });
  const entry = Object.keys(metafile.outputs).find(
    (path) => metafile.outputs[path]!.entryPoint === '<stdin>',
  )!;
  const atOnce = new Set([entry]);
  for (const path of atOnce)
    for (const { path: to, kind } of metafile.outputs[path]!.imports)
      if (kind !== 'dynamic-import') atOnce.add(to);
  const sizes = outputFiles.map((file) => ({
    size: gzipSync(file.contents).length / 1000,
    first: [...atOnce].some((path) => file.path.endsWith(path)),
  }));
  const of = (first: boolean) => sizes.filter((one) => one.first === first).map(({ size }) => size);
  return { atOnce: of(true).reduce((sum, size) => sum + size, 0), largestOnDemand: Math.max(...of(false)) };
}

describe('what a browser downloads', () => {
  test('is at most 101 kB for the whole library, and 130 kB more for a backend', async () => {
    const { atOnce, largestOnDemand } = await kilobytes("export * from './index.js'");
    expect(atOnce).toBeLessThan(101);
    expect(largestOnDemand).toBeLessThan(130);
    expect(largestOnDemand).toBeGreaterThan(10);
  });

  test('is at most 36 kB for a page that uses a neuron alone', async () => {
    const { atOnce } = await kilobytes("export { init, tensor, lif, mpr, sum } from './index.js'");
    expect(atOnce).toBeLessThan(36);
    expect(atOnce).toBeGreaterThan(5);
  });
});
