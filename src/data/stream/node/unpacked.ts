// Copies of what is packed, unpacked into a file of the system's temporary folder (Node only), so that records can be
// read by their place. They go when the process ends.

import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { check, SpikegradError } from '../../../errors';
import { crc32 } from '../../../formats/crc32';

const CHUNK = 2 ** 18;

let folder: string | undefined;
let count = 0;

/** A path that nobody else has. */
function temporaryPath(): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'spikegrad-unpacked-'));
    const own = folder;
    process.once('exit', () => rmSync(own, { recursive: true, force: true }));
  }
  count += 1;
  return join(folder, String(count));
}

/** What is packed, and where. */
export interface Packing {
  readonly path: string;
  /** A whole file of gzip, or a stretch of one that deflate has packed. */
  readonly form: 'gzip' | 'deflate';
  readonly from?: number;
  /** Behind the last byte. Default: the file's end. */
  readonly to?: number;
  /** Bytes that come out. */
  readonly size: number;
  /** CRC-32 of these, 0 for none. */
  readonly sum?: number;
}

/**
 * @returns the path of what was unpacked
 * @throws naming the file where it is damaged, or unpacks to another number of bytes
 */
export async function unpackedCopy(
  where: string,
  { path, form, from = 0, to, size, sum = 0 }: Packing,
): Promise<string> {
  const damaged = (cause: unknown) =>
    new SpikegradError(where, `${path} is damaged or cut off: ${(cause as Error).message}`, { cause });
  const source = createReadStream(path, {
    start: from,
    ...(to !== undefined && { end: to - 1 }),
    highWaterMark: CHUNK,
  });
  const unpacking = form === 'gzip' ? createGunzip() : createInflateRaw();
  source.on('error', (error) => unpacking.destroy(error));
  const copy = temporaryPath();
  const file = await open(copy, 'w').catch((cause: Error) => {
    source.destroy();
    throw new SpikegradError(where, `${path} is to be unpacked into ${copy}: ${cause.message}`, { cause });
  });
  let [written, found] = [0, 0];
  try {
    for await (const chunk of source.pipe(unpacking) as AsyncIterable<Uint8Array>) {
      written += chunk.length;
      check(written <= size, where, () => `${path} unpacks to more than the ${size} bytes that it says`);
      if (sum !== 0) found = crc32(chunk, found);
      await file.write(chunk);
    }
  } catch (cause) {
    throw cause instanceof SpikegradError ? cause : damaged(cause);
  } finally {
    source.destroy();
    await file.close();
  }
  check(
    written === size,
    where,
    () => `${path} unpacks to ${written} bytes and says ${size}; is it cut short?`,
  );
  check(sum === 0 || found === sum, where, () => `${path} is not what its check sum says; it is damaged`);
  return copy;
}
