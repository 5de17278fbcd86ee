// The official files as data sets that are read record by record (Node only): CIFAR's binary and Python versions, and
// idx, which is unpacked into a temporary file where it is packed.

import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { check } from '../../../errors';
import { withReader } from '../../bytes';
import { CIFAR_SHAPE, CIFAR10, CIFAR100, type CifarFormat, interleave } from '../../cifar';
import { readCifarPickle } from '../../cifar/python';
import { FASHION_CLASSES, MNIST_CLASSES } from '../../classes';
import { ungzip } from '../../gunzip';
import { readIdxLabels } from '../../idx';
import type { OfficialName } from '../../layouts';
import { kindAt } from '../../node/file-kind';
import { NORMALISATION } from '../../normalisation';
import { ReadWholeError, type StreamedDataset, streamedDataset } from '../dataset';
import { contentOfFiles } from './content';
import { type RecordFile, RecordFiles } from './record-files';
import { unpackedCopy } from './unpacked';

const WHERE = 'streamDataset';
const PIXELS = 3072;
const IDX_HEAD = 16;

/** @param paths of the split's files @param memory bytes */
export function streamOfficial(
  name: OfficialName,
  paths: readonly string[],
  memory: number,
): Promise<StreamedDataset> {
  if (name === 'cifar10') return streamCifar(CIFAR10, paths, memory);
  if (name === 'cifar100') return streamCifar(CIFAR100, paths, memory);
  return streamIdx(name, paths as [string, string], memory);
}

/** Where the records of CIFAR's files lie, and their labels where these do not stand in front of them. */
interface CifarPlaces {
  readonly files: RecordFiles;
  readonly labels?: Uint8Array;
}

/** A pickle has the pixels of all its records in one piece: once that is found, they are read where they lie. */
async function placesInPickles(name: 'cifar10' | 'cifar100', paths: readonly string[]): Promise<CifarPlaces> {
  const files: RecordFile[] = [];
  const labels: Uint8Array[] = [];
  for (const path of paths) {
    const bytes = await readFile(path);
    const records = await readCifarPickle(bytes, name, `${WHERE}: ${path}`);
    const start = bytes.indexOf(records.planes);
    if (start < 0)
      throw new ReadWholeError(
        WHERE,
        `${path} spells its pixels as text, as Python 3 does with protocol 2, and is read whole; as torchvision leaves it, or with protocol 4 or 5, it need not be`,
      );
    files.push({ path, start, records: records.labels.length });
    labels.push(records.labels);
  }
  return { files: new RecordFiles(files, PIXELS), labels: new Uint8Array(labels.flatMap((own) => [...own])) };
}

async function streamCifar(
  { name, classes, labelBounds, mean, deviation }: CifarFormat,
  paths: readonly string[],
  memory: number,
): Promise<StreamedDataset> {
  const size = labelBounds.length + PIXELS;
  const isPickled = paths.some((path) => !path.endsWith('.bin'));
  const { files, labels: known }: CifarPlaces = isPickled
    ? await placesInPickles(name, paths)
    : { files: await RecordFiles.of(WHERE, paths, 0, size) };
  const head = files.size - PIXELS;
  return streamedDataset({
    name,
    classes,
    shape: CIFAR_SHAPE,
    mean,
    deviation,
    parts: files.length,
    memory,
    content: contentOfFiles(paths),
    async read(records) {
      const bytes = await files.read(WHERE, records);
      const labels = new Uint8Array(records.length);
      const values = new Uint8Array(records.length * PIXELS);
      for (let i = 0; i < records.length; i++) {
        const begin = i * files.size + head;
        labels[i] = known === undefined ? bytes[begin - 1]! : known[records[i]!]!;
        interleave(bytes, begin, values.subarray(i * PIXELS, (i + 1) * PIXELS));
      }
      return { labels, values };
    },
  });
}

async function streamIdx(
  name: 'mnist' | 'fashion-mnist',
  [images, labelsPath]: readonly [string, string],
  memory: number,
): Promise<StreamedDataset> {
  const packed = kindAt(images) === 'gzip';
  const head = await idxHead(images);
  const { count, height, width } = head;
  const size = height * width;
  const path = packed
    ? await unpackedCopy(WHERE, { path: images, form: 'gzip', size: IDX_HEAD + count * size })
    : images;
  const files = await RecordFiles.of(WHERE, [path], IDX_HEAD, size);
  const { labels } = await readIdxLabels(createReadStream(labelsPath), { classes: 10 });
  check(
    files.length === count && labels.length === count,
    WHERE,
    () =>
      `${images} has ${files.length} images, its header says ${count}, and ${labelsPath} has ${labels.length} labels`,
  );
  return streamedDataset({
    name,
    classes: name === 'mnist' ? MNIST_CLASSES : FASHION_CLASSES,
    shape: [height, width, 1],
    ...NORMALISATION[name],
    parts: count,
    memory,
    content: contentOfFiles([images, labelsPath]),
    read: async (records) => ({
      labels: records.map((record) => labels[record]!),
      values: await files.read(WHERE, records),
    }),
  });
}

/** What stands in front of the images, packed or not. */
async function idxHead(path: string): Promise<{ count: number; height: number; width: number }> {
  const bytes = await withReader(ungzip(createReadStream(path), WHERE), WHERE, async (reader) =>
    (await reader.take(IDX_HEAD)).slice(),
  );
  const view = new DataView(bytes.buffer);
  const word = (at: number) => (at + 4 <= bytes.length ? view.getUint32(at) : 0);
  const [count, height, width] = [word(4), word(8), word(12)];
  check(
    word(0) === 0x803 && count * height * width > 0,
    WHERE,
    () => `${path} is no idx file of images: it begins with 0x${word(0).toString(16)}`,
  );
  return { count, height, width };
}
