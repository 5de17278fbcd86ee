// The scripts of the pages, made by esbuild from the sources. All are classic scripts, since a page that is opened
// from a disk may load no modules: what is needed later is loaded by a tag of its own, and the worker's code comes
// as a text.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classicScript } from './classic';

const bundled = (name: string): Promise<string> =>
  classicScript(`docs/site/page/${name}.ts`, {
    loader: { '.css': 'text' },
    keepNames: name === 'worker', // programs print what they have made
    // what a program of the course has no use for: the GPU, and the decoders of files
    external: ['gpu.js', 'hyparquet', 'fast-png', 'jpeg-js', '*/backends/gpu'],
  });

/** Writes cells.js, which pages load; run.js, loaded at the first run; and edit.js, at the first edit. */
export async function writeScripts(folder: string): Promise<void> {
  const [cells, worker, editor] = await Promise.all(['cells', 'worker', 'editor'].map(bundled));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cells.js'), cells!);
  writeFileSync(join(folder, 'run.js'), `self.spikegradWorker=${JSON.stringify(worker)};`);
  writeFileSync(join(folder, 'edit.js'), editor!);
}
