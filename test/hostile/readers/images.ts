// Readers of images: data sets as their authors and others keep them, and pictures.

import { readCifar10, readCifar100 } from '../../../src/data/cifar';
import type { Dataset } from '../../../src/data/dataset';
import { readIdxImages, readIdxLabels } from '../../../src/data/idx';
import { readImageArrays, readParquetImages } from '../../../src/data/images';
import { decodePicture } from '../../../src/data/picture';
import { crc32 } from '../../../src/formats/crc32';
import { cifarBytes, idxImages, idxLabels, randomBytes } from '../../data/sources';
import type { Reader } from '../attack';
import { fixture, gz } from './files';

const heldBy = ({ pixels, labels }: Dataset) => pixels.byteLength + labels.byteLength;
const images = idxImages(5, 3, 4, randomBytes(60, 1));
const labels = idxLabels(5, Uint8Array.of(1, 2, 3, 4, 9));

/** Bytes of the colours. */
async function decoded(bytes: Uint8Array): Promise<number> {
  const { height, width, pixel } = await decodePicture('decodePicture', bytes, 'the picture');
  if (height * width > 0) pixel(height * width - 1);
  return 4 * height * width;
}

/** A PNG whose chunks have the check sums of what they hold now, so that damage gets past them. */
function withSums(png: Uint8Array): Uint8Array {
  const bytes = png.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
    at = end + 4;
  }
  return bytes;
}

export const imageReaders: readonly Reader[] = [
  {
    name: 'CIFAR-10',
    files: [cifarBytes([[1], [9]])],
    read: async (source) => heldBy(await readCifar10(source)),
    place: /byte|empty/,
    most: (length) => length,
  },
  {
    name: 'CIFAR-100',
    files: [cifarBytes([[1, 99]])],
    read: async (source) => heldBy(await readCifar100(source)),
    place: /byte|empty/,
    most: (length) => length,
  },
  {
    name: "CIFAR's pickles",
    files: [fixture('cifar10-python2'), fixture('cifar10-protocol-4')],
    read: async (source) => heldBy(await readCifar10(source)),
    place: /pickle|byte|empty/,
    most: (length) => length,
  },
  {
    name: 'idx images',
    files: [images, gz(images)],
    read: async (source) => (await readIdxImages(source)).pixels.byteLength,
    place: /byte/,
    most: (length) => 1100 * length,
  },
  {
    name: 'idx labels',
    files: [labels, gz(labels)],
    read: async (source) => (await readIdxLabels(source, { classes: 10 })).labels.byteLength,
    place: /byte/,
    most: (length) => 1100 * length,
  },
  {
    name: 'Parquet tables',
    files: ['snappy', 'zstd'].map((packing) => fixture(`parquet/${packing}/train-00000-of-00001.parquet`)),
    read: async ({ bytes }) => heldBy(await readParquetImages(bytes)),
    place: /table|picture|Zstandard|row/,
    most: (length) => 1100 * length,
  },
  {
    name: 'images in .npz',
    files: [fixture('keras.npz'), fixture('first-channels.npz')],
    read: async ({ bytes }) => heldBy(await readImageArrays(bytes)),
    place: /archive|array|record|entry|byte/,
    most: (length) => 1100 * length,
  },
  {
    name: 'PNG pictures',
    files: ['colours', 'palette', 'deep', 'opacity'].map((name) => fixture(`png/${name}.png`)),
    read: async ({ bytes }) => decoded(withSums(bytes)),
    place: /picture/,
    most: (length) => 8 * 1032 * length,
  },
  {
    name: 'JPEG pictures',
    files: ['plain', 'progressive', 'grey', 'cmyk'].map((name) => fixture(`jpeg/${name}.jpg`)),
    read: async ({ bytes }) => decoded(bytes),
    place: /picture/,
    most: (length) => 8 * 512 * length,
  },
];
