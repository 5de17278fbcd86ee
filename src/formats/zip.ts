// What lies in a zip archive, as PyTorch's and NumPy's files are. fflate, loaded when an archive is opened, unpacks
// it; it has no limits of its own, so what the directory of the archive claims is held against the file before
// anything is unpacked; nor does it look at the check sums there, which is done here.

import { check, SpikegradError } from '../errors';
import { crc32 } from './crc32';

/** Entries of an archive. */
const MOST_ENTRIES = 65_535;
/** Bytes of an archive, and of all that is unpacked from it: 2 GiB. */
const MOST_BYTES = 2 ** 31;
/** deflate cannot do better. */
const BEST_RATIO = 1032;

/** Bytes of the record that ends an archive, and most of the comment behind it. */
const END = 22;
const MOST_COMMENT = 2 ** 16 - 1;
/** So many bytes at an archive's end hold that record. */
export const LONGEST_END = END + MOST_COMMENT;

/** Where the record that ends an archive begins; -1 where there is none. @param view reaches to the archive's end */
export function endOfDirectory(view: DataView): number {
  const first = Math.max(0, view.byteLength - LONGEST_END);
  let end = view.byteLength - END;
  while (end >= first && view.getUint32(end, true) !== 0x0605_4b50) end--;
  return end >= first ? end : -1;
}

const [STORED, DEFLATED] = [0, 8];

/**
 * Unpacks an archive, at most 65,535 entries and 2 GiB.
 * @param isWanted by its name; others are left packed and are not in the result
 * @returns the entries' bytes by name, in the order of the archive's directory
 * @throws naming the entry, where it is not whole, differs from its check sum, claims more than the file can hold, or
 * stands there twice. (A sum of 0 is none: `torch.serialization.set_crc32_options(False)` writes that.)
 */
export async function unzip(
  where: string,
  bytes: Uint8Array,
  isWanted: (name: string) => boolean = () => true,
): Promise<Map<string, Uint8Array>> {
  check(
    bytes.length <= MOST_BYTES,
    where,
    () => `the archive has ${bytes.length} bytes; at most ${MOST_BYTES} are read`,
  );
  // the build without Node's worker threads, which runs everywhere
  const { unzipSync } = await import('fflate/browser');
  const wanted = new Map<string, { size: number; sum: number }>();
  let [entries, packed, unpacked] = [0, 0, 0];
  const files = attempt(where, () => {
    const sums = sumsOf(where, bytes);
    return unzipSync(bytes, {
      filter({ name, size, originalSize, compression }) {
        const of = `entry ${nameInWords(name)} of the archive`;
        check(++entries <= MOST_ENTRIES, where, `the archive has more than ${MOST_ENTRIES} entries`);
        packed += size;
        unpacked += originalSize;
        check(
          packed <= bytes.length,
          where,
          () => `${of} ends outside the file or overlaps another; the file is cut off or damaged`,
        );
        check(
          unpacked <= MOST_BYTES && originalSize <= (compression === STORED ? size : BEST_RATIO * size),
          where,
          () =>
            `${of} claims ${originalSize} bytes, packed in ${size}; at most ${MOST_BYTES} are read, and none so packed`,
        );
        if (name.endsWith('/') || !isWanted(name)) return false;
        check(
          compression === STORED || compression === DEFLATED,
          where,
          () =>
            `${of} is packed by method ${compression}; stored and deflated ones are read: save it anew, without another`,
        );
        check(
          !wanted.has(name) && name !== '__proto__',
          where,
          `${of} stands there twice or has no name for a file`,
        );
        wanted.set(name, { size: originalSize, sum: sums[entries - 1] ?? 0 });
        return true;
      },
    });
  });
  return new Map(
    [...wanted].map(([name, { size, sum }]) => {
      const content = files[name];
      check(
        content !== undefined && content.length === size,
        where,
        () => `entry ${nameInWords(name)} of the archive is cut off; the file is damaged`,
      );
      check(
        sum === 0 || crc32(content) === sum,
        where,
        () =>
          `entry ${nameInWords(name)} of the archive is not what its check sum says; the file is damaged: fetch or save it anew`,
      );
      return [name, content];
    }),
  );
}

/**
 * The check sums in the archive's directory, in its order. Format: APPNOTE.TXT of PKWARE, 4.3.12 to 4.3.16.
 * @throws RangeError where it reaches beyond the file
 */
function sumsOf(where: string, bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) => view.getUint32(at, true);
  const end = endOfDirectory(view);
  check(end >= 0, where, 'the zip archive is damaged or cut off: it has no directory at its end');
  let [count, at] = [view.getUint16(end + 8, true), word(end + 16)];
  const isLong = end >= 20 && word(end - 20) === 0x0706_4b50 && word(word(end - 12)) === 0x0606_4b50;
  if (isLong) [count, at] = [word(word(end - 12) + 32), word(word(end - 12) + 48)];
  const sums: number[] = [];
  for (; sums.length < count; sums.push(word(at + 16)), at = next(at));
  return sums;

  function next(entry: number): number {
    const lengths = [28, 30, 32].map((from) => view.getUint16(entry + from, true));
    return entry + 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
}

/** fflate's complaints, and those of arrays that are read beyond their ends, as what they are. */
function attempt<T>(where: string, unpack: () => T): T {
  try {
    return unpack();
  } catch (cause) {
    if (cause instanceof SpikegradError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SpikegradError(where, `the zip archive is damaged or cut off: ${why}`, { cause });
  }
}

/** Fit for a message, however long. */
function nameInWords(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
