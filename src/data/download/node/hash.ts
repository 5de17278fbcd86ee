// SHA-256 of a file on disk, and the size of a file that may not exist. Reads in pieces of 1 MiB, so that progress
// moves and a stop is noticed; not for buffers.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { errorCode } from '../../../disk/errors';
import { throwIfStopped } from './errors';

/**
 * @param onBytes called with the number of bytes read so far
 * @param kept what the error says of the file where the signal stops the reading
 * @returns lower-case hexadecimal digest
 */
export async function sha256OfFile(
  path: string,
  onBytes: (read: number) => void,
  signal: AbortSignal | undefined,
  kept: string,
): Promise<string> {
  const hash = createHash('sha256');
  let read = 0;
  const pieces: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 20 });
  for await (const piece of pieces) {
    hash.update(piece);
    read += piece.length;
    onBytes(read);
    throwIfStopped(signal, kept);
  }
  return hash.digest('hex');
}

/** Size in bytes, or undefined where there is nothing at `path`. A folder or a device has the size that stat gives. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
