// Our own entrant as a user's program has it: bundled. The loader that runs TypeScript as it stands keeps every
// function's name at run time, which costs a few per cent between kernels.

import { build } from 'esbuild';

/** Where {@link bundleOurs} puts it. */
export const OURS = 'dist/bench/ours.mjs';

export async function bundleOurs(): Promise<void> {
  await build({
    entryPoints: ['bench/peers/ours.ts'],
    outfile: OURS,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
}
