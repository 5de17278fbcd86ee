// The heart of a lock: a thread that advances its counter, however long a step of training keeps the main thread
// busy. It writes into the very file that it has looked into: one that somebody else has put there since is never
// touched.

import { Worker } from 'node:worker_threads';

/** What the thread is told. */
interface Heart {
  readonly path: string;
  readonly token: string;
  /** Bytes before the counter, and its digits. */
  readonly offset: number;
  readonly digits: number;
  /** Milliseconds between two beats. */
  readonly every: number;
}

/** Source of the thread, as text: a file of its own would have to be found again in every bundle. */
const SOURCE = `
const { parentPort, workerData: heart } = require('node:worker_threads');
const { closeSync, openSync, readFileSync, writeSync } = require('node:fs');
let count = 0;
const timer = setInterval(() => {
  let file;
  try {
    file = openSync(heart.path, 'r+');
    if (readFileSync(file, 'utf8').includes(heart.token)) {
      count++;
      writeSync(file, String(count).padStart(heart.digits, '0'), heart.offset);
      return;
    }
    lose();
  } catch (error) {
    if (error.code === 'ENOENT') lose(); // else a disk that is away for a moment
  } finally {
    if (file !== undefined) closeSync(file);
  }
}, heart.every);
function lose() {
  clearInterval(timer);
  parentPort.postMessage('lost');
}
`;

/** Milliseconds before the thread is started: most locks are given back sooner, and it costs as much. */
const DELAY = 200;

/** Begins to beat. @param onLost called once when the lock is another's or gone @returns what ends it */
export function startBeating(heart: Heart, onLost: () => void): () => Promise<void> {
  let thread: Worker | undefined;
  const timer = setTimeout(() => {
    thread = new Worker(SOURCE, { eval: true, workerData: heart });
    thread.unref();
    thread.on('message', onLost);
    // without a thread the lock counts as left behind for those who cannot see this process, which then finds it taken
    thread.on('error', () => undefined);
  }, DELAY);
  timer.unref();
  return async () => {
    clearTimeout(timer);
    await thread?.terminate();
  };
}
