// The directory of a zip archive: which entries there are, how each is packed, and where its bytes lie. What it claims
// is held against the archive, and nothing is unpacked. Format: APPNOTE.TXT of PKWARE, 4.3.7 to 4.3.16, 4.4.4, 4.5.3.

import { check } from '../../errors';
import type { ByteStore } from '../byte-store';

/** An entry, packed or not. */
export interface ZipEntry {
  readonly name: string;
  /** Whether deflate has packed it; else its bytes stand there as they are. */
  readonly deflated: boolean;
  /** Its bytes in the archive. */
  readonly from: number;
  readonly to: number;
  /** Bytes unpacked. */
  readonly size: number;
  /** CRC-32 of these, 0 for none. */
  readonly sum: number;
}

const MOST_ENTRIES = 65_535;
const MOST_DIRECTORY = 2 ** 24;
/** deflate cannot do better. */
const BEST_RATIO = 1032;
const [STORED, DEFLATED] = [0, 8];

/** By which the records begin: of the archive's end, where the long form of that lies, that form, entries. */
const MARKS = {
  end: 0x0605_4b50,
  place: 0x0706_4b50,
  longEnd: 0x0606_4b50,
  entry: 0x0201_4b50,
  own: 0x0403_4b50,
};
/** Bytes of these records, without texts. */
const SIZES = { end: 22, place: 20, longEnd: 56, entry: 46, own: 30 };
const MOST_COMMENT = 2 ** 16 - 1;
/** A size or place that stands in 64 bits elsewhere. */
const LONG = 0xffff_ffff;
const FLAGS = { encrypted: 1, utf8: 0x800 };

/**
 * The entries in the order of the directory, folders among them.
 * @param what the archive, for messages: a path
 * @throws where it is damaged, claims more than it can hold, or an entry is packed in a way that is not read
 */
export function zipEntries(where: string, what: string, store: ByteStore): ZipEntry[] {
  const archive: OpenArchive = { where, what, store };
  const { count, bytes, at } = directoryPlace(archive);
  check(
    count <= MOST_ENTRIES && bytes <= MOST_DIRECTORY,
    where,
    () =>
      `${what} claims ${count} entries in ${bytes} bytes; at most ${MOST_ENTRIES} in ${MOST_DIRECTORY} are read`,
  );
  const directory = viewOf(archive, at, bytes);
  const entries: ZipEntry[] = [];
  let taken = 0;
  for (let entry = 0; entries.length < count; ) {
    check(
      entry + SIZES.entry <= bytes && directory.getUint32(entry, true) === MARKS.entry,
      where,
      () => `${what} is damaged: its directory ends after ${entries.length} of ${count} entries`,
    );
    const claim = claimAt(directory, entry);
    check(claim.end <= bytes, where, () => `${what} is damaged: an entry reaches out of its directory`);
    taken += claim.packed;
    entries.push(entryOf(archive, claim, taken));
    entry = claim.end;
  }
  return entries;
}

interface OpenArchive {
  readonly where: string;
  readonly what: string;
  readonly store: ByteStore;
}

/** Some bytes. @throws where they are not all there */
function viewOf({ where, what, store }: OpenArchive, from: number, count: number): DataView {
  check(
    from >= 0 && from + count <= store.length,
    where,
    () =>
      `${what} is damaged or cut off: it has ${store.length} bytes, and its directory points to byte ${from + count}`,
  );
  const { buffer, byteOffset } = store.read(from, count);
  return new DataView(buffer, byteOffset, count);
}

function directoryPlace(archive: OpenArchive): { count: number; bytes: number; at: number } {
  const { where, what, store } = archive;
  const start = Math.max(0, store.length - SIZES.end - MOST_COMMENT - SIZES.place);
  const tail = viewOf(archive, start, store.length - start);
  const first = Math.max(0, tail.byteLength - SIZES.end - MOST_COMMENT);
  let end = tail.byteLength - SIZES.end;
  while (end >= first && tail.getUint32(end, true) !== MARKS.end) end--;
  check(end >= first, where, () => `${what} is damaged or cut off: it has no directory at its end`);
  const place = end - SIZES.place;
  if (place >= 0 && tail.getUint32(place, true) === MARKS.place) {
    const long = viewOf(archive, Number(tail.getBigUint64(place + 8, true)), SIZES.longEnd);
    const [count, bytes, at] = [32, 40, 48].map((from) => Number(long.getBigUint64(from, true)));
    if (long.getUint32(0, true) === MARKS.longEnd) return { count: count!, bytes: bytes!, at: at! };
  }
  const word = (from: number) => tail.getUint32(end + from, true);
  return { count: tail.getUint16(end + 10, true), bytes: word(12), at: word(16) };
}

/** What the directory says of an entry; `end` is that of its record. */
interface EntryClaim {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly sum: number;
  readonly size: number;
  readonly packed: number;
  readonly head: number;
  readonly end: number;
}

/** Places and sizes of more than 4 GiB stand in the extra field with the id 1. */
function claimAt(directory: DataView, entry: number): EntryClaim {
  const short = (from: number) => directory.getUint16(entry + from, true);
  const word = (from: number) => directory.getUint32(entry + from, true);
  const names = entry + SIZES.entry;
  const extra = names + short(28);
  const extraEnd = Math.min(extra + short(30), directory.byteLength);
  const numbers: [size: number, packed: number, head: number] = [word(24), word(20), word(42)];
  for (let field = extra; field + 4 <= extraEnd; field += 4 + directory.getUint16(field + 2, true)) {
    if (directory.getUint16(field, true) !== 1) continue;
    let at = field + 4;
    for (const [i, number] of numbers.entries()) {
      if (number !== LONG || at + 8 > extraEnd) continue;
      numbers[i] = Number(directory.getBigUint64(at, true));
      at += 8;
    }
  }
  const [size, packed, head] = numbers;
  const letters = new Uint8Array(directory.buffer, directory.byteOffset + names).subarray(0, short(28));
  const name = new TextDecoder(short(8) & FLAGS.utf8 ? 'utf-8' : 'latin1').decode(letters);
  const end = extra + short(30) + short(32);
  return { name, flags: short(8), method: short(10), sum: word(16), size, packed, head, end };
}

/** Fit for a message, however long. */
export const entryInWords = (name: string, what: string): string =>
  `entry ${JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)} of ${what}`;

/** @param taken bytes of this and all entries before it */
function entryOf(archive: OpenArchive, claim: EntryClaim, taken: number): ZipEntry {
  const { where, what, store } = archive;
  const { name, flags, method, sum, size, packed, head } = claim;
  const of = entryInWords(name, what);
  check(
    method === STORED || method === DEFLATED,
    where,
    () =>
      `${of} is packed by method ${method}; stored and deflated ones are read: save it anew, without another`,
  );
  check((flags & FLAGS.encrypted) === 0, where, () => `${of} is encrypted; save it anew, without a password`);
  check(
    taken <= store.length,
    where,
    () => `${of} ends outside the file or overlaps another; the file is cut off or damaged`,
  );
  check(
    method === STORED ? size === packed : size <= BEST_RATIO * packed,
    where,
    () => `${of} claims ${size} bytes, packed in ${packed}: none is so packed`,
  );
  const own = viewOf(archive, head, SIZES.own);
  const from = head + SIZES.own + own.getUint16(26, true) + own.getUint16(28, true);
  check(
    own.getUint32(0, true) === MARKS.own && from + packed <= store.length,
    where,
    () => `${of} does not lie where its directory says; the file is cut off or damaged`,
  );
  return { name, deflated: method === DEFLATED, from, to: from + packed, size, sum };
}
