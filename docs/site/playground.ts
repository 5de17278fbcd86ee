// The playground for a page that is opened from a disk, which may load no modules: one classic script, disk.js, in
// which the code of each worker is a text. The page's index.html asks for it there, and nowhere else.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { classicScript } from './classic';

/** How the rooms start a worker, for bundlers to see. */
const WORKER = /new Worker\(new URL\('([^']+)', import\.meta\.url\), \{ type: 'module' \}\)/g;

const inOneScript: Plugin = {
  name: 'in-one-script',
  setup({ onLoad }) {
    onLoad({ filter: /examples\/playground\/src\/.*\.ts$/ }, async ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const [call, worker] of contents.matchAll(WORKER)) {
        const code = JSON.stringify(await bundled(join(dirname(path), worker!)));
        const address = `URL.createObjectURL(new Blob([${code}], { type: 'text/javascript' }))`;
        contents = contents.replace(call, () => `new Worker(${address})`);
      }
      return { contents, loader: 'ts' };
    });
    onLoad({ filter: /\.css$/ }, ({ path }) => {
      const style = JSON.stringify(readFileSync(path, 'utf8'));
      const contents = `const tag = document.createElement('style'); tag.textContent = ${style}; document.head.append(tag);`;
      return { contents, loader: 'js' };
    });
  },
};

const bundled = (entry: string): Promise<string> => classicScript(entry, { plugins: [inOneScript] });

/** Writes disk.js beside the built playground. */
export async function writeDiskScript(folder: string): Promise<void> {
  writeFileSync(join(folder, 'disk.js'), await bundled('examples/playground/src/main.ts'));
}
