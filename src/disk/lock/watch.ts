// Whether a file changes, by the watcher's own clock. Neither the file's times nor another machine's clock are asked.

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors';

/** @returns undefined when there is none, or when a network disk has just put another in its place */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESTALE'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Milliseconds between two looks, at most. */
const LOOK = 1000;

/**
 * Waits until a file says something else, or has said the same for `silence` milliseconds. A time in which the
 * watcher itself stood still (stopped, or asleep with its machine) counts as one look: the other may have stood still
 * with it.
 * @returns what it says then
 */
export async function watchFile(
  path: string,
  text: string,
  silence: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const look = Math.min(LOOK, silence / 10);
  let silent = 0;
  let before = process.hrtime.bigint();
  while (silent < silence) {
    await sleep(look, undefined, { signal });
    const now = process.hrtime.bigint();
    silent += Math.min(Number(now - before) / 1e6, 2 * look);
    before = now;
    const seen = await readIfThere(path);
    if (seen !== text) return seen;
  }
  return text;
}
