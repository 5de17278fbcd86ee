// What the page runs in a worker, a new one for each run: the package, the interpreter, and a console that tells the
// page what is printed. The page gives it the programs of one run and ends it when they are done.

import * as spikegrad from 'spikegrad';
import * as testing from 'spikegrad/testing';
import { runCells } from './interpreter';
import { type FromWorker, wordsOf } from './messages';

const tell = (message: FromWorker) => postMessage(message);

console.log = (...values: unknown[]) => tell({ kind: 'printed', text: values.map(wordsOf).join(' ') });
console.warn = console.log;

addEventListener('message', async ({ data }: MessageEvent<readonly string[]>) => {
  try {
    await runCells(data, { spikegrad, 'spikegrad/testing': testing });
    tell({ kind: 'done' });
  } catch (error) {
    tell({ kind: 'failed', text: error instanceof Error ? error.message : String(error) });
  }
});
