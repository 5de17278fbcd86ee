// h5wasm, the HDF5 library in WebAssembly: an optional package, loaded when the first file is read or written. Files
// pass through its file system, under names that nobody else has: in memory, or read piece by piece from a store.

import type * as Library from 'h5wasm';
import { check, SpikegradError } from '../../errors';
import { afterFailedImport } from '../../optional-package';
import type { ByteStore } from '../byte-store';

export interface Hdf5 {
  readonly File: typeof Library.File;
  readonly Group: typeof Library.Group;
  readonly Dataset: typeof Library.Dataset;
  readonly files: {
    writeFile(path: string, data: Uint8Array): void;
    readFile(path: string): Uint8Array;
    unlink(path: string): void;
    lookupPath(path: string): { node: FileNode };
  };
}

/** A file in Emscripten's file system in memory, as far as it is changed here. */
interface FileNode {
  usedBytes: number;
  stream_ops: {
    read(stream: unknown, memory: Int8Array, offset: number, count: number, at: number): number;
  };
}

/** Puts a file there whose bytes are read when the library wants them. */
export function mountStore({ files }: Hdf5, path: string, store: ByteStore): void {
  files.writeFile(path, new Uint8Array(0));
  const { node } = files.lookupPath(path);
  node.usedBytes = store.length;
  node.stream_ops = {
    ...node.stream_ops,
    read(_, memory, offset, count, at) {
      const bytes = store.read(at, Math.max(0, Math.min(count, store.length - at)));
      memory.set(bytes, offset);
      return bytes.length;
    },
  };
}

let count = 0;
let broken = false;

/**
 * An error of the library as ours. A trap of WebAssembly leaves its memory in pieces, so that whole files would look
 * damaged too: from then on it refuses to work.
 */
export function libraryError(where: string, error: unknown): SpikegradError {
  if (error instanceof SpikegradError) return error;
  if (error instanceof WebAssembly.RuntimeError) broken = true;
  // HDF5 tells its whole stack
  return new SpikegradError(where, `the file is damaged: ${String(error).slice(0, 200)}`, { cause: error });
}

/** A path in h5wasm's own file system. */
export function temporaryPath(): string {
  count += 1;
  return `spikegrad-${count}.nir`;
}

async function h5wasm(where: string, missing: string): Promise<typeof Library> {
  try {
    return await import('h5wasm');
  } catch (error) {
    return afterFailedImport(where, 'h5wasm', missing, error);
  }
}

/**
 * @param what needs it, for messages. @throws when the package is not installed or does not load, or broke down over
 *   an earlier file
 */
export async function loadHdf5(where: string, what = 'NIR files'): Promise<Hdf5> {
  check(
    !broken,
    where,
    'the HDF5 library broke down over a damaged file and cannot be used again in this process; start a new one',
  );
  const library = await h5wasm(where, `${what} need the package h5wasm: npm install h5wasm`);
  const { FS, activate_throwing_error_handler: throwErrors } = await library.ready;
  throwErrors(); // else HDF5 prints its stack and goes on
  const files = FS as unknown as Hdf5['files'];
  return { File: library.File, Group: library.Group, Dataset: library.Dataset, files };
}
