// One process at a time, by a file that names its holder and holds a counter that the holder advances. A holder that
// can be seen is asked for: its number and start time tell at once. One that cannot (of another machine, of another
// container or of one that was started again, before a boot, of a folder that was copied) is watched, by the watcher's
// own clock: a counter that does not move for a minute is a dead one's. A holder that was only stopped finds its lock
// taken, at its next beat and before each write, and writes nothing more.

import { existsSync, readFileSync } from 'node:fs';
import { type FileHandle, link, open, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { check, SpikegradError } from '../../errors';
import { errorCode } from '../errors';
import { syncFolder } from '../folders';
import { lifeOf, type ProcessName } from '../process';
import { temporaryName } from '../temporary';
import { startBeating } from './beat';
import { DIGITS, inodeInWords, type LockText, newLock, parseLock, textIn } from './file';
import { readIfThere, watchFile } from './watch';

/** How locks are taken. Times are in milliseconds. */
export interface LockTiming {
  /** Between two counts of a holder. */
  readonly beat: number;
  /** Without a count, after which a holder that cannot be seen is dead. */
  readonly silence: number;
}

/** What a holder promises, and who wants its lock waits for. */
export const TIMING: LockTiming = { beat: 5_000, silence: 60_000 };

/** Somebody else is at work in the folder; waiting helps. */
export class FolderHeldError extends SpikegradError {}

/** Somebody else has taken the folder while this process stood still. */
export class FolderLostError extends SpikegradError {}

/** Whoever wants a lock. */
export interface Wanting {
  /** Ends the watching, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called before a holder that cannot be seen is watched. @param seconds at most */
  readonly onWatch?: (seconds: number) => void;
  readonly timing?: LockTiming;
}

/** A lock that is held. */
export interface Lock {
  /** Fires when somebody else has taken it. */
  readonly lost: AbortSignal;
  /** @throws FolderLostError when somebody else has taken it */
  check(): void;
  /** Gives it back. What the disk says to that is nobody's concern. */
  release(): Promise<void>;
}

/** A lock that is there and not there so often is a link to nowhere. */
const MOST_TRIES = 1000;

/**
 * Tokens of this process: those that it holds, and those that it has given back on a disk that did not let the file go.
 */
const held = new Set<string>();
const givenBack = new Set<string>();

/**
 * Takes a lock.
 * @param path of its file, in a folder that exists
 * @throws FolderHeldError when a living process holds it, this one too; an error when the file is something else
 */
export async function takeLock(path: string, wanting: Wanting = {}): Promise<Lock> {
  const { beat: every } = wanting.timing ?? TIMING;
  const { token, text, offset } = newLock();
  for (let tries = 0; !(await made(path, text)); tries++) {
    check(tries < MOST_TRIES, 'RunFolder', () => `${path} is there and cannot be read: move it away`);
    await inherit(path, wanting);
  }
  held.add(token);
  await sweepInherited(path);
  const controller = new AbortController();
  const lose = () => controller.abort(lostError(path));
  const stop = startBeating({ path, token, offset, digits: DIGITS, every }, lose);
  return {
    lost: controller.signal,
    check() {
      if (!controller.signal.aborted && !isOf(path, token)) lose();
      controller.signal.throwIfAborted();
    },
    async release() {
      await stop();
      held.delete(token);
      if (controller.signal.aborted || !isOf(path, token)) return;
      await rm(path, { force: true }).catch(() => givenBack.add(token));
      // else a power loss could bring it back into a folder that nobody enters again
      await syncFolder(dirname(path)).catch(() => undefined);
    },
  };
}

/** Whether the lock is still this holding's. A disk that is away for a moment does not deny it. */
function isOf(path: string, token: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes(token);
  } catch (error) {
    return errorCode(error) !== 'ENOENT';
  }
}

