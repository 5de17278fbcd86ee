// Files that commands write: whole or not at all, their folder made where it is missing, whatever the option is called.

import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SpikegradError } from '../errors';
import { writeAtomically } from '../train/run-folder';

/** @returns the whole path */
export async function writeFile(path: string, content: Uint8Array | string): Promise<string> {
  const whole = resolve(path);
  await mkdir(dirname(whole), { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EACCES' ? 'no permission' : cause.message;
    throw new SpikegradError('writeFile', `cannot make the folder ${dirname(whole)}: ${why}`, { cause });
  });
  await writeAtomically(whole, content);
  return whole;
}
