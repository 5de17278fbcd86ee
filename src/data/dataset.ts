// What every data source of the library hands on: images as raw bytes, channels last, with one label each.
// No reading of files and no normalisation here: readers make a Dataset, batches.ts turns it into floats.

import { check } from '../errors';
import {
  anObject,
  checkKind,
  type Kind,
  kind,
  type OptionsOf,
  optional,
  optionTable,
  required,
  shown,
  text,
  whole,
} from '../options';

/** Labelled images, all of one size. Bytes stay raw (0..255); `mean` and `deviation` say how to normalise them. */
export interface Dataset {
  readonly name: string;
  /** The name of each label. */
  readonly classes: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** How many images there are. */
  readonly length: number;
  /** [length, height, width, channels], 0..255 */
  readonly pixels: Uint8Array;
  /** [length], each below classes.length */
  readonly labels: Uint8Array;
  /** Mean of pixels/255, one value a channel. */
  readonly mean: readonly number[];
  /** Standard deviation of pixels/255, one value a channel. */
  readonly deviation: readonly number[];
}

/** What the readers understand. */
export interface ReadOptions {
  /** Stop after this many records and leave the rest unread. Default: read to the end. */
  readonly limit?: number;
}

const count = whole({ least: 1 });

export const readOptions = optionTable({
  limit: optional({ ...count, advice: () => 'leave it out to read everything' }, 'read to the end'),
} satisfies OptionsOf<ReadOptions>);

const aDataset: Kind<Dataset> = kind(
  'a Dataset, such as a reader or makeDataset gives',
  (value) =>
    anObject.holds(value) &&
    count.holds(value.length) &&
    value.pixels instanceof Uint8Array &&
    value.labels instanceof Uint8Array &&
    Array.isArray(value.classes) &&
    Array.isArray(value.mean) &&
    Array.isArray(value.deviation),
  (value) => (value instanceof Promise ? 'await it first' : undefined),
);

/** @throws unless the value is a data set */
export function checkDataset(where: string, value: unknown, name = 'dataset'): asserts value is Dataset {
  checkKind(where, name, aDataset, value);
}

const numbers: Kind<readonly number[]> = kind(
  'a list of numbers',
  (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'number'),
);
const bytes: Kind<Uint8Array> = kind('a Uint8Array', (value) => value instanceof Uint8Array);
const words: Kind<readonly string[]> = kind(
  'a list of names',
  (value) => Array.isArray(value) && value.every(text.holds),
);

/** The parts of a data set, each of its kind; whether they fit each other is asked afterwards. */
const datasetParts = {
  name: required(text),
  classes: required(words),
  height: required(count),
  width: required(count),
  channels: required(count),
  pixels: required(bytes),
  labels: required({ ...bytes, advice: (value) => adviceForLabels(value) }),
  mean: required(numbers),
  deviation: required(numbers),
} satisfies OptionsOf<Omit<Dataset, 'length'>>;

const adviceForLabels = (value: unknown): string | undefined =>
  Array.isArray(value) || ArrayBuffer.isView(value) ? 'Uint8Array.from(labels, Number) makes one' : undefined;

/** @throws unless each part is of its kind. What else a data set may carry is its maker's. */
function checkParts(where: string, parts: Omit<Dataset, 'length'>): void {
  const label = typeof parts.name === 'string' ? `${parts.name}: ` : '';
  for (const [name, { kind }] of Object.entries<{ readonly kind: Kind<unknown> }>(datasetParts))
    checkKind(where, `${label}${name}`, kind, parts[name as keyof typeof parts]);
}

/**
 * Checks the parts against each other and returns them as a Dataset of `labels.length` records. Nothing is copied.
 * @throws SpikegradError where there is no record, a size does not match or a label has no class
 */
export function makeDataset(parts: Omit<Dataset, 'length'>): Dataset {
  const where = 'makeDataset';
  checkKind(where, 'parts', anObject, parts);
  checkParts(where, parts);
  const { name, classes, height, width, channels, pixels, labels, mean, deviation } = parts;
  check(
    classes.length >= 1 && classes.length <= 256,
    where,
    () => `${name}: labels are bytes, so there may be 1 to 256 classes, got ${classes.length}`,
  );
  const length = labels.length;
  check(length > 0, where, () => `${name}: there is no record; a dataset needs at least one`);
  const expected = length * height * width * channels;
  check(
    pixels.length === expected,
    where,
    () =>
      `${name}: ${length} labels need [${length},${height},${width},${channels}] = ${expected} bytes of pixels, got ${pixels.length}`,
  );
  const stray = labels.findIndex((label) => label >= classes.length);
  check(
    stray < 0,
    where,
    () => `${name}: label ${labels[stray]} of record ${stray} has no class; there are ${classes.length}`,
  );
  check(
    mean.length === channels && mean.every(Number.isFinite),
    where,
    () => `${name}: mean must hold one finite number for each of ${channels} channels, got [${mean}]`,
  );
  check(
    deviation.length === channels && deviation.every((value) => Number.isFinite(value) && value > 0),
    where,
    () =>
      `${name}: deviation must hold one positive number for each of ${channels} channels, got [${deviation}]`,
  );
  return { name, classes, height, width, channels, length, pixels, labels, mean, deviation };
}

/**
 * The first `limit` records, or all where there are fewer. A view: the bytes are shared with `dataset`.
 * @throws SpikegradError where `limit` is not a positive integer
 */
export function take(dataset: Dataset, limit: number): Dataset {
  checkDataset('take', dataset);
  checkKind('take', 'limit', count, limit);
  const length = Math.min(limit, dataset.length);
  const size = dataset.height * dataset.width * dataset.channels;
  return {
    ...dataset,
    length,
    pixels: dataset.pixels.subarray(0, length * size),
    labels: dataset.labels.subarray(0, length),
  };
}

/**
 * The records of several datasets of one kind behind each other, as for CIFAR-10's five training files. Name,
 * classes and normalisation are those of the first. A copy, unless there is only one.
 * @throws SpikegradError where image sizes or classes differ, or the list is empty
 */
export function concatDatasets(datasets: readonly Dataset[]): Dataset {
  const where = 'concatDatasets';
  const list: unknown = datasets;
  check(
    Array.isArray(list),
    where,
    () => `datasets must be a list, got ${shown(datasets)}; concatDatasets([a, b])`,
  );
  for (const dataset of datasets) checkDataset(where, dataset, 'each of them');
  const [first, ...others] = datasets;
  check(first, where, 'needs at least one dataset, got an empty list');
  if (others.length === 0) return first;
  for (const { name, height, width, channels, classes } of others) {
    check(
      height === first.height && width === first.width && channels === first.channels,
      where,
      () =>
        `${name} has images [${height},${width},${channels}], ${first.name} [${first.height},${first.width},${first.channels}]`,
    );
    check(
      classes.length === first.classes.length && classes.every((word, i) => word === first.classes[i]),
      where,
      () => `${name} and ${first.name} have different classes`,
    );
  }
  return makeDataset({
    ...first,
    pixels: concatBytes(datasets.map((dataset) => dataset.pixels)),
    labels: concatBytes(datasets.map((dataset) => dataset.labels)),
  });
}

function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
