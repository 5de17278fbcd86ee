// Our own entrant as a user's program has it: bundled. The loader that runs TypeScript as it stands keeps every
// function's name at run time, which costs a few per cent between kernels.

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type OnResolveResult } from 'esbuild';

/** Where {@link bundleOurs} puts it. */
export const OURS = 'dist/bench/ours.mjs';

/** @param find what the package's entry `index` or `node` is */
async function bundle(outfile: string, find: (entry: string) => OnResolveResult): Promise<void> {
  const spikegrad = /^spikegrad(?:\/(node))?$/;
  await build({
    entryPoints: ['bench/peers/ours.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    plugins: [
      {
        name: 'spikegrad',
        setup({ onResolve }) {
          onResolve({ filter: spikegrad }, ({ path }) => find(spikegrad.exec(path)?.[1] ?? 'index'));
        },
      },
    ],
  });
}

/** With our sources in it. */
export function bundleOurs(): Promise<void> {
  return bundle(OURS, (entry) => ({ path: resolve(`src/${entry}.ts`) }));
}

/** With nothing of the package in it: it loads the files of the build in `folder`. */
export function bundleFor(folder: string, outfile: string): Promise<void> {
  return bundle(outfile, (entry) => ({
    path: pathToFileURL(join(folder, 'dist', `${entry}.js`)).href,
    external: true,
  }));
}
