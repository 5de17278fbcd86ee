// Arrays of one's own as a data set. What is given is checked here, once, so that nothing later meets a NaN, a label
// without a class, or fewer images than labels.

import { classLabels, type Labels, labelNumbers } from '../core/labels';
import { check } from '../errors';
import {
  either,
  finite,
  flag,
  listOf,
  type OptionsOf,
  option,
  optional,
  optionTable,
  text,
  whole,
} from '../options';
import { makeDataset } from './dataset';
import { type Flat, flatten, type Records } from './flatten';
import type { AnyDataset } from './float-dataset';

/** What {@link datasetOf} cannot see in the numbers. */
export interface DatasetOptions {
  /** Of one record, such as [28,28,1]. Default: the nesting of the lists, or one axis in a flat array. */
  readonly shape?: readonly number[];
  /** How many classes there are, or their names. Default: as many as the largest label asks for. */
  readonly classes?: number | readonly string[];
  /** What the data set is called. Default 'arrays'. */
  readonly name?: string;
  /**
   * Subtracted from the values: one number, or one for each entry of the last axis. Default: their means; 0 for
   * sequences.
   */
  readonly mean?: number | readonly number[];
  /** What they are divided by then. Default: their standard deviations; 1 for sequences. */
  readonly deviation?: number | readonly number[];
  /** Whether the records are sequences: the numbers are then [T,N,...], as `eventFrames` gives them. Default false. */
  readonly sequences?: boolean;
}

const count = whole({ least: 1 });

export const datasetOptions = optionTable({
  shape: optional(listOf(count), 'the nesting of the lists, or one axis in a flat array'),
  classes: optional(either(count, listOf(text)), 'as many as the largest label asks for'),
  name: option(text, 'arrays'),
  mean: optional(either(finite(), listOf(finite())), 'their means; 0 for sequences'),
  deviation: optional(
    either(finite({ above: 0 }), listOf(finite({ above: 0 }))),
    'their standard deviations; 1 for sequences',
  ),
  sequences: option(flag, false),
} satisfies OptionsOf<DatasetOptions>);

const WHERE = 'datasetOf';
/** More classes than this are taken for labels that are none. */
const MOST_CLASSES = 2 ** 16;

/**
 * A data set of numbers and labels that you have: for `Trainer`, `evaluate`, `batches`, `split` and the others.
 *
 * ```ts
 * const points = datasetOf([[0.1, 0.9], [0.8, 0.2]], [0, 1]);
 * const images = datasetOf(pixels, labels, { shape: [28, 28, 1] }); // a Uint8Array of N·28·28 bytes
 * ```
 *
 * Bytes (`Uint8Array`, `Uint8ClampedArray`) of shape [H,W,C] are pixels, 0 to 255 for 0 to 1; all other numbers are
 * taken as they are. Batches are normalised, (x - mean)/deviation, by mean and standard deviation of each channel or
 * feature.
 * @param images N records: nested lists, a flat typed array, a list of typed arrays, a tensor [N,...]
 * @param labels N classes, whole numbers from 0: a list, a typed array, a BigInt64Array, a tensor
 * @throws SpikegradError for a number that is not finite, counts that do not fit, a label that is no class
 */
export function datasetOf(images: Records, labels: Labels, options: DatasetOptions = {}): AnyDataset {
  const given = datasetOptions.read(WHERE, options);
  const { name, sequences } = given;
  const numbers = labelNumbers(WHERE, labels);
  const length = numbers.length;
  check(length > 0, WHERE, 'there is no label; a data set needs at least one record');
  const classes = classNames(given.classes, numbers);
  const targets = classLabels(WHERE, numbers, classes.length);
  const { data, shape: full } = flatten('datasetOf', images);
  const shape = shapeOfOne(given.shape, full, data.length, length, sequences);
  const values = sequences ? recordsFirst(data, shape, length) : data;
  checkFinite(values, data.length / length);
  const channels = shape.at(-1)!;
  const arePixels = values instanceof Uint8Array && shape.length === 3 && classes.length <= 256;
  const found = sequences ? { mean: 0, deviation: 1 } : statistics(values, channels, arePixels ? 255 : 1);
  const mean = byChannel('mean', given.mean ?? found.mean, channels);
  const deviation = byChannel('deviation', given.deviation ?? found.deviation, channels);
  if (arePixels) {
    const [height, width] = shape as [number, number, number];
    const parts = { name, classes, height, width, channels, mean, deviation };
    return makeDataset({ ...parts, pixels: values, labels: Uint8Array.from(targets) });
  }
  const floats = values instanceof Uint8Array ? Float32Array.from(values) : values;
  return { name, classes, length, shape, sequences, values: floats, labels: targets, mean, deviation };
}

