// What the page runs in a worker, a new one for each run: the package, the interpreter, and a console that tells the
// page what is printed. The page gives it the programs of one run and ends it when they are done.

import { type Modules, runCells } from './interpreter';
import { type FromWorker, wordsOf } from './messages';

/** The laws, which need half as much again, are loaded for a program that names them. */
const LAWS = 'spikegrad/testing';

async function modulesFor(programs: readonly string[]): Promise<Modules> {
  const spikegrad = await import('spikegrad');
  if (!programs.some((text) => text.includes(LAWS))) return { spikegrad };
  return { spikegrad, [LAWS]: await import('spikegrad/testing') };
}

const tell = (message: FromWorker) => postMessage(message);

console.log = (...values: unknown[]) => tell({ kind: 'printed', text: values.map(wordsOf).join(' ') });
console.warn = console.log;

addEventListener('message', async ({ data }: MessageEvent<readonly string[]>) => {
  try {
    await runCells(data, await modulesFor(data));
    tell({ kind: 'done' });
  } catch (error) {
    tell({ kind: 'failed', text: error instanceof Error ? error.message : String(error) });
  }
});
