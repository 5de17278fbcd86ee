// Images and labels as NumPy's arrays in one .npz: under the names that people give them, in bytes or in floats from
// 0 to 1, with channels first or last, for both splits or for one that is shared out.

import { check, SpikegradError } from '../errors';
import { type NpyArray, readNpz } from '../formats/numpy';
import { type ByteSource, readAll } from './bytes';
import { CIFAR10_CLASSES, CIFAR100_CLASSES, FASHION_CLASSES, MNIST_CLASSES } from './classes';
import { type Dataset, makeDataset } from './dataset';
import type { ImageArraysOptions } from './images';
import { partOfSplit, take } from './parts';
import { normalisationOf, type PictureSet } from './picture/list';

const WHERE = 'readImageArrays';
/** Names of images and labels: of the training images, of the test images, of the only ones. */
const PAIRS = {
  train: [
    ['x_train', 'y_train'],
    ['X_train', 'y_train'],
    ['train_images', 'train_labels'],
    ['arr_0', 'arr_1'],
  ],
  test: [
    ['x_test', 'y_test'],
    ['X_test', 'y_test'],
    ['test_images', 'test_labels'],
    ['arr_2', 'arr_3'],
  ],
  only: [
    ['images', 'labels'],
    ['x', 'y'],
    ['X', 'y'],
    ['data', 'labels'],
    ['data', 'target'],
    ['arr_0', 'arr_1'],
  ],
} as const;

const CLASSES: Partial<Record<PictureSet, readonly string[]>> = {
  cifar10: CIFAR10_CLASSES,
  cifar100: CIFAR100_CLASSES,
  mnist: MNIST_CLASSES,
  'fashion-mnist': FASHION_CLASSES,
};

/** Which of an archive's arrays are a split. */
export interface ArraysOfSplit {
  /** Names of images and labels. */
  readonly pair: readonly [string, string];
  /** Whether the other split has arrays of its own; else this is a share of all. */
  readonly both: boolean;
  /** Those of the whole set. */
  readonly pairs: readonly (readonly [string, string])[];
}

/**
 * @param names of the archive's arrays
 * @param held what it holds, in words
 * @throws where none are images with labels
 */
export function arraysOfSplit(
  names: ReadonlySet<string>,
  split: 'train' | 'test',
  held: () => string,
): ArraysOfSplit {
  const pairIn = (pairs: readonly (readonly [string, string])[]) =>
    pairs.find((pair) => pair.every((name) => names.has(name)));
  const both = pairIn(PAIRS.train) !== undefined && pairIn(PAIRS.test) !== undefined;
  const pair = pairIn(both ? PAIRS[split] : PAIRS.only) ?? pairIn(PAIRS.train);
  check(
    pair !== undefined,
    WHERE,
    () =>
      `the archive holds ${held() || 'nothing'}; images and labels are looked for as x_train and y_train, train_images and train_labels, images and labels, arr_0 and arr_1`,
  );
  return { pair: pair!, both, pairs: both ? [pairIn(PAIRS.train)!, pairIn(PAIRS.test)!] : [pair!] };
}

/** `x_train [60000,28,28]` of some arrays. */
export const arraysInWords = (arrays: Iterable<readonly [string, { readonly shape: readonly number[] }]>) =>
  [...arrays]
    .slice(0, 8)
    .map(([key, { shape }]) => `${key.slice(0, 40)} [${shape.slice(0, 8)}]`)
    .join(', ');

/** @param options as they were checked */
export async function imagesOfArrays(
  source: ByteSource,
  { split, name, limit }: ImageArraysOptions & Required<Pick<ImageArraysOptions, 'split' | 'name'>>,
): Promise<Dataset> {
  const arrays = await readNpz(await readAll(source, WHERE)).catch((error: unknown) => {
    throw error instanceof SpikegradError
      ? new SpikegradError(WHERE, `${error.problem} (the archive)`)
      : error;
  });
  const { pair, pairs, both } = arraysOfSplit(new Set(arrays.keys()), split, () => arraysInWords(arrays));
  // what holds of the set is the same for both of its splits: how many classes there are, and how large 1 is
  const all = pairs.map(([images, labels]) =>
    classNumbers(arrays.get(labels)!, arrays.get(images)!.shape[0] ?? 0, labels),
  );
  const whole = datasetFrom(arrays.get(pair[0])!, pair[0], {
    name,
    unit: Math.min(...pairs.map(([images]) => unitOf(arrays.get(images)!, images))),
    labels: all[pairs.indexOf(pair)]!,
    all,
  });
  if (!both) return partOfSplit(whole, split, limit);
  return limit === undefined ? whole : take(whole, limit);
}

/** How an array holds images. */
export interface ArrayLayout {
  readonly length: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Whether an image is planes, one a channel. */
  readonly planes: boolean;
}

