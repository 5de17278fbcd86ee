// NumPy's arrays, for everybody: the functions that read them, whose inside is loaded when they are called.

import { bytesKind, checkKind } from '../../options';
import type { NpyArray } from './npy';

export type { NpyArray, NpyTexts } from './npy';

/**
 * Reads a NumPy array (.npy, versions 1 to 3): whole numbers of 8 to 64 bits, floats of 16 (widened to 32), 32 and
 * 64, bool, and fixed-width text, in either byte order and either order of axes.
 * @param file all bytes of the file
 * @throws naming the type of arrays that are structured, of Python objects, complex, or of another type; and where
 * the file is cut off or damaged
 */
export async function readNpy(file: Uint8Array | ArrayBuffer): Promise<NpyArray> {
  const bytes = bytesOf('readNpy', file);
  const { arrayOf } = await import('./npy');
  return arrayOf('readNpy', bytes);
}

/**
 * Reads NumPy's arrays by name (.npz), packed or not: at most 65,535 of them and 2 GiB.
 * @param file all bytes of the file
 * @throws as `readNpy`, naming the array
 */
export async function readNpz(file: Uint8Array | ArrayBuffer): Promise<Map<string, NpyArray>> {
  const bytes = bytesOf('readNpz', file);
  const { arraysOf } = await import('./npy');
  return arraysOf('readNpz', bytes);
}

function bytesOf(where: string, file: Uint8Array | ArrayBuffer): Uint8Array {
  checkKind(where, 'file', bytesKind, file);
  return ArrayBuffer.isView(file) ? file : new Uint8Array(file);
}
