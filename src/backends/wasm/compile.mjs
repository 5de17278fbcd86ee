// Compiles kernels/ twice, with and without relaxed SIMD, bundles the worker's script, and writes both into
// generated/ as TypeScript modules, so that the package needs no file beside its JavaScript. Runs after `npm ci` and
// before the tests; `--text DIR` writes the WebAssembly text there too, for reading.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const textFolder = process.argv[2] === '--text' ? process.argv[3] : undefined;
/** 4 GiB, all that 32-bit addresses reach; the memory begins small and grows. */
const MAXIMUM_PAGES = 65536;

/** @returns the module's bytes */
async function compile(flavour, features) {
  const { error, stdout, stderr, binary, text } = await compileOnce(features);
  if (error !== null) throw new Error(`${flavour}: ${error.message}\n${stderr}${stdout}`);
  if (textFolder !== undefined) writeFileSync(join(textFolder, `${flavour}.wat`), text);
  return binary;
}

async function compileOnce(features) {
  const written = new Map();
  const result = await asc.main(
    [
      'kernels/index.ts',
      '--outFile',
      'kernels.wasm',
      '--textFile',
      'kernels.wat',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      `simd,threads,bulk-memory${features}`,
      '--importMemory',
      '--sharedMemory',
      '--initialMemory',
      '16',
      '--maximumMemory',
      String(MAXIMUM_PAGES),
      '--baseDir',
      here,
    ],
    { writeFile: (name, contents) => void written.set(name, contents) },
  );
  return {
    error: result.error,
    stdout: result.stdout.toString(),
    stderr: result.stderr.toString(),
    binary: written.get('kernels.wasm'),
    text: written.get('kernels.wat'),
  };
}

const plain = await compile('plain', '');
const relaxed = await compile('relaxed', ',relaxed-simd');
const base64 = (bytes) => Buffer.from(bytes).toString('base64');
mkdirSync(join(here, 'generated'), { recursive: true });
writeFileSync(
  join(here, 'generated/kernels.ts'),
  `// Made by ../compile.mjs from ../kernels; not for reading.\n
export const plain =\n  '${base64(plain)}';
export const relaxed =\n  '${base64(relaxed)}';\n`,
);

const { outputFiles } = await build({
  entryPoints: [join(here, 'threads/worker.ts')],
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  minify: true,
});
writeFileSync(
  join(here, 'generated/worker.ts'),
  `// Made by ../compile.mjs from ../threads/worker.ts; not for reading.\n
export const workerSource =\n  ${JSON.stringify(outputFiles[0].text)};\n`,
);
