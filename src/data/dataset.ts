// What every data source of the library hands on: images as raw bytes, channels last, with one label each. No reading
// of files and no normalisation here: readers make a Dataset, batches.ts turns it into floats. Arrays of one's own
// that are no such images are a FloatDataset (float-dataset.ts).

import { classLabels, type Labels } from '../core/labels';
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

export function isDataset(value: unknown): value is Dataset {
  return (
    anObject.holds(value) &&
    count.holds(value.length) &&
    value.pixels instanceof Uint8Array &&
    value.labels instanceof Uint8Array &&
    Array.isArray(value.classes) &&
    Array.isArray(value.mean) &&
    Array.isArray(value.deviation)
  );
}

const aDataset: Kind<Dataset> = kind(
  'a Dataset of 8-bit images, such as a reader or makeDataset gives',
  isDataset,
  (value) => (value instanceof Promise ? 'await it first' : undefined),
);

/** @throws unless the value is a data set of 8-bit images */
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
  labels: required(bytes),
  mean: required(numbers),
  deviation: required(numbers),
} satisfies OptionsOf<Omit<Dataset, 'length'>>;

/** What a data set is made of. */
export interface DatasetParts extends Omit<Dataset, 'length' | 'labels'> {
  /** Bytes are taken as they are; other labels, such as I64 of a file or a tensor, become bytes. */
  readonly labels: Labels;
}

/** Labels of any kind as bytes. @throws naming the first that is no class */
function labelBytes({ labels, classes }: DatasetParts): Uint8Array {
  if (labels instanceof Uint8Array) return labels;
  checkKind('makeDataset', 'classes', words, classes);
  return Uint8Array.from(classLabels('makeDataset', labels, Math.min(classes.length, 256)));
}

/** @throws unless each part is of its kind. What else a data set may carry is its maker's. */
function checkParts(where: string, parts: Omit<Dataset, 'length'>): void {
  const label = typeof parts.name === 'string' ? `${parts.name}: ` : '';
  for (const [name, { kind }] of Object.entries<{ readonly kind: Kind<unknown> }>(datasetParts))
    checkKind(where, `${label}${name}`, kind, parts[name as keyof typeof parts]);
}

/**
 * Checks the parts against each other and returns them as a Dataset of `labels.length` records. Bytes are not copied.
 * @throws SpikegradError where there is no record, a size does not match or a label has no class
 */
export function makeDataset(given: DatasetParts): Dataset {
  const where = 'makeDataset';
  checkKind(where, 'parts', anObject, given);
  const parts = { ...given, labels: labelBytes(given as DatasetParts) };
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
