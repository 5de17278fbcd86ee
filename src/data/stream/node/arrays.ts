// Images and labels in one .npz as a data set that is read record by record (Node only). Arrays that are not packed are
// read where they lie; those of numpy.savez_compressed are unpacked into a temporary file first.

import { open } from 'node:fs/promises';
import { check } from '../../../errors';
import { ownBytes } from '../../../formats/byte-order';
import { SAFETENSORS_DTYPES } from '../../../formats/dtypes';
import type { NpyArray } from '../../../formats/numpy';
import { type NpyHeader, readNpyHeader } from '../../../formats/numpy/header';
import { arrayOf } from '../../../formats/numpy/npy';
import { type ZipEntry, zipEntries } from '../../../formats/zip/directory';
import {
  arraysInWords,
  arraysOfSplit,
  bytesOf,
  channelsLast,
  classNumbers,
  imageLayout,
  largestOf,
  setOfArrays,
  unitFor,
} from '../../image-arrays';
import { openStore } from '../../node/file-store';
import { partOfSplit } from '../../parts';
import type { PictureSet } from '../../picture/list';
import { ReadWholeError, type StreamedDataset, streamedDataset } from '../dataset';
import { contentOfFiles } from './content';
import { RecordFiles } from './record-files';
import { unpackedCopy } from './unpacked';

const WHERE = 'streamDataset';
/** A header of NumPy's is shorter. */
const MOST_HEADER = 10_012;
const MOST_LABELS = 2 ** 28;

/** An array that lies in a file: what stands before its numbers, and where they begin. */
interface LyingArray {
  readonly path: string;
  readonly start: number;
  readonly header: NpyHeader;
}

