// CIFAR-10 and CIFAR-100 in their official binary format (https://www.cs.toronto.edu/~kriz/cifar.html): a record is
// one label byte (CIFAR-100: coarse, then fine) and 3,072 pixel bytes in three planes, red, green, blue. There is no
// header, so a file may hold any number of records. A file of the pickled Python version is told by its first bytes
// and read by python.ts. No archives.

import { check } from '../../errors';
import { orForeign, type Wanted } from '../../magic';
import { type ByteReader, type ByteSource, GrowingBytes, withReader } from '../bytes';
import { CIFAR10_CLASSES, CIFAR100_CLASSES } from '../classes';
import { type Dataset, makeDataset, type ReadOptions, readOptions } from '../dataset';
import { NORMALISATION } from '../normalisation';
import { readCifarPickle } from './python';

const SIDE = 32;
const PLANE = SIDE * SIDE;
/** [H,W,C] of an image. */
export const CIFAR_SHAPE = [SIDE, SIDE, 3] as const;

/** One of the two binary formats. */
export interface CifarFormat extends Pick<Dataset, 'classes' | 'mean' | 'deviation'> {
  readonly name: Wanted & ('cifar10' | 'cifar100');
  /** How many values each label byte may take; the last label byte is the one that is kept. */
  readonly labelBounds: readonly number[];
}

export const CIFAR10: CifarFormat = {
  name: 'cifar10',
  classes: CIFAR10_CLASSES,
  labelBounds: [10],
  ...NORMALISATION.cifar10,
};

export const CIFAR100: CifarFormat = {
  name: 'cifar100',
  classes: CIFAR100_CLASSES,
  labelBounds: [20, 100],
  ...NORMALISATION.cifar100,
};

/**
 * Reads CIFAR-10: records of 3,073 bytes, or a file of the Python version. Images [n,32,32,3], 10 classes.
 * @throws SpikegradError where the input is empty, is no whole number of records or has a label above 9; and for a
 * pickle that is no file of CIFAR-10
 */
export function readCifar10(source: ByteSource, options: ReadOptions = {}): Promise<Dataset> {
  return readRecords(source, options, CIFAR10, 'readCifar10');
}

/**
 * Reads CIFAR-100: records of 3,074 bytes, or a file of the Python version. Images [n,32,32,3], the 100 fine classes.
 * @throws SpikegradError where the input is empty, is no whole number of records or has a label out of range; and for
 * a pickle that is no file of CIFAR-100
 */
export function readCifar100(source: ByteSource, options: ReadOptions = {}): Promise<Dataset> {
  return readRecords(source, options, CIFAR100, 'readCifar100');
}

async function readRecords(
  source: ByteSource,
  options: ReadOptions,
  format: CifarFormat,
  where: string,
): Promise<Dataset> {
  const { limit } = readOptions.read(where, options);
  const { labelBounds, name, classes, mean, deviation } = format;
  const labelBytes = labelBounds.length;
  const size = labelBytes + 3 * PLANE;
  const pixels = new GrowingBytes(where);
  const labels = new GrowingBytes(where);

  let first: Uint8Array = new Uint8Array(0);

  await withReader(source, where, async (reader) => {
    const head = (await reader.take(2)).slice();
    reader.putBack(head);
    if (isPickle(head)) {
      const all = await readCifarPickle(await restOf(reader, where), name, where);
      const count = Math.min(all.labels.length, limit ?? all.labels.length);
      labels.append(all.labels.subarray(0, count));
      for (let i = 0; i < count; i++) interleave(all.planes, 3 * PLANE * i, pixels.extend(3 * PLANE));
      return;
    }
    while (limit === undefined || labels.length < limit) {
      const start = reader.offset;
      const record = await reader.take(size);
      if (record.length === 0) break;
      if (start === 0) first = record.slice();
      const what = () => whatElse(first, start, record, name);
      check(
        record.length === size,
        where,
        () =>
          `the input ends at byte ${reader.offset}, which leaves ${record.length} bytes over after ${labels.length} whole records ` +
          `of ${size} bytes (the last of them ends at byte ${start}); is the file cut short, or not the binary version?${what()}`,
      );
      for (const [i, bound] of labelBounds.entries())
        check(
          record[i]! < bound,
          where,
          () =>
            `label byte ${record[i]} of record ${labels.length}, at byte offset ${start + i}, is not below ${bound}; ` +
            `is this the binary version of ${name}?${what()}`,
        );
      labels.append(record.subarray(labelBytes - 1, labelBytes));
      interleave(record, labelBytes, pixels.extend(3 * PLANE));
    }
  });
  check(labels.length > 0, where, 'the input is empty; expected at least one record');
  return makeDataset({
    name,
    classes,
    height: SIDE,
    width: SIDE,
    channels: 3,
    pixels: pixels.finish(),
    labels: labels.finish(),
    mean,
    deviation,
  });
}

/** Protocols 2 to 5; a record of CIFAR begins with a label below 100. */
const isPickle = ([mark, protocol]: Uint8Array) => mark === 0x80 && protocol! >= 2 && protocol! <= 5;

async function restOf(reader: ByteReader, where: string): Promise<Uint8Array> {
  const bytes = new GrowingBytes(where);
  for (let chunk = await reader.takeChunk(); chunk.length > 0; chunk = await reader.takeChunk())
    bytes.append(chunk);
  return bytes.finish();
}

/** What a file is that fails at its first or second record: that of the other CIFAR is known by both their labels. */
function whatElse(first: Uint8Array, start: number, record: Uint8Array, name: CifarFormat['name']): string {
  if (start > first.length) return '';
  const bytes = start === 0 ? record : Uint8Array.of(...first, ...record);
  return orForeign(bytes, name, { size: 3 * PLANE + (name === 'cifar10' ? 2 : 1) });
}

/** Three planes from `start` on, to channels last: out[3p + c] = record[start + 1024c + p]. */
export function interleave(record: Uint8Array, start: number, out: Uint8Array): void {
  for (let p = 0; p < PLANE; p++) {
    out[3 * p] = record[start + p]!;
    out[3 * p + 1] = record[start + PLANE + p]!;
    out[3 * p + 2] = record[start + 2 * PLANE + p]!;
  }
}
