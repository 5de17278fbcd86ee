// MNIST's idx files, plain or gzipped (http://yann.lecun.com/exdb/mnist/). Big-endian headers:
//   images  magic 0x00000803, count, rows, columns, then count x rows x columns bytes
//   labels  magic 0x00000801, count, then count bytes
// Only these two kinds of idx: bytes in three dimensions and bytes in one. Offsets in messages are those of the
// decompressed data.

import { check, SpikegradError } from '../errors';
import { orForeign } from '../magic';
import { type OptionsOf, option, whole } from '../options';
import { type ByteReader, type ByteSource, GrowingBytes, withReader } from './bytes';
import { FASHION_CLASSES, MNIST_CLASSES } from './classes';
import { type Dataset, makeDataset, type ReadOptions, readOptions } from './dataset';
import { ungzip } from './gunzip';
import { NORMALISATION } from './normalisation';

const IMAGES = 0x803;
const LABELS = 0x801;

/** Claims above this are refused at the header: no engine is sure to hold more in one array. */
const MOST_BYTES = 2 ** 31;

/** What an idx file of images holds. */
export interface IdxImages {
  /** How many images the header promises; more than were read where a limit stopped the reading. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** [read, height, width], 0..255 */
  readonly pixels: Uint8Array;
}

/** What an idx file of labels holds. */
export interface IdxLabels {
  /** How many labels the header promises; more than were read where a limit stopped the reading. */
  readonly count: number;
  /** [read] */
  readonly labels: Uint8Array;
}

/**
 * Reads an idx file of images, gzipped or not. Memory grows with what arrives, never with what the header claims.
 * @throws SpikegradError where magic, sizes or length are wrong, the gzip data is damaged, or bytes follow
 */
export async function readIdxImages(source: ByteSource, options: ReadOptions = {}): Promise<IdxImages> {
  const where = 'readIdxImages';
  const { limit } = readOptions.read(where, options);
  return withReader(ungzip(source, where), where, async (reader) => {
    const [count, height, width] = await readHeader(reader, IMAGES, where);
    check(
      height > 0 && width > 0,
      where,
      `images have ${height} rows and ${width} columns in the header (byte offset 8)`,
    );
    const wanted = Math.min(count, limit ?? count);
    check(
      wanted * height * width <= MOST_BYTES,
      where,
      () =>
        `the header claims ${count} images of ${height}x${width} (byte offset 4), more than ${MOST_BYTES} bytes; ` +
        'is it damaged? With a limit only the first images are read',
    );
    const pixels = new GrowingBytes(where);
    for (let i = 0; i < wanted; i++) {
      const image = await reader.take(height * width);
      check(
        image.length === height * width,
        where,
        () =>
          `the input ends at byte ${reader.offset}, inside image ${i} of ${count}: ` +
          `${16 + count * height * width - reader.offset} bytes are missing`,
      );
      pixels.append(image);
    }
    if (wanted === count) await checkEnd(reader, `${count} images of ${height}x${width}`, where);
    return { count, height, width, pixels: pixels.finish() };
  });
}

/** How labels are read. */
export interface ReadLabelsOptions extends ReadOptions {
  /** Labels must be below it. Default 256, which allows any byte. */
  readonly classes?: number;
}

export const readLabelsOptions = /* @__PURE__ */ readOptions.with({
  classes: option(whole({ least: 1, most: 256 }), 256),
} satisfies OptionsOf<Pick<ReadLabelsOptions, 'classes'>>);

/**
 * Reads an idx file of labels, gzipped or not. Memory grows with what arrives, never with what the header claims.
 * @throws SpikegradError where magic, length or a label is wrong, the gzip data is damaged, or bytes follow
 */
export async function readIdxLabels(source: ByteSource, options: ReadLabelsOptions = {}): Promise<IdxLabels> {
  const where = 'readIdxLabels';
  const { limit, classes } = readLabelsOptions.read(where, options);
  return withReader(ungzip(source, where), where, async (reader) => {
    const [count] = await readHeader(reader, LABELS, where);
    const wanted = Math.min(count, limit ?? count);
    check(
      wanted <= MOST_BYTES,
      where,
      () => `the header claims ${count} labels (byte offset 4), more than ${MOST_BYTES}; is it damaged?`,
    );
    const labels = await reader.take(wanted);
    check(
      labels.length === wanted,
      where,
      () =>
        `the input ends at byte ${reader.offset}, after ${labels.length} of ${count} labels: ` +
        `${count - labels.length} bytes are missing`,
    );
    const stray = labels.findIndex((label) => label >= classes);
    check(
      stray < 0,
      where,
      () => `label ${labels[stray]} of record ${stray}, at byte offset ${8 + stray}, is not below ${classes}`,
    );
    const kept = labels.slice();
    if (wanted === count) await checkEnd(reader, `${count} labels`, where);
    return { count, labels: kept };
  });
}

