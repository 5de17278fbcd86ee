// Events in an HDF5 file on disk (Node only): no more of it is in memory than the HDF5 library asks for at a time.

import { openStore } from '../../node/file-store';
import { openHdf5Events, type RecordingFile } from '../hdf5';

/** Opens a file; it stays open until it is closed. @throws where it holds no events that are known */
export async function openHdf5File(path: string, where: string): Promise<RecordingFile> {
  const store = openStore(path);
  try {
    const opened = await openHdf5Events(store, where);
    const close = () => {
      opened.close();
      store.close();
    };
    return { ...opened, close };
  } catch (error) {
    store.close();
    throw error;
  }
}
