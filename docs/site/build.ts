// Makes the site: one folder of files, docs/site/dist, which needs no server and no network. Run: npm run site
//
// With `--documents` it makes documents and course alone, in seconds; otherwise the API reference and the playground
// too, for which the package must be built (npm run build).

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { mendReference } from './api';
import { writeDocuments } from './documents';
import { joinPlayground } from './playground';
import { MOST_BYTES, weightsOf } from './weights';

const OUT = 'docs/site/dist';

function run(...words: readonly string[]): void {
  const { status } = spawnSync('npx', words, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

const isAll = !process.argv.includes('--documents');
if (isAll && !existsSync('dist/index.js')) {
  console.error('site: the package is not built (no dist/index.js); run npm run build first');
  process.exit(1);
}
const pages = await writeDocuments(OUT);
if (isAll) {
  run('typedoc', '--out', resolve(OUT, 'api'), '--readme', 'none', '--customCss', 'docs/site/styles/api.css');
  mendReference(OUT, 'api');
  const config = 'examples/playground/vite.config.ts';
  run('vite', 'build', '-c', config, '--outDir', resolve(OUT, 'playground'), '--emptyOutDir');
  await joinPlayground(resolve(OUT, 'playground'));
}
const heaviest = weightsOf(OUT)[0]!;
if (heaviest.bytes > MOST_BYTES) {
  console.error(`site: the first load of ${heaviest.page} is ${heaviest.bytes} bytes, above ${MOST_BYTES}`);
  process.exit(1);
}
console.log(`site: ${pages.length} pages in ${OUT}; open ${OUT}/index.html`);
