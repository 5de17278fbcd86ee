// Files written whole or not at all, also where the power fails: on the disk before their name points to them, and
// the name on the disk before anything that counts on it is written.

import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkKind, either, kind, text } from '../options';
import { errorCode, writeError } from './errors';
import { syncFolder } from './folders';
import { temporaryName } from './temporary';

const bytes = kind<Uint8Array>('bytes', ArrayBuffer.isView);

/** Somebody who cannot see this process may take its file for one that was left behind, when they start. */
const TRIES = 3;

/** Writes a file whole or not at all. @throws with the path, and with advice when the disk is full or read-only */
export function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  return writeGuarded(path, content, () => undefined);
}

/** The same, if a guard lets it: asked when all is written, just before the file gets its name. It throws to refuse. */
export async function writeGuarded(
  path: string,
  content: Uint8Array | string,
  guard: () => void,
): Promise<void> {
  checkKind('writeAtomically', 'path', text, path);
  checkKind('writeAtomically', 'content', either(text, bytes), content);
  for (let tries = 1; ; tries++) {
    const temporary = temporaryName(path);
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      guard();
      await rename(temporary, path);
      return await syncFolder(dirname(path));
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      const isGone = errorCode(cause) === 'ENOENT' && (cause as NodeJS.ErrnoException).syscall === 'rename';
      if (!isGone || tries === TRIES) throw writeError('RunFolder', path, cause);
    }
  }
}
