// Events in an HDF5 file on disk (Node only): no more of it is in memory than the HDF5 library asks for at a time.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { openHdf5Events, type RecordingFile } from '../hdf5';

/** Opens a file; it stays open until it is closed. @throws where it holds no events that are known */
export async function openHdf5File(path: string, where: string): Promise<RecordingFile> {
  const file = openSync(path, 'r');
  const read = (at: number, count: number) => {
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, readSync(file, bytes, 0, count, at));
  };
  try {
    const opened = await openHdf5Events({ length: fstatSync(file).size, read }, where);
    const close = () => {
      opened.close();
      closeSync(file);
    };
    return { ...opened, close };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
