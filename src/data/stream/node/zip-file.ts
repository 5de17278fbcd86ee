// Where the entries of a zip archive lie in its file (Node only), so that an archive larger than memory can be read in
// parts. Format: APPNOTE.TXT of PKWARE, 4.3 and 4.5.3. formats/zip.ts reads archives that are in memory.

import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { check } from '../../../errors';
import { endOfDirectory, LONGEST_END } from '../../../formats/zip';

/** An entry, packed or not. */
export interface ZipEntry {
  readonly name: string;
  /** Whether deflate has packed it; else its bytes stand there as they are. */
  readonly deflated: boolean;
  /** Its bytes in the file. */
  readonly from: number;
  readonly to: number;
  /** Bytes unpacked. */
  readonly size: number;
  /** CRC-32, 0 for none. */
  readonly sum: number;
}

const MOST_DIRECTORY = 2 ** 24;
/** A size or place that stands in 64 bits elsewhere. */
const LONG = 0xffff_ffff;
const [STORED, DEFLATED] = [0, 8];

/** @throws naming the file where it is damaged, or packed in a way that is not read */
export async function zipEntries(where: string, path: string): Promise<ZipEntry[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const told = (bytes: number, from: number) => viewOf(where, path, file, from, bytes, size);
    const tail = await told(Math.min(size, LONGEST_END), Math.max(0, size - LONGEST_END));
    const end = endOfDirectory(tail);
    check(end >= 0, where, () => `${path} is damaged or cut off: it has no directory at its end`);
    let [count, bytes, at] = [
      tail.getUint16(end + 10, true),
      tail.getUint32(end + 12, true),
      tail.getUint32(end + 16, true),
    ];
    if (end >= 20 && tail.getUint32(end - 20, true) === 0x0706_4b50) {
      const long = await told(56, Number(tail.getBigUint64(end - 12, true)));
      [count, bytes, at] = [32, 40, 48].map((from) => Number(long.getBigUint64(from, true))) as [
        number,
        number,
        number,
      ];
    }
    check(
      bytes <= MOST_DIRECTORY,
      where,
      () => `${path} has a directory of ${bytes} bytes; at most ${MOST_DIRECTORY} are read`,
    );
    const directory = await told(bytes, at);
    const entries: ZipEntry[] = [];
    for (let entry = 0; entries.length < count; ) {
      check(
        entry + 46 <= bytes && directory.getUint32(entry, true) === 0x0201_4b50,
        where,
        () => `${path} is damaged: its directory ends after ${entries.length} of ${count} entries`,
      );
      const lengths = [28, 30, 32].map((from) => directory.getUint16(entry + from, true)) as [
        number,
        number,
        number,
      ];
      const next = entry + 46 + lengths[0] + lengths[1] + lengths[2];
      check(next <= bytes, where, () => `${path} is damaged: an entry reaches out of its directory`);
      const { name, method, packed, unpacked, head, sum } = entryAt(directory, entry, lengths);
      check(
        method === STORED || method === DEFLATED,
        where,
        () => `${name} in ${path} is packed by method ${method}; stored and deflated ones are read`,
      );
      const own = await told(30, head);
      const from = head + 30 + own.getUint16(26, true) + own.getUint16(28, true);
      check(
        own.getUint32(0, true) === 0x0403_4b50 &&
          from + packed <= size &&
          (method !== STORED || packed === unpacked),
        where,
        () => `${path} is damaged or cut off: ${name} does not lie where its directory says`,
      );
      entries.push({ name, deflated: method === DEFLATED, from, to: from + packed, size: unpacked, sum });
      entry = next;
    }
    return entries;
  } finally {
    await file.close();
  }
}

/** Some bytes of a file. @throws where they are not all there */
async function viewOf(
  where: string,
  path: string,
  file: FileHandle,
  from: number,
  bytes: number,
  size: number,
): Promise<DataView<ArrayBuffer>> {
  check(
    from >= 0 && from + bytes <= size,
    where,
    () =>
      `${path} is damaged or cut off: it has ${size} bytes, and its directory points to byte ${from + bytes}`,
  );
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes > 0) await file.read(view, 0, bytes, from);
  return view;
}

/** What the directory says of an entry; places and sizes of more than 4 GiB stand in the extra field with the id 1. */
function entryAt(directory: DataView<ArrayBuffer>, entry: number, [name, extra]: readonly number[]) {
  const word = (from: number) => directory.getUint32(entry + from, true);
  const sizes: [unpacked: number, packed: number, head: number] = [word(24), word(20), word(42)];
  const end = entry + 46 + name! + extra!;
  for (let field = entry + 46 + name!; field + 4 <= end; field += 4 + directory.getUint16(field + 2, true)) {
    if (directory.getUint16(field, true) !== 1) continue;
    let at = field + 4;
    for (const [i, short] of sizes.entries()) {
      if (short !== LONG || at + 8 > end) continue;
      sizes[i] = Number(directory.getBigUint64(at, true));
      at += 8;
    }
  }
  return {
    name: new TextDecoder().decode(new Uint8Array(directory.buffer, entry + 46, name)),
    method: directory.getUint16(entry + 10, true),
    sum: word(16),
    unpacked: sizes[0],
    packed: sizes[1],
    head: sizes[2],
  };
}
