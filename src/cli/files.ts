// Files that commands write: whole or not at all, their folder made where it is missing, whatever the option is
// called, and over nothing that somebody else wrote.

import { dirname, resolve } from 'node:path';
import { writeError } from '../disk/errors';
import { makeFolder } from '../disk/folders';
import { sweep } from '../disk/temporary';
import { writeAtomically } from '../disk/write';
import { refuseForeign } from '../paper/node/ours';

/** @param kind ending of the names of such files, where the name may have another @returns the whole path */
export async function writeFile(path: string, content: Uint8Array | string, kind?: string): Promise<string> {
  const whole = resolve(path);
  const folder = dirname(whole);
  await makeFolder(folder).catch((cause: unknown) => {
    throw writeError('writeFile', folder, cause);
  });
  await refuseForeign([whole], kind);
  await sweep(folder);
  await writeAtomically(whole, content);
  return whole;
}
