// Bundles worker.ts and what it needs, the decoders of pictures too, into a text in generated/, so that a worker can be
// started from the library's own code, wherever that lies. Runs after `npm ci` and before the tests.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const { outputFiles } = await build({
  entryPoints: [join(here, 'worker.ts')],
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  minify: true,
});
mkdirSync(join(here, 'generated'), { recursive: true });
writeFileSync(
  join(here, 'generated/worker.ts'),
  `// Made by ../bundle.mjs from ../worker.ts; not for reading.\n
export const workerSource =\n  ${JSON.stringify(outputFiles[0].text)};\n`,
);
