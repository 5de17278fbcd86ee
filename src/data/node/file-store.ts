// A file on disk as bytes by their place (Node only): no more of it is in memory than what is asked for.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteStore } from '../../formats/byte-store';

/** It stays open until it is closed. */
export function openStore(path: string): ByteStore & { close(): void } {
  const file = openSync(path, 'r');
  return {
    length: fstatSync(file).size,
    read(at, count) {
      const bytes = new Uint8Array(count);
      return bytes.subarray(0, readSync(file, bytes, 0, count, at));
    },
    close: () => closeSync(file),
  };
}
