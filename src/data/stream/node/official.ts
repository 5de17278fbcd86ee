// The official files as data sets that are read record by record (Node only): CIFAR's binary version, and idx that is
// not packed.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { check } from '../../../errors';
import { CIFAR_SHAPE, CIFAR10, CIFAR100, type CifarFormat, interleave } from '../../cifar';
import { FASHION_CLASSES, MNIST_CLASSES } from '../../classes';
import { readIdxLabels } from '../../idx';
import type { OfficialName } from '../../layouts';
import { NORMALISATION } from '../../normalisation';
import { ReadWholeError, type StreamedDataset, streamedDataset } from '../dataset';
import { contentOfFiles } from './content';
import { RecordFiles } from './record-files';

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

async function streamCifar(
  { name, classes, labelBounds, mean, deviation }: CifarFormat,
  paths: readonly string[],
  memory: number,
): Promise<StreamedDataset> {
  const python = paths.find((path) => !path.endsWith('.bin'));
  if (python !== undefined)
    throw new ReadWholeError(
      WHERE,
      `${python} is of the Python version, which is read whole; \`spikegrad data download ${name}\` fetches the binary version, which need not be`,
    );
  const size = labelBounds.length + PIXELS;
  const files = await RecordFiles.of(WHERE, paths, 0, size);
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
        const begin = i * size + labelBounds.length;
        labels[i] = bytes[begin - 1]!;
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
  if (images.endsWith('.gz'))
    throw new ReadWholeError(
      WHERE,
      `${images} is packed and read whole; gunzip ${basename(images)} unpacks it, and it need not be`,
    );
  const file = await open(images);
  const head = new DataView(new ArrayBuffer(IDX_HEAD));
  await file.read(head, 0, IDX_HEAD, 0).finally(() => file.close());
  const [magic, count, height, width] = [0, 4, 8, 12].map((at) => head.getUint32(at)) as [
    number,
    number,
    number,
    number,
  ];
  check(
    magic === 0x803 && count * height * width > 0,
    WHERE,
    () => `${images} is no idx file of images: it begins with 0x${magic.toString(16)}`,
  );
  const files = await RecordFiles.of(WHERE, [images], IDX_HEAD, height * width);
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
