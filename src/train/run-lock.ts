// One process for a run's folder (Node only). The lock is a file that names its holder; a holder that is no longer alive
// has lost it, so that a killed run can be resumed at once. Processes of other machines cannot be seen: they touch their
// lock, and one that was not touched for long is a dead one's.

import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { SpikegradError } from '../errors';

/** Milliseconds between two touches of a lock. */
const HEARTBEAT = 20_000;
/** Milliseconds without a touch after which a lock of another machine counts as left behind; longer than any step. */
const SILENCE = 600_000;

/** Somebody else is at work in the folder; waiting helps. */
export class FolderHeldError extends SpikegradError {}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** @param silence milliseconds since the lock was last touched */
function isAlive({ pid, host }: Holder, silence: number): boolean {
  if (host !== hostname()) return silence < SILENCE;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, and somebody else's
  }
}

/** Who holds the lock; undefined when nobody does, or when the file says nothing that can be understood. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const { pid, host } = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

/** Of the lock, by the clock of the disk that both files are on. @param now a file written just now */
async function silenceOf(path: string, now: string): Promise<number> {
  try {
    return (await stat(now)).mtimeMs - (await stat(path)).mtimeMs;
  } catch {
    return 0; // given back meanwhile
  }
}

function heldBy(path: string, { pid, host }: Holder): FolderHeldError {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new FolderHeldError(
    'RunFolder',
    `another process (${pid}${where}) is working in this folder; wait for it, or delete ${path} if it is gone`,
  );
}

/** Names for files beside the lock, one for each attempt of this process. */
let attempts = 0;

/**
 * Takes the lock.
 * @param path of the lock file, in a folder that exists
 * @returns a function that gives it back
 * @throws when a living process holds it, this one too
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const own = `${path}.${process.pid}.${attempts++}`;
  await writeFile(own, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
  try {
    // a link is made whole or not at all, and never over another
    while (!(await linked(own, path))) await inherit(path, own);
  } finally {
    await rm(own, { force: true });
  }
  const heart = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined); // a disk that is away for a moment
  }, HEARTBEAT);
  heart.unref();
  return () => {
    clearInterval(heart);
    return rm(path, { force: true });
  };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes the lock of a dead holder. Of many that find it, only the one that holds the lock named after that very file may:
 * else one that looked early could remove what a quicker one has put there since.
 * @throws when its holder, or one that is removing it, is alive
 */
async function inherit(path: string, own: string): Promise<void> {
  const found = await fileOf(path);
  if (found === undefined) return; // given back meanwhile
  const holder = await holderOf(path);
  if (holder !== undefined && isAlive(holder, await silenceOf(path, own))) throw heldBy(path, holder);
  const release = await takeLock(`${path}.${found}`);
  try {
    if ((await fileOf(path)) === found) await rm(path, { force: true });
  } finally {
    await release();
  }
}

/** What tells this file from any other that has had or will have its name. */
async function fileOf(path: string): Promise<string | undefined> {
  try {
    const { ino, birthtimeMs } = await stat(path);
    return `${ino}-${Math.round(birthtimeMs)}`;
  } catch {
    return undefined;
  }
}
