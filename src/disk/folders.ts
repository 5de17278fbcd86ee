// Folders that survive a power loss: a name in a folder is only there for good when the folder itself has been synced.

import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './errors';

/**
 * What systems say that cannot open or sync a folder (Windows, some network disks): they keep names in their own way.
 */
const CANNOT = new Set(['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'EBADF', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Puts the names in a folder on the disk: those that were made, renamed or removed. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!CANNOT.has(errorCode(error) ?? '')) throw error;
  }
}

/**
 * Makes a folder and those above it, where they are missing, each known to the one above it for good. Step by step:
 * Node's own `recursive` says ENOENT where a disk is read-only or full of errors.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const above = dirname(path);
    if (errorCode(error) !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    return makeFolder(path);
  }
  await syncFolder(dirname(path));
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Makes a folder of that name, or with -2, -3 and so on behind it where that is taken: two runs may begin at once, and
 * whoever made a folder has it.
 * @returns its path
 */
export async function makeOwnFolder(path: string): Promise<string> {
  await makeFolder(dirname(path));
  for (let number = 1; ; number++) {
    const free = number === 1 ? path : `${path}-${number}`;
    try {
      await mkdir(free);
      await syncFolder(dirname(free));
      return free;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}