/**
 * Reads MNIST, or any set of grey images in ten classes, from its file of images and its file of labels.
 * @throws SpikegradError where either file is wrong or they do not hold equally many records
 */
export async function readMnist(
  images: ByteSource,
  labels: ByteSource,
  options: ReadOptions = {},
): Promise<Dataset> {
  const { limit } = readOptions.read('readMnist', options);
  // Both are read to their end whatever becomes of the other, so that both sources get closed.
  const [pictures, digits] = await Promise.allSettled([
    readIdxImages(images, { limit }),
    readIdxLabels(labels, { limit, classes: MNIST_CLASSES.length }),
  ]);
  if (pictures.status === 'rejected') throw pictures.reason;
  if (digits.status === 'rejected') throw digits.reason;
  return mnistFrom(pictures.value, digits.value);
}

/**
 * Joins images and labels that were read on their own.
 * @throws SpikegradError where they do not hold equally many records, or none
 */
export function mnistFrom(
  images: IdxImages,
  labels: IdxLabels,
  name: 'mnist' | 'fashion-mnist' = 'mnist',
): Dataset {
  check(
    images.count === labels.count,
    'readMnist',
    () =>
      `the headers (byte offset 4) promise ${images.count} images but ${labels.count} labels; do the files belong together?`,
  );
  return makeDataset({
    name,
    classes: name === 'mnist' ? MNIST_CLASSES : FASHION_CLASSES,
    height: images.height,
    width: images.width,
    channels: 1,
    pixels: images.pixels,
    labels: labels.labels,
    ...NORMALISATION[name],
  });
}

/** Bytes behind the magic by which a file of another kind is known. */
const LOOKED_AT = 1000;

/** idx names its numbers: 8 for bytes. */
const TYPES = ['bytes', 'signed bytes', '', '16-bit numbers', '32-bit numbers', 'floats', 'doubles'];

function otherFile(magic: number): string {
  if (magic === LABELS) return 'a file of labels';
  if (magic === IMAGES) return 'a file of images';
  const [zeros, type, axes] = [magic >>> 16, TYPES[((magic >> 8) & 0xff) - 8], magic & 0xff];
  if (zeros !== 0 || !type || axes < 1 || axes > 4) return 'no idx file';
  return `an idx file of ${type} with ${axes} axes, where images are bytes with 3 and labels bytes with 1`;
}

/** The sizes after the magic: [count] for labels, [count, rows, columns] for images. */
async function readHeader(
  reader: ByteReader,
  magic: number,
  where: string,
): Promise<[number, number, number]> {
  const size = magic === IMAGES ? 16 : 8;
  const bytes = (await reader.take(4)).slice();
  const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;
  if (bytes.length === 4) {
    const found = uint32(bytes, 0);
    if (found !== magic) {
      const start = Uint8Array.of(...bytes, ...(await reader.take(LOOKED_AT)));
      throw new SpikegradError(
        where,
        `expects magic ${hex(magic)} at byte offset 0, got ${hex(found)}: this is ${otherFile(found)}${orForeign(start, 'idx')}`,
      );
    }
  }
  const sizes = await reader.take(size - 4);
  check(
    bytes.length + sizes.length === size,
    where,
    () => `the input ends at byte ${reader.offset}, inside the header of ${size} bytes`,
  );
  return [uint32(sizes, 0), magic === IMAGES ? uint32(sizes, 4) : 1, magic === IMAGES ? uint32(sizes, 8) : 1];
}

/** Reads once more, which also lets gzip verify its checksum. */
async function checkEnd(reader: ByteReader, content: string, where: string): Promise<void> {
  const end = reader.offset;
  const more = await reader.takeChunk();
  check(more.length === 0, where, () => `bytes follow after ${content}, from byte offset ${end} on`);
}

const uint32 = (bytes: Uint8Array, offset: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getUint32(0);
