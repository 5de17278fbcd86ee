// Whether a folder's disk does what a run's files rely on: what is synced can be read again, a file takes another's
// place whole or not at all, and of many that want a lock one gets it. What a disk loses with the power, no program
// can try.

import * as node from 'node:fs/promises';
import { basename, join } from 'node:path';
import { check } from '../../errors';
import type { Verdict } from '../../testing/check';

/** What the checks call. */
export type FileCalls = Pick<
  typeof node,
  'access' | 'link' | 'mkdir' | 'open' | 'readFile' | 'rename' | 'rm' | 'writeFile'
>;

export interface FileRow {
  readonly check: 'syncing' | 'rename' | 'lock file';
  readonly verdict: Verdict;
  readonly found: string;
  readonly seconds: number;
}

const MEGABYTE = 2 ** 20;
/** Renames while others read. */
const RENAMES = 60;
/** That want one lock at once. */
const RIVALS = 16;

/**
 * Tries a folder, in one of its own within it that is removed again.
 * @throws where it cannot be written to
 */
export async function checkFiles(folder: string, files: FileCalls = node): Promise<FileRow[]> {
  const own = join(folder, `.spikegrad-doctor-${process.pid}`);
  await files.mkdir(own, { recursive: true });
  try {
    return [
      await row('syncing', () => syncing(own, files)),
      await row('rename', () => renaming(own, files)),
      await row('lock file', () => locking(own, files)),
    ];
  } finally {
    await files.rm(own, { recursive: true, force: true });
  }
}

async function row(name: FileRow['check'], act: () => Promise<string>): Promise<FileRow> {
  const began = performance.now();
  const end = (verdict: Verdict, found: string): FileRow => ({
    check: name,
    verdict,
    found,
    seconds: (performance.now() - began) / 1000,
  });
  try {
    return end('holds', await act());
  } catch (error) {
    return end('fails', error instanceof Error ? error.message : String(error));
  }
}

/** A file and its folder, as after each checkpoint. */
async function syncing(folder: string, files: FileCalls): Promise<string> {
  const path = join(folder, 'synced');
  const content = filled(1);
  const began = performance.now();
  const file = await files.open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  const time = Math.round(performance.now() - began);
  const found = await files.readFile(path);
  check(
    content.equals(found),
    'sync',
    () => `${found.length} bytes came back of ${content.length}, or others`,
  );
  const words = `1 MB synced in ${time} ms`;
  if (process.platform === 'win32') return `${words}; Windows has no sync of folders`;
  const directory = await files.open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return `${words}, and its folder`;
}

const filled = (version: number) => Buffer.alloc(MEGABYTE, version % 256);

/** Whoever reads meanwhile finds the old file or the new one. */
async function renaming(folder: string, files: FileCalls): Promise<string> {
  const path = join(folder, 'renamed');
  const next = `${path}.new`;
  await files.writeFile(path, filled(0));
  let busy = true;
  let looks = 0;
  const watch = async () => {
    for (; busy; looks++) {
      const found = await files.readFile(path);
      const isWhole = found.length === MEGABYTE && found.equals(filled(found[0]!));
      check(isWhole, 'rename', () => `${basename(path)} was seen half written, with ${found.length} bytes`);
    }
  };
  const watchers = Promise.all([watch(), watch()]).finally(() => {
    busy = false;
  });
  watchers.catch(() => undefined); // told below
  for (let version = 1; version <= RENAMES && busy; version++) {
    await files.writeFile(next, filled(version));
    await files.rename(next, path);
  }
  busy = false;
  await watchers;
  const last = await files.readFile(path);
  check(last[0] === RENAMES % 256, 'rename', 'the file that was there before came back');
  check(!(await exists(next, files)), 'rename', 'the file is still under its old name too');
  return `${RENAMES} renames, ${looks} looks meanwhile: old or new, and whole`;
}

async function exists(path: string, files: FileCalls): Promise<boolean> {
  return files.access(path).then(
    () => true,
    () => false,
  );
}

/** A link is made once: this is how a run takes its folder. */
async function locking(folder: string, files: FileCalls): Promise<string> {
  const path = join(folder, 'lock');
  for (let round = 0; round < 4; round++) {
    // all have ended before the first failure is told: none writes any more when the folder is removed
    const ends = await Promise.allSettled(
      Array.from({ length: RIVALS }, async (_, rival) => {
        const own = `${path}.${rival}`;
        await files.writeFile(own, `${rival}`);
        try {
          await files.link(own, path);
          return rival;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
          throw error;
        }
      }),
    );
    const taken = ends.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    });
    const winners = taken.filter((rival) => rival !== undefined);
    check(winners.length === 1, 'lock', () => `${winners.length} of ${RIVALS} got the same lock`);
    const holder = String(await files.readFile(path));
    check(holder === `${winners[0]}`, 'lock', () => `it names ${holder}, and ${winners[0]} got it`);
    await files.rm(path);
  }
  return `of ${RIVALS} at once one gets it`;
}