/** @throws where images have another shape or are texts */
export function imageLayout({ shape, dtype }: Pick<NpyArray, 'shape' | 'dtype'>, name: string): ArrayLayout {
  const [length = 0, ...rest] = shape;
  check(
    dtype !== 'text' && (rest.length === 2 || rest.length === 3),
    WHERE,
    () => `${name} is [${shape.slice(0, 8)}] in the archive; images are [n,H,W], [n,H,W,C] or [n,C,H,W]`,
  );
  const planes = rest.length === 3 && isChannels(rest[0]!) && !isChannels(rest[2]!);
  const [height, width, channels] = (
    rest.length === 2 ? [...rest, 1] : planes ? [rest[1], rest[2], rest[0]] : rest
  ) as [number, number, number];
  return { length, height, width, channels, planes };
}

/**
 * The set that images are, its classes, and how they are normalised; one of its own where labels say so.
 * @param labels of each of its splits
 */
export function setOfArrays(
  name: PictureSet,
  labels: readonly Uint8Array[],
  { height, channels }: Pick<ArrayLayout, 'height' | 'channels'>,
) {
  let largest = 0;
  for (const list of labels) for (const label of list) largest = Math.max(largest, label);
  const known = CLASSES[name];
  const isKnown = known !== undefined && largest < known.length;
  return {
    name: isKnown ? name : ('images' as const),
    classes: isKnown ? known : Array.from({ length: largest + 1 }, (_, i) => String(i)),
    ...normalisationOf(isKnown ? name : 'images', height, channels),
  };
}

/** What is known of the set before a split of it is made. */
interface SetOfArrays {
  readonly name: PictureSet;
  /** A number of the file times this is a byte. */
  readonly unit: number;
  readonly labels: Uint8Array;
  /** Of each split. */
  readonly all: readonly Uint8Array[];
}

function datasetFrom(
  images: NpyArray,
  imagesName: string,
  { name, unit, labels, all }: SetOfArrays,
): Dataset {
  const { height, width, channels, planes } = imageLayout(images, imagesName);
  const data = images.data as ArrayLike<number | bigint>;
  const bytes = data instanceof Uint8Array && unit === 1 ? data : bytesOf(data, unit);
  const pixels = planes ? channelsLast(bytes, channels, height * width) : bytes;
  return makeDataset({
    ...setOfArrays(name, all, { height, channels }),
    height,
    width,
    channels,
    pixels,
    labels,
  });
}

const isChannels = (axis: number) => axis === 1 || axis === 3;

/** One label a record: [n], [n,1], or one-hot [n,classes]. */
export function classNumbers({ shape, data, dtype }: NpyArray, length: number, name: string): Uint8Array {
  const columns = shape[1] ?? 1;
  check(
    dtype !== 'text' && shape[0] === length && shape.length <= 2,
    WHERE,
    () =>
      `${name} is [${shape.slice(0, 8)}] of ${dtype} in the archive for ${length} images; labels are numbers [n]`,
  );
  const at = (i: number) => Number(data[i]);
  return Uint8Array.from({ length }, (_, i) => {
    let label = columns === 1 ? at(i) : 0;
    let tied = 0;
    for (let c = 1; c < columns; c++) {
      const more = at(i * columns + c) - at(i * columns + label);
      tied = more > 0 ? 0 : more === 0 ? tied + 1 : tied;
      if (more > 0) label = c;
    }
    check(
      tied === 0,
      WHERE,
      () =>
        `record ${i} in ${name} of the archive has several classes or none, ${tied + 1} of ${columns} numbers are its largest; images of one class each are read`,
    );
    check(
      Number.isInteger(label) && label >= 0 && label < 256,
      WHERE,
      () => `label ${label} of record ${i} in ${name} of the archive is no class from 0 to 255`,
    );
    return label;
  });
}

/** The largest of some numbers. @throws for one that is no pixel */
export function largestOf(data: ArrayLike<number | bigint>, name: string, from = 0): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    check(
      value >= 0 && value <= 255,
      WHERE,
      () =>
        `number ${from + i} of ${name} in the archive is ${value}; pixels are 0 to 255, or floats from 0 to 1: datasetOf takes others`,
    );
    most = Math.max(most, value);
  }
  return most;
}

/** What floats from 0 to 1 are to be multiplied by. */
export const unitFor = (most: number, isFloat: boolean): number => (most <= 1 && isFloat ? 255 : 1);

/** 255 for truth values and for floats from 0 to 1, else 1. @throws where a number can be no pixel */
function unitOf({ data, dtype }: NpyArray, name: string): number {
  if (dtype === 'BOOL') return 255;
  if (data instanceof Uint8Array || dtype === 'text') return 1;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  return unitFor(largestOf(data as ArrayLike<number | bigint>, name), isFloat);
}

export const bytesOf = (data: ArrayLike<number | bigint>, unit: number): Uint8Array =>
  Uint8Array.from({ length: data.length }, (_, i) => Math.round(unit * Number(data[i])));

/** From planes, one a channel, of each image. */
export function channelsLast(planes: Uint8Array, channels: number, size: number): Uint8Array {
  const out = new Uint8Array(planes.length);
  for (let n = 0, at = 0; at < planes.length; n++)
    for (let p = 0; p < size; p++)
      for (let c = 0; c < channels; c++) out[at++] = planes[(n * channels + c) * size + p]!;
  return out;
}