async function bytesAt(path: string, from: number, count: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(count);
    const { bytesRead } = await file.read(bytes, 0, count, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function entriesIn(path: string): ZipEntry[] {
  const store = openStore(path);
  try {
    return zipEntries(WHERE, path, store);
  } finally {
    store.close();
  }
}

/** Where an entry's bytes lie unpacked. */
async function unpacked(
  path: string,
  entry: ZipEntry,
): Promise<{ readonly path: string; readonly from: number }> {
  const { deflated, from, to, size, sum } = entry;
  if (!deflated) return { path, from };
  return { path: await unpackedCopy(WHERE, { path, form: 'deflate', from, to, size, sum }), from: 0 };
}

async function lying(archive: string, entry: ZipEntry): Promise<LyingArray> {
  const { path, from } = await unpacked(archive, entry);
  const header = readNpyHeader(WHERE, await bytesAt(path, from, Math.min(entry.size, MOST_HEADER)));
  const bytes = header.shape.reduce((product, axis) => product * axis, header.size);
  if (header.fortran)
    throw new ReadWholeError(
      WHERE,
      `${entry.name} in ${archive} has its first axis fastest and is read whole: loadDataset reads it; saved as numpy.ascontiguousarray of itself it need not be`,
    );
  check(
    bytes === entry.size - header.start,
    WHERE,
    () =>
      `${entry.name} in ${archive} is [${header.shape.slice(0, 8)}] and has ${entry.size - header.start} bytes; it is cut off or damaged`,
  );
  return { path, start: from + header.start, header };
}

/** @param name of the set that the file is called after @param memory bytes */
export async function streamArrays(
  path: string,
  split: 'train' | 'test',
  name: PictureSet,
  memory: number,
): Promise<StreamedDataset> {
  const entries = new Map(
    entriesIn(path)
      .filter((entry) => entry.name.endsWith('.npy'))
      .map((entry) => [entry.name.slice(0, -'.npy'.length), entry]),
  );
  const inWords = () => arraysInWords([...entries].map(([key, { size }]) => [key, { shape: [size] }]));
  const { pair, pairs, both } = arraysOfSplit(
    new Set(entries.keys()),
    split,
    () => `arrays of so many bytes, ${inWords()}`,
  );
  const images = await lying(path, entries.get(pair[0])!);
  const { dtype } = images.header;
  const isText = dtype === 'U' || dtype === 'S';
  const layout = imageLayout(
    { shape: images.header.shape, dtype: isText ? 'text' : dtype } as never,
    pair[0],
  );
  const { length, height, width, channels, planes } = layout;
  // how many classes there are, and how large 1 is, is the same for both splits
  const allLabels = await Promise.all(
    pairs.map(async ([, of]) => {
      const array = await labelsIn(path, of, entries.get(of)!);
      return classNumbers(array, of === pair[1] ? length : (array.shape[0] ?? 0), of);
    }),
  );
  const labels = allLabels[pairs.indexOf(pair)]!;
  const files = recordsOf(images);
  const unit = await unitOfSet(
    [pair, ...pairs.filter((other) => other !== pair)].map(([of]) => ({
      name: of,
      lies: () => (of === pair[0] ? Promise.resolve(images) : lying(path, entries.get(of)!)),
    })),
  );
  const all = streamedDataset({
    ...setOfArrays(name, allLabels, layout),
    shape: [height, width, channels],
    parts: length,
    memory,
    content: contentOfFiles([path]),
    async read(records) {
      const bytes = await files.read(WHERE, records);
      const pixels = dtype === 'U8' ? bytes : bytesOf(numbersOf(images, bytes), unit);
      return {
        labels: records.map((record) => labels[record]!),
        values: planes ? channelsLast(pixels, channels, height * width) : pixels,
      };
    },
  });
  return both ? all : partOfSplit(all, split);
}

/** Bytes that are looked through at once. */
const LOOK = 2 ** 22;

/** What the numbers of a set are to be multiplied by: floats from 0 to 1 by 255, unless its other split has larger. */
async function unitOfSet(
  arrays: readonly { readonly name: string; readonly lies: () => Promise<LyingArray> }[],
): Promise<number> {
  for (const { name, lies } of arrays) {
    const array = await lies();
    const { dtype } = array.header;
    if (dtype === 'BOOL') return 255;
    if (dtype === 'U8' || unitFor(await largestIn(array, name), /^F/.test(dtype)) === 1) return 1;
  }
  return 255;
}

/** The largest number: all are looked through once. @throws for one that is no pixel */
async function largestIn(array: LyingArray, name: string): Promise<number> {
  const files = recordsOf(array);
  const step = Math.max(1, Math.floor(LOOK / files.size));
  let most = 0;
  for (let from = 0; from < files.length; from += step) {
    const count = Math.min(step, files.length - from);
    const bytes = await files.read(
      WHERE,
      Array.from({ length: count }, (_, i) => from + i),
    );
    const numbers = numbersOf(array, bytes);
    most = Math.max(most, largestOf(numbers, name, (from * numbers.length) / count));
  }
  return most;
}

function recordsOf({ path, start, header }: LyingArray): RecordFiles {
  const [records = 0, ...record] = header.shape;
  return new RecordFiles(
    [{ path, start, records }],
    record.reduce((product, axis) => product * axis, header.size),
  );
}

function numbersOf({ header }: LyingArray, bytes: Uint8Array): ArrayLike<number | bigint> {
  const dtype = header.dtype as Exclude<NpyHeader['dtype'], 'U' | 'S'>;
  return SAFETENSORS_DTYPES[dtype].decode(ownBytes(bytes, header)) as ArrayLike<number | bigint>;
}

async function labelsIn(archive: string, name: string, entry: ZipEntry): Promise<NpyArray> {
  check(
    entry.size <= MOST_LABELS,
    WHERE,
    () => `${name} in ${archive} has ${entry.size} bytes; labels of at most ${MOST_LABELS} are read`,
  );
  const { path, from } = await unpacked(archive, entry);
  return arrayOf(`${WHERE}, array "${name}"`, await bytesAt(path, from, entry.size));
}
