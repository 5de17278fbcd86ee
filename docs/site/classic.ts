// A classic script of a program and all that it imports, made by esbuild: a page that is opened from a disk may load no
// modules.

import { type BuildOptions, build } from 'esbuild';

/** What pages never load, in any script: Node's own modules, and packages that are asked for when needed. */
const ELSEWHERE = ['node:*', 'webgpu', 'h5wasm', '@resvg/resvg-js'];

/** @param more what is left out besides, and how files are read */
export async function classicScript(
  entry: string,
  { external = [], ...more }: Pick<BuildOptions, 'external' | 'keepNames' | 'loader' | 'plugins'>,
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    conditions: ['browser'],
    external: [...ELSEWHERE, ...external],
    tsconfig: 'tsconfig.json',
    logLevel: 'error',
    ...more,
  });
  return outputFiles[0]!.text;
}
