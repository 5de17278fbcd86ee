// Compiles kernels/ twice, with and without relaxed SIMD, bundles the worker's script, and writes both into
// generated/, with the kernels' signatures (signatures.mjs), as TypeScript modules, so that the package needs no file
// beside its JavaScript. Runs after `npm ci` and before the tests, and compiles only what has changed. `--text DIR`
// compiles in any case and writes the WebAssembly text there too, for reading; `--quick` compiles without optimising,
// once for both, to try what is being written.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';
import { signatureModule } from './signatures.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const quick = process.argv.includes('--quick');
const textFolder = process.argv[2] === '--text' ? process.argv[3] : undefined;
/** 4 GiB, all that 32-bit addresses reach; the memory begins small and grows. */
const MAXIMUM_PAGES = 65536;

/** Of all that the compiled kernels depend on: their sources, this file and the compiler. */
function digestOfSources() {
  const sources = readdirSync(join(here, 'kernels'), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const files = [...sources.map((name) => join(here, 'kernels', name)), fileURLToPath(import.meta.url)];
  const hash = createHash('sha256').update(quick ? `${asc.version} quick` : asc.version);
  for (const file of files) hash.update(file.slice(here.length)).update(readFileSync(file));
  return hash.digest('hex');
}

/** @returns the module's bytes */
async function compile(flavour, features, entry) {
  const { error, stdout, stderr, binary, text } = await compileOnce(features, entry);
  if (error !== null) throw new Error(`${flavour}: ${error.message}\n${stderr}${stdout}`);
  if (textFolder !== undefined) writeFileSync(join(textFolder, `${flavour}.wat`), text);
  return binary;
}

async function compileOnce(features, entry = 'kernels/index.ts') {
  const written = new Map();
  const result = await asc.main(
    [
      entry,
      '--outFile',
      'kernels.wasm',
      '--textFile',
      'kernels.wat',
      quick ? '-O0' : '-O3',
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

mkdirSync(join(here, 'generated'), { recursive: true });
const kernels = join(here, 'generated/kernels.ts');
const digest = digestOfSources();
const head = `// Made by ../compile.mjs from ../kernels, ${digest}; not for reading.\n`;
const isCurrent = existsSync(kernels) && readFileSync(kernels, 'utf8').startsWith(head);
if (textFolder !== undefined || !isCurrent) {
  const plain = await compile('plain', '');
  const relaxed = quick ? plain : await compile('relaxed', ',relaxed-simd');
  const base64 = (bytes) => Buffer.from(bytes).toString('base64');
  writeFileSync(
    kernels,
    `${head}
export const digest = '${digest.slice(0, 12)}';
export const plain =\n  '${base64(plain)}';
export const relaxed =\n  '${base64(relaxed)}';\n`,
  );
}

const integer = join(here, 'generated/integer.ts');
if (textFolder !== undefined || !existsSync(integer) || !readFileSync(integer, 'utf8').startsWith(head)) {
  const binary = await compile('integer', '', 'kernels/integer/index.ts');
  const text = Buffer.from(binary).toString('base64');
  writeFileSync(integer, `${head}\nexport const integerKernels =\n  '${text}';\n`);
}

writeFileSync(join(here, 'generated/signatures.ts'), signatureModule(join(here, 'kernels')));

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
