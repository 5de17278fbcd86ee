// A NIR graph on disk.

import { readFile } from 'node:fs/promises';
import { SpikegradError } from '../errors';
import { type NirGraph, readNir } from '../interop/nir';

/** @throws SpikegradError with the file's name when there is none, or it holds no graph */
export async function readNirFile(file: string): Promise<NirGraph> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new SpikegradError('readNirFile', `no file ${file} that can be read`, { cause });
  }
  try {
    return await readNir(bytes);
  } catch (cause) {
    if (!(cause instanceof SpikegradError)) throw cause;
    throw new SpikegradError('readNirFile', `${file}: ${cause.message}`, { cause });
  }
}
