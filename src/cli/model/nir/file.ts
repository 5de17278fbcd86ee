// A NIR graph on disk, as much of it as can be read.

import { readFile } from 'node:fs/promises';
import { SpikegradError } from '../../../errors';
import type { NirGraph } from '../../../interop/nir';
import type { Faults } from '../../../interop/nir/faults';
import { readBrokenNir } from '../../../interop/nir/read';

/** @throws SpikegradError with the file's name when there is none, or it holds no graph */
export async function readNirFile(file: string): Promise<{ graph: NirGraph; faults: Faults }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const isFolder = (cause as NodeJS.ErrnoException).code === 'EISDIR';
    const problem = isFolder ? `${file} is a folder; give a file in it` : `no file ${file} that can be read`;
    throw new SpikegradError('readNirFile', problem, { cause });
  }
  try {
    return await readBrokenNir(bytes);
  } catch (cause) {
    if (!(cause instanceof SpikegradError)) throw cause;
    throw new SpikegradError('readNirFile', `${file}: ${cause.message}`, { cause });
  }
}
