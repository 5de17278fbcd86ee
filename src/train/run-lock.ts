// One process for a run's folder (Node only). The lock is a file that names its holder; a holder that is no longer alive
// has lost it, so that a killed run can be resumed at once.

import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { SpikegradError } from '../errors';

interface Holder {
  readonly pid: number;
  readonly host: string;
}

function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true; // another machine's processes cannot be seen from here
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

function heldBy(path: string, { pid, host }: Holder): SpikegradError {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new SpikegradError(
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
    if (!(await linked(own, path))) {
      const holder = await holderOf(path);
      if (holder !== undefined && isAlive(holder)) throw heldBy(path, holder);
      await clearAway(path, `${own}.stale`);
      if (!(await linked(own, path)))
        throw heldBy(path, (await holderOf(path)) ?? { pid: Number.NaN, host: hostname() });
    }
  } finally {
    await rm(own, { force: true });
  }
  return () => rm(path, { force: true });
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

/** Removes a dead holder's lock, unless somebody else was quicker and it is theirs by now: then it goes back. */
async function clearAway(path: string, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch {
    return; // gone already
  }
  const holder = await holderOf(aside);
  if (holder !== undefined && isAlive(holder)) await linked(aside, path);
  await rm(aside, { force: true });
}