function classNames(given: DatasetOptions['classes'], labels: ArrayLike<number>): readonly string[] {
  if (typeof given === 'object') {
    check(given.length > 0, WHERE, 'classes has no name; there must be one at least');
    return given;
  }
  let largest = 0;
  for (let i = 0; i < labels.length; i++) largest = Math.max(largest, Math.trunc(labels[i]!) || 0);
  const needed = given ?? largest + 1;
  check(
    needed <= MOST_CLASSES,
    WHERE,
    () =>
      `${needed} classes are more than ${MOST_CLASSES}; are these labels? A label is the number of its class`,
  );
  return Array.from({ length: needed }, (_, label) => String(label));
}

/** The shape of a record. @throws where numbers, labels and shape do not fit each other */
function shapeOfOne(
  given: readonly number[] | undefined,
  whole: readonly number[] | undefined,
  numbers: number,
  length: number,
  sequences: boolean,
): readonly number[] {
  if (whole !== undefined) {
    const records = whole[sequences ? 1 : 0];
    check(!sequences || whole.length >= 2, WHERE, () => `sequences are [T,N,...], got [${whole}]`);
    check(
      records === length,
      WHERE,
      () =>
        `${records} records for ${length} labels${sequences && whole[0] === length ? '; sequences are [T,N,...], time first' : ''}`,
    );
  }
  check(
    given !== undefined || whole !== undefined || numbers % length === 0,
    WHERE,
    () => `${numbers} numbers cannot be shared among ${length} labels`,
  );
  const shape = given ?? ownShape(whole ?? [length, numbers / length], sequences);
  check(!sequences || shape.length >= 2, WHERE, () => `a sequence is [T,...], got shape [${shape}]`);
  const needed = length * shape.reduce((product, axis) => product * axis, 1);
  check(needed === numbers && needed > 0, WHERE, () => {
    const one = given?.[0] === length ? `; shape is that of one record: [${given.slice(1)}]` : '';
    return `${length} labels need [${length},${shape}] = ${needed} numbers, got ${numbers}${one}`;
  });
  return [...shape];
}

/** The shape without the records' axis. */
function ownShape(whole: readonly number[], sequences: boolean): readonly number[] {
  if (sequences) return [whole[0]!, ...whole.slice(2)];
  return whole.length === 1 ? [1] : whole.slice(1);
}

function checkFinite(data: Flat['data'], size: number): void {
  if (data instanceof Uint8Array) return;
  const at = data.findIndex((value) => !Number.isFinite(value));
  check(
    at < 0,
    WHERE,
    () =>
      `record ${Math.floor(at / size)} holds ${data[at]} (number ${at % size} in it); every number must be finite, and below 3.4e38 for f32`,
  );
}

/** Mean and standard deviation of each entry of the last axis; where all are equal the deviation is 1. */
function statistics(
  data: Flat['data'],
  channels: number,
  unit: number,
): { mean: number[]; deviation: number[] } {
  const each = data.length / channels;
  const mean = new Array<number>(channels).fill(0);
  const squares = new Array<number>(channels).fill(0);
  for (let i = 0; i < data.length; i++) mean[i % channels]! += data[i]! / unit / each;
  for (let i = 0; i < data.length; i++) {
    const distance = data[i]! / unit - mean[i % channels]!;
    squares[i % channels]! += (distance * distance) / each;
  }
  // sums of equal numbers are not exact: less than f32 can tell is nothing
  const deviation = squares.map((square, c) => {
    const root = Math.sqrt(square);
    return root > 1e-7 * Math.abs(mean[c]!) ? root : 1;
  });
  return { mean, deviation };
}

function byChannel(name: string, given: number | readonly number[], channels: number): readonly number[] {
  if (typeof given === 'number') return new Array<number>(channels).fill(given);
  check(
    given.length === channels,
    WHERE,
    () => `${name} has ${given.length} numbers for ${channels} entries of the last axis`,
  );
  return [...given];
}

/** [T,N,...] to [N,T,...]. */
function recordsFirst(data: Flat['data'], shape: readonly number[], length: number): Float32Array {
  const steps = shape[0]!;
  const size = data.length / steps / length;
  const values = new Float32Array(data.length);
  for (let t = 0; t < steps; t++)
    for (let n = 0; n < length; n++)
      values.set(data.subarray((t * length + n) * size, (t * length + n + 1) * size), (n * steps + t) * size);
  return values;
}
