// Parts of data sets: the first records, some of them, two shares of them; and several sets behind each other.

import { Random } from '../core/random';
import { check } from '../errors';
import { checkKind, finite, shown, whole } from '../options';
import type { Dataset } from './dataset';
import {
  type AnyDataset,
  checkAnyDataset,
  checkTrainingData,
  type FloatDataset,
  isFloats,
  recordShape,
} from './float-dataset';
import { isStreamed, type TrainingData } from './stream/dataset';
import { selectRecords } from './stream/select';

/** Stream of a split: Random(seed, SPLIT). */
const SPLIT = 0x5b117;

type RecordNumbers = Uint8Array | Int32Array | Float32Array;

/** The same data set with other records. @param move makes their numbers of all, `size` of them each */
function withRecords<D extends AnyDataset>(
  dataset: D,
  length: number,
  move: <A extends RecordNumbers>(all: A, size: number) => A,
): D {
  const size = recordShape(dataset).reduce((product, axis) => product * axis, 1);
  const labels = move(dataset.labels, 1);
  return isFloats(dataset)
    ? { ...dataset, length, labels, values: move(dataset.values, size) }
    : { ...dataset, length, labels, pixels: move((dataset as Dataset).pixels, size) };
}

/**
 * The first `limit` records, or all where there are fewer. A view: the numbers are shared with `dataset`; of one that
 * is read in parts no more than those parts are read.
 * @throws SpikegradError where `limit` is not a positive integer
 */
export function take<D extends TrainingData>(dataset: D, limit: number): D {
  checkTrainingData('take', dataset);
  checkKind('take', 'limit', whole({ least: 1 }), limit);
  const length = Math.min(limit, dataset.length);
  if (length === dataset.length) return dataset;
  if (isStreamed(dataset))
    return selectRecords(
      dataset,
      Uint32Array.from({ length }, (_, i) => i),
    ) as TrainingData as D;
  return withRecords(
    dataset as AnyDataset,
    length,
    (all, size) => all.subarray(0, length * size) as typeof all,
  ) as D;
}

/** Copies of the records with these numbers, in rising order. */
function select<D extends TrainingData>(dataset: D, records: Uint32Array): D {
  if (isStreamed(dataset)) return selectRecords(dataset, records) as TrainingData as D;
  return withRecords(dataset as AnyDataset, records.length, (all, size) => {
    const some = all.slice(0, records.length * size) as typeof all;
    records.forEach((record, i) => {
      some.set(all.subarray(record * size, (record + 1) * size), i * size);
    });
    return some;
  }) as D;
}

/** How many of so many records a share is that is split off: one at least, and one less than all at most. */
export function sharedRecords(length: number, share: number): number {
  return Math.min(length - 1, Math.max(1, Math.round(share * length)));
}

/**
 * Two parts of a data set, drawn at random, each in the order of the whole: `const [train, test] = split(data, 0.2)`.
 * Copies; of a data set that is read in parts, parts that hold the records of either.
 * @param share of the records in the second part, above 0 and below 1; each part has one at least
 * @param seed of the draw; the same gives the same parts
 */
export function split<D extends TrainingData>(dataset: D, share: number, seed = 0): [D, D] {
  checkTrainingData('split', dataset);
  checkKind('split', 'share', finite({ above: 0, below: 1 }), share);
  checkKind('split', 'seed', whole(), seed);
  const { length } = dataset;
  check(length >= 2, 'split', () => `${dataset.name} has ${length} record, which cannot be split`);
  const second = sharedRecords(length, share);
  const order = new Random(seed, SPLIT).permutation(length);
  return [select(dataset, order.slice(second).sort()), select(dataset, order.slice(0, second).sort())];
}

/**
 * The records of several data sets of one kind behind each other, as for CIFAR-10's five training files. Name,
 * classes and normalisation are those of the first. A copy, unless there is only one.
 * @throws SpikegradError where shapes or classes differ, or the list is empty
 */
export function concatDatasets<D extends AnyDataset>(datasets: readonly D[]): D {
  const where = 'concatDatasets';
  const list: unknown = datasets;
  check(
    Array.isArray(list),
    where,
    () => `datasets must be a list, got ${shown(datasets)}; concatDatasets([a, b])`,
  );
  for (const dataset of datasets) checkAnyDataset(where, dataset, 'each of them');
  const [first, ...others] = datasets;
  check(first, where, 'needs at least one dataset, got an empty list');
  if (others.length === 0) return first;
  for (const other of others) {
    check(
      String(recordShape(other)) === String(recordShape(first)),
      where,
      () =>
        `${other.name} has ${isFloats(other) ? 'records' : 'images'} [${recordShape(other)}], ${first.name} [${recordShape(first)}]`,
    );
    check(
      other.classes.length === first.classes.length &&
        other.classes.every((word, i) => word === first.classes[i]),
      where,
      () => `${other.name} and ${first.name} have different classes`,
    );
    check(
      isFloats(other) === isFloats(first) &&
        (other as Partial<FloatDataset>).sequences === (first as Partial<FloatDataset>).sequences,
      where,
      () => `${other.name} and ${first.name} are not of one kind: 8-bit images, floats, or sequences`,
    );
  }
  const length = datasets.reduce((sum, dataset) => sum + dataset.length, 0);
  const parts = (name: 'labels' | 'pixels' | 'values') =>
    datasets.map((dataset) => (dataset as unknown as Record<string, RecordNumbers>)[name]!);
  return withRecords(first, length, (all) =>
    joined(all, parts(all === first.labels ? 'labels' : isFloats(first) ? 'values' : 'pixels')),
  );
}

/** @param like an array of the kind that is wanted */
function joined<A extends RecordNumbers>(like: A, parts: readonly RecordNumbers[]): A {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = new (like.constructor as new (length: number) => A)(length);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Of a set that has no splits: records that test it, and the rest that train. */
const SHARE_OF_TEST = 0.2;

/** A split of records that lie together: 4 to 1, the same way each time. */
export function partOfSplit<D extends TrainingData>(all: D, which: 'train' | 'test', limit?: number): D {
  const part = split(all, SHARE_OF_TEST, 0)[which === 'train' ? 0 : 1];
  return limit === undefined ? part : take(part, limit);
}
