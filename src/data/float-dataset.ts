// Labelled records that are no 8-bit images: floats of any shape, one after another, each whole. What datasetOf makes
// of arrays; and what both kinds of data sets have in common, for whoever makes batches of them.

import { anObject, checkKind, type Kind, kind } from '../options';
import { type Dataset, isDataset } from './dataset';
import { isStreamed, type TrainingData } from './stream/dataset';

/** Labelled records of numbers, all of one shape. `datasetOf` makes one. */
export interface FloatDataset {
  readonly name: string;
  /** The name of each label. */
  readonly classes: readonly string[];
  /** How many records there are. */
  readonly length: number;
  /** Of one record: [H,W,C], [features], …; of a sequence [T,...]. */
  readonly shape: readonly number[];
  /** Whether records are sequences: a batch of n is then [T,n,...], as all sequences here. */
  readonly sequences: boolean;
  /** [length,...shape], as they were given. */
  readonly values: Float32Array;
  /** [length], each below classes.length */
  readonly labels: Int32Array;
  /** What is subtracted from the values, one number for each entry of the last axis. */
  readonly mean: readonly number[];
  /** What they are divided by then. */
  readonly deviation: readonly number[];
}

/** A data set in memory. */
export type AnyDataset = Dataset | FloatDataset;

export function isFloats(value: unknown): value is FloatDataset {
  return (
    anObject.holds(value) &&
    value.values instanceof Float32Array &&
    value.labels instanceof Int32Array &&
    Array.isArray(value.shape) &&
    Array.isArray(value.classes)
  );
}

/** Whether it is a data set of either kind. */
export function isAnyDataset(value: unknown): value is AnyDataset {
  return isDataset(value) || isFloats(value);
}

const aDataset: Kind<AnyDataset> = kind(
  'a data set, such as a reader, shapes() or datasetOf(images, labels) gives',
  isAnyDataset,
  (value) => {
    if (value instanceof Promise) return 'await it first';
    return Array.isArray(value) || ArrayBuffer.isView(value)
      ? 'datasetOf(images, labels) makes one'
      : undefined;
  },
);

/** @throws unless the value is a data set of either kind */
export function checkAnyDataset(
  where: string,
  value: unknown,
  name = 'dataset',
): asserts value is AnyDataset {
  checkKind(where, name, aDataset, value);
}

/** A data set in memory, or one that is read in parts. */
export const anyData: Kind<TrainingData> = {
  ...aDataset,
  holds: (value): value is TrainingData => aDataset.holds(value) || isStreamed(value),
};

/** @throws unless the value is a data set of any kind, in memory or read in parts */
export function checkTrainingData(
  where: string,
  value: unknown,
  name = 'dataset',
): asserts value is TrainingData {
  checkKind(where, name, anyData, value);
}

/**
 * How records are pictures of channels, whatever their shape: that of a vector is one pixel. A sequence has several.
 */
export interface PictureForm {
  /** What stands for 1: 255 among bytes. */
  readonly unit: number;
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Whether they are images [H,W,C] indeed, which can be shifted and mirrored. */
  readonly areImages: boolean;
}

/** Records as pictures. */
export interface Pictures extends PictureForm {
  /** [length, frames, height, width, channels] */
  readonly pixels: Uint8Array | Float32Array;
}

export function formOf(dataset: TrainingData): PictureForm {
  const { mean, deviation } = dataset;
  if (!('shape' in dataset)) {
    const { height, width, channels } = dataset;
    return { unit: 255, frames: 1, height, width, channels, mean, deviation, areImages: true };
  }
  const { shape, sequences } = dataset;
  const frame = sequences ? shape.slice(1) : shape;
  return {
    unit: isStreamed(dataset) && dataset.numbers === 'bytes' ? 255 : 1,
    frames: sequences ? shape[0]! : 1,
    height: frame.slice(0, -2).reduce((product, length) => product * length, 1),
    width: frame.at(-2) ?? 1,
    channels: frame.at(-1) ?? 1,
    mean,
    deviation,
    areImages: frame.length === 3,
  };
}

export function picturesOf(dataset: AnyDataset): Pictures {
  return { ...formOf(dataset), pixels: isFloats(dataset) ? dataset.values : dataset.pixels };
}

/** Of one record: [H,W,C], [features]; of a sequence [T,...]. */
export function recordShape(dataset: TrainingData): readonly number[] {
  return 'shape' in dataset ? dataset.shape : [dataset.height, dataset.width, dataset.channels];
}

/** Of a batch of n: [n,...], or [T,n,...] of sequences. */
export function batchShape(dataset: TrainingData, n: number): number[] {
  const shape = recordShape(dataset);
  return 'shape' in dataset && dataset.sequences ? [shape[0]!, n, ...shape.slice(1)] : [n, ...shape];
}
