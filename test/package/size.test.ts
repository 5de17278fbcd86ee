import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { type Rollup, build as viteBuild } from 'vite';
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

/** The same by Vite, as most people bundle: what the page has no use for goes with the code that would load it. */
async function byVite(code: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-size-'));
  const entry = join(folder, 'page.js');
  writeFileSync(entry, code);
  try {
    const built = await viteBuild({
      root: folder,
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        minify: true,
        lib: { entry, formats: ['es'] },
        rollupOptions: { external: ['h5wasm'] },
      },
    });
    const files = (built as { output: (Rollup.OutputChunk | Rollup.OutputAsset)[] }[])[0]!.output;
    const chunks = new Map(files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
    const atOnce = new Set(
      [...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName),
    );
    for (const name of atOnce) for (const to of chunks.get(name)?.imports ?? []) atOnce.add(to);
    return [...atOnce].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').length / 1000, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// the compiler of neurons has 20 kB of either, that of optimisers' equations 1 kB; what functions refuse to ignore,
// other frameworks' words and what is wrong with a neuron's text 4 kB of the whole and 2 kB of a neuron; of the whole
// differential equations have 8 kB, optimisers and schedules 6 kB, layers, known networks and regularisers 11 kB, the
// zoo 5 kB, data sets read in parts 5 kB
describe('what a browser downloads', () => {
  test('is at most 185 kB for the whole library, and 130 kB more for a backend or a reader', async () => {
    const { atOnce, largestOnDemand } = await kilobytes("export * from './index.js'");
    expect(atOnce).toBeLessThan(185);
    expect(largestOnDemand).toBeLessThan(130);
    expect(largestOnDemand).toBeGreaterThan(10);
  });

  test('is at most 54.5 kB for a page that uses a neuron alone', async () => {
    const page = `export { init, tensor, lif, mpr, sum } from ${JSON.stringify(resolve('dist/index.js'))}`;
    const size = await byVite(page);
    expect(size).toBeLessThan(54.5);
    expect(size).toBeGreaterThan(5);
  });
});
