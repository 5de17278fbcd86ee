// What lies in a zip archive, as PyTorch's and NumPy's files are. directory.ts finds the entries and holds their
// claims against the file; fflate, loaded when an archive is opened, unpacks them; check sums, which it passes over,
// are looked at here.

import { check, SpikegradError } from '../../errors';
import { storeOf } from '../byte-store';
import { crc32 } from '../crc32';
import { entryInWords, type ZipEntry, zipEntries } from './directory';

/** Bytes of an archive, and of all that is unpacked from it: 2 GiB. */
const MOST_BYTES = 2 ** 31;
const ARCHIVE = 'the zip archive';
type Inflate = typeof import('fflate/browser').inflateSync;

/**
 * Unpacks an archive, at most 65,535 entries and 2 GiB.
 * @returns the entries' bytes by name, in the order of the archive's directory; of those that are not packed views
 * @throws naming the entry, where it is not whole, differs from its check sum, claims more than the file can hold, or
 * stands there twice. (A sum of 0 is none: `torch.serialization.set_crc32_options(False)` writes that.)
 */
export async function unzip(where: string, bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  check(
    bytes.length <= MOST_BYTES,
    where,
    () => `the archive has ${bytes.length} bytes; at most ${MOST_BYTES} are read`,
  );
  const isFile = ({ name }: ZipEntry) => !name.endsWith('/');
  const entries = zipEntries(where, ARCHIVE, storeOf(bytes)).filter(isFile);
  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  check(
    unpacked <= MOST_BYTES,
    where,
    () => `${ARCHIVE} claims ${unpacked} bytes unpacked; at most ${MOST_BYTES} are read`,
  );
  // the build without Node's worker threads, which runs everywhere
  const { inflateSync } = await import('fflate/browser');
  const files = new Map<string, Uint8Array>();
  for (const { name, deflated, from, to, size, sum } of entries) {
    const of = entryInWords(name, ARCHIVE);
    check(!files.has(name), where, () => `${of} stands there twice`);
    const lying = bytes.subarray(from, to);
    const content = deflated ? inflated(where, of, lying, size, inflateSync) : lying;
    check(
      sum === 0 || crc32(content) === sum,
      where,
      () => `${of} is not what its check sum says; the file is damaged: fetch or save it anew`,
    );
    files.set(name, content);
  }
  return files;
}

function inflated(where: string, of: string, packed: Uint8Array, size: number, inflate: Inflate): Uint8Array {
  let content: Uint8Array;
  try {
    content = inflate(packed, { out: new Uint8Array(size + 1) }); // room to see that there is more
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SpikegradError(where, `${of} is damaged: ${why}`, { cause });
  }
  check(
    content.length === size,
    where,
    () => `${of} does not unpack to the ${size} bytes that it says; the file is damaged`,
  );
  return content;
}
