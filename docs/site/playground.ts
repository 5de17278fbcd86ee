// The playground as a page of the site: it is told where the site's other parts are, and has one classic script more,
// disk.js, in which the code of each worker is a text. A page that is opened from a disk may load no modules, and its
// index.html asks for disk.js there and nowhere else.

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

/** Makes a built playground a page of the site, one folder below its root. @throws where its page has no title */
export async function joinPlayground(folder: string): Promise<void> {
  const index = join(folder, 'index.html');
  const html = readFileSync(index, 'utf8');
  const joined = html.replace('<title>', '<meta name="site" content="../" />\n    <title>');
  if (joined === html) throw new Error(`site: ${index} has no title`);
  writeFileSync(index, joined);
  writeFileSync(join(folder, 'disk.js'), await bundled('examples/playground/src/main.ts'));
}
