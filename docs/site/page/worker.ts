// What the page runs in a worker, a new one for each run: the package, the interpreter, and a console that tells the
// page what is printed. The page gives it the programs of one run and ends it when they are done.

import { failureOf } from './failure';
import { type Modules, runCells } from './interpreter';
import { type FromWorker, told } from './messages';
import { wordsOf } from './words';

/** The laws, which need half as much again, are loaded for a program that names them. */
const LAWS = 'spikegrad/testing';

async function modulesFor(programs: readonly string[]): Promise<Modules> {
  const spikegrad = await import('spikegrad');
  if (!programs.some((text) => text.includes(LAWS))) return { spikegrad };
  return { spikegrad, [LAWS]: await import('spikegrad/testing') };
}

Error.stackTraceLimit = 50; // so that the program's line is among them, however deep in the package an error is thrown

const tell = (message: FromWorker) => postMessage(message);
const fail = (error: unknown) => tell({ kind: 'failed', text: failureOf(error) });

let lines = 0;
const print = (...values: unknown[]) => {
  const text = told(values.map(wordsOf).join(' '), lines++);
  if (text !== undefined) tell({ kind: 'printed', text });
};
for (const name of ['log', 'info', 'warn', 'error', 'debug', 'table'] as const) console[name] = print;

// of a promise that the program does not wait for
addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  fail(event.reason);
});
addEventListener('message', async ({ data }: MessageEvent<readonly string[]>) => {
  try {
    await runCells(data, await modulesFor(data));
    setTimeout(() => tell({ kind: 'done' })); // behind such a rejection
  } catch (error) {
    fail(error);
  }
});
