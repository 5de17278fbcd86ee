// What lies in a zip archive, as PyTorch's and NumPy's files are. fflate, loaded when an archive is opened, unpacks it; it has no
// limits of its own, so what the directory of the archive claims is held against the file before anything is unpacked.

import { check, SpikegradError } from '../errors';

/** Entries of an archive. */
const MOST_ENTRIES = 65_535;
/** Bytes of an archive, and of all that is unpacked from it: 2 GiB. */
const MOST_BYTES = 2 ** 31;
/** deflate cannot do better. */
const BEST_RATIO = 1032;

const [STORED, DEFLATED] = [0, 8];

/**
 * Unpacks an archive, at most 65,535 entries and 2 GiB.
 * @param isWanted by its name; others are left packed and are not in the result
 * @returns the entries' bytes by name, in the order of the archive's directory
 * @throws naming the entry, where it is not whole, claims more than the file can hold, or stands there twice
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
  const sizes = new Map<string, number>();
  let [entries, packed, unpacked] = [0, 0, 0];
  const files = attempt(where, () =>
    unzipSync(bytes, {
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
          !sizes.has(name) && name !== '__proto__',
          where,
          `${of} stands there twice or has no name for a file`,
        );
        sizes.set(name, originalSize);
        return true;
      },
    }),
  );
  return new Map(
    [...sizes].map(([name, size]) => {
      const content = files[name];
      check(
        content !== undefined && content.length === size,
        where,
        () => `entry ${nameInWords(name)} of the archive is cut off; the file is damaged`,
      );
      return [name, content];
    }),
  );
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