/** Makes the lock's file, whole and on the disk, if there is none. */
async function made(path: string, text: string): Promise<boolean> {
  if (existsSync(path)) return false;
  const own = temporaryName(path);
  try {
    await writeNew(own, text);
    // a link is made whole or not at all, and never over another
    await link(own, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if ((error as NodeJS.ErrnoException).syscall !== 'link') throw error;
    return writeNew(path, text); // a disk without links, or the temporary file was swept
  } finally {
    await rm(own, { force: true }).catch(() => undefined);
  }
}

/** @returns false where there is such a file */
async function writeNew(path: string, text: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    const { ino } = await file.stat({ bigint: true });
    await file.writeFile(textIn(text, ino));
    await file.sync(); // else a power loss could leave one that says nothing
    return true;
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * Removes the lock of a dead holder. Of many that find it, only the one that holds the lock named after that very
 * holding may: else one that looked early could remove what a quicker one has put there since.
 * @throws when its holder, or one that is removing it, is alive
 */
async function inherit(path: string, wanting: Wanting): Promise<void> {
  const found = await readLock(path);
  if (found === undefined || !(await isDead(path, found, wanting))) return; // given back, or another's meanwhile
  const { timing, signal } = wanting;
  const right = await takeLock(`${path}.${found.token}`, { timing, signal });
  try {
    if ((await readLock(path))?.text === found.text) await rm(path, { force: true });
  } finally {
    await right.release();
  }
}

interface FoundLock extends LockText {
  /** All that stands there. */
  readonly text: string;
}

async function readLock(path: string): Promise<FoundLock | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const lock = parseLock(text);
  if (lock === undefined)
    throw new SpikegradError(
      'RunFolder',
      `${path} is there and is no lock of a run: give another folder, or move that file away`,
    );
  return { ...lock, text };
}

/** @returns false when the lock is another's by now, or gone @throws when its holder is alive */
async function isDead(path: string, found: FoundLock, wanting: Wanting): Promise<boolean> {
  const { holder, token, text } = found;
  const seen = held.has(token) ? 'alive' : lifeOf(holder);
  // in a folder that was copied a holder that is alive holds another file: the counter here tells
  const life = seen === 'alive' && (await isCopy(path, found)) ? 'unknown' : seen;
  if (life === 'dead' || givenBack.has(token)) return true;
  if (life === 'alive') throw heldBy(path, holder);
  const { signal, onWatch, timing: { silence } = TIMING } = wanting;
  onWatch?.(silence / 1000);
  const now = await watchFile(path, text, silence, signal);
  if (now === text) return true;
  if (now !== undefined && parseLock(now)?.token === token) throw heldBy(path, holder);
  return false;
}

/** Whether the file is not the one that its holder made. */
async function isCopy(path: string, { inode }: LockText): Promise<boolean> {
  if (inode === undefined) return false;
  const own = await stat(path, { bigint: true }).catch(() => undefined);
  return own !== undefined && inodeInWords(own.ino) !== inode;
}

/** What dead inheritors left. A living one has nothing more to do: the lock that it was to remove is gone. */
async function sweepInherited(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const left = names.filter((name) => name.startsWith(`${basename(path)}.`) && RIGHT.test(name));
  await Promise.all(
    left.map((name) => rm(join(dirname(path), name), { force: true }).catch(() => undefined)),
  );
}

/** Ends of a name: tokens of locks that were to be removed. */
const RIGHT = /(\.[0-9a-f]{16})+$/;

function inWords({ pid, host }: ProcessName): string {
  if (pid === 0) return 'another process';
  return `another process (${pid}${host === hostname() ? '' : ` on ${host}`})`;
}

function heldBy(path: string, holder: ProcessName): FolderHeldError {
  return new FolderHeldError(
    'RunFolder',
    `${inWords(holder)} is working in this folder; wait for it, or end it (its lock is ${path})`,
  );
}

function lostError(path: string): FolderLostError {
  let holder: ProcessName | undefined;
  try {
    holder = parseLock(readFileSync(path, 'utf8'))?.holder;
  } catch {
    // gone
  }
  const folder = dirname(path);
  const what =
    holder === undefined
      ? `${path} is gone: somebody has removed or moved it`
      : `${inWords(holder)} has taken ${folder} while this one stood still`;
  return new FolderLostError('RunFolder', `${what}; this process stops, and has written nothing since`);
}
