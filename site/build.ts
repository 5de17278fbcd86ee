// Makes the site: one folder of files, site/dist, which needs no server and no network. Run: npm run site
//
// With `--documents` it makes documents and course alone, in seconds; otherwise the API reference and the playground too,
// for which the package must be built (npm run build).

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentsOf } from './contents';
import { crawl } from './crawl';
import { framed } from './frame';
import { writeScripts } from './scripts';

const OUT = 'site/dist';
const INDEXES = ['docs/README.md', 'docs/course/README.md'];

function run(command: string, words: readonly string[]): void {
  const { status } = spawnSync(command, words, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

function put(path: string, write: (path: string) => void): void {
  const to = join(OUT, path);
  mkdirSync(dirname(to), { recursive: true });
  write(to);
}

const isAll = !process.argv.includes('--documents');
if (isAll && !existsSync('dist/index.js')) {
  console.error('site: the package is not built (no dist/index.js); run npm run build first');
  process.exit(1);
}
rmSync(OUT, { recursive: true, force: true });
const { pages, pictures } = crawl(['README.md', ...INDEXES, 'CHANGELOG.md']);
const [documents, course] = INDEXES.map(contentsOf);
for (const page of pages) {
  const groups = page.source.startsWith('docs/course/')
    ? course!
    : page.source === 'README.md'
      ? []
      : documents!;
  put(page.target, (path) => writeFileSync(path, framed(page, groups)));
}
for (const picture of pictures) put(picture, (path) => copyFileSync(picture, path));
await writeScripts(join(OUT, 'assets'));
copyFileSync('site/site.css', join(OUT, 'assets/site.css'));
if (isAll) {
  run('npx', ['typedoc', '--out', join(OUT, 'api'), '--readme', 'none']);
  const vite = ['vite', 'build', '-c', 'examples/playground/vite.config.ts'];
  run('npx', [...vite, '--outDir', join(process.cwd(), OUT, 'playground'), '--emptyOutDir']);
}
console.log(`site: ${pages.length} pages in ${OUT}; open ${OUT}/index.html`);
