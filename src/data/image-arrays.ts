// Images and labels as NumPy's arrays in one .npz: under the names that people give them, in bytes or in floats from
// 0 to 1, with channels first or last, for both splits or for one that is shared out.

import { check, SpikegradError } from '../errors';
import { type NpyArray, readNpz } from '../formats/numpy';
import { type ByteSource, readAll } from './bytes';
import { CIFAR10_CLASSES, CIFAR100_CLASSES, FASHION_CLASSES, MNIST_CLASSES } from './classes';
import { type Dataset, makeDataset } from './dataset';
import type { ImageArraysOptions } from './images';
import { split as shareOut, take } from './parts';
import { normalisationOf, type PictureSet } from './picture/list';

const WHERE = 'readImageArrays';
const SHARE_OF_TEST = 0.2;

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

type Arrays = ReadonlyMap<string, NpyArray>;

function pairIn(arrays: Arrays, pairs: readonly (readonly [string, string])[]) {
  return pairs.find((names) => names.every((name) => arrays.has(name)));
}

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
  const both = pairIn(arrays, PAIRS.train) !== undefined && pairIn(arrays, PAIRS.test) !== undefined;
  const pair = pairIn(arrays, both ? PAIRS[split] : PAIRS.only) ?? pairIn(arrays, PAIRS.train);
  check(pair !== undefined, WHERE, () => {
    const held = [...arrays].map(([key, { shape }]) => `${key.slice(0, 40)} [${shape.slice(0, 8)}]`);
    return `the archive holds ${held.slice(0, 8).join(', ') || 'nothing'}; images and labels are looked for as x_train and y_train, train_images and train_labels, images and labels, arr_0 and arr_1`;
  });
  // what holds of the set is the same for both of its splits: how many classes there are, and how large 1 is
  const pairs = both ? [pairIn(arrays, PAIRS.train)!, pairIn(arrays, PAIRS.test)!] : [pair!];
  const classes = pairs.map((names) => classesOf(arrays, names));
  const whole = datasetFrom(arrays, pair!, {
    name,
    unit: Math.min(...pairs.map(([images]) => unitOf(arrays.get(images)!, images))),
    labels: classes[pairs.findIndex(([images]) => images === pair![0])]!,
    largest: classes.reduce((most, list) => list.reduce((a, label) => Math.max(a, label), most), 0),
  });
  const part = both ? whole : shareOut(whole, SHARE_OF_TEST, 0)[split === 'train' ? 0 : 1];
  return limit === undefined ? part : take(part, limit);
}

type Names = readonly [images: string, labels: string];

/** What is known of the set before a split of it is made. */
interface SetOfArrays {
  readonly name: PictureSet;
  /** A number of the file times this is a byte. */
  readonly unit: number;
  readonly labels: Uint8Array;
  /** Of all labels of the set. */
  readonly largest: number;
}

function classesOf(arrays: Arrays, [images, labels]: Names): Uint8Array {
  return classNumbers(arrays.get(labels)!, arrays.get(images)!.shape[0] ?? 0, labels);
}

function datasetFrom(
  arrays: Arrays,
  [imagesName]: Names,
  { name, unit, labels, largest }: SetOfArrays,
): Dataset {
  const images = arrays.get(imagesName)!;
  const rest = images.shape.slice(1);
  check(
    images.dtype !== 'text' && (rest.length === 2 || rest.length === 3),
    WHERE,
    () =>
      `${imagesName} is [${images.shape.slice(0, 8)}] in the archive; images are [n,H,W], [n,H,W,C] or [n,C,H,W]`,
  );
  const first = rest.length === 3 && isChannels(rest[0]!) && !isChannels(rest[2]!);
  const [height, width, channels] = (
    rest.length === 2 ? [...rest, 1] : first ? [rest[1], rest[2], rest[0]] : rest
  ) as [number, number, number];
  const bytes = asBytes(images, unit);
  const pixels = first ? channelsLast(bytes, channels, height * width) : bytes;
  const known = CLASSES[name];
  const isKnown = known !== undefined && largest < known.length;
  return makeDataset({
    name: isKnown ? name : 'images',
    classes: isKnown ? known : Array.from({ length: largest + 1 }, (_, i) => String(i)),
    height,
    width,
    channels,
    pixels,
    labels,
    ...normalisationOf(isKnown ? name : 'images', height, channels),
  });
}

const isChannels = (axis: number) => axis === 1 || axis === 3;

/** One label a record: [n], [n,1], or one-hot [n,classes]. */
function classNumbers({ shape, data, dtype }: NpyArray, length: number, name: string): Uint8Array {
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

/** 255 for truth values and for floats from 0 to 1, else 1. @throws where a number can be no pixel */
function unitOf({ data, dtype }: NpyArray, name: string): number {
  if (dtype === 'BOOL') return 255;
  if (data instanceof Uint8Array || dtype === 'text') return 1;
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    check(
      value >= 0 && value <= 255,
      WHERE,
      () =>
        `number ${i} of ${name} in the archive is ${value}; pixels are 0 to 255, or floats from 0 to 1: datasetOf takes others`,
    );
    most = Math.max(most, value);
  }
  return most <= 1 && (data instanceof Float32Array || data instanceof Float64Array) ? 255 : 1;
}

function asBytes({ data }: NpyArray, unit: number): Uint8Array {
  if (data instanceof Uint8Array && unit === 1) return data;
  return Uint8Array.from({ length: data.length }, (_, i) => Math.round(unit * Number(data[i])));
}

function channelsLast(planes: Uint8Array, channels: number, size: number): Uint8Array {
  const out = new Uint8Array(planes.length);
  for (let n = 0, at = 0; at < planes.length; n++)
    for (let p = 0; p < size; p++)
      for (let c = 0; c < channels; c++) out[at++] = planes[(n * channels + c) * size + p]!;
  return out;
}
