// Batches of normalised images in a seeded order. The order comes from (seed, epoch), an image's augmentation from
// (seed, epoch, image): neither the batch size nor starting in the middle changes what an image looks like.

import { Random } from '../core/random';
import { check } from '../errors';
import { type AugmentOptions, writeImage } from './augment';
import type { Dataset } from './dataset';

export interface BatchOptions extends AugmentOptions {
  readonly batchSize: number;
  readonly seed: number;
  readonly epoch: number;
  /** Whether the order is random; else it is that of the data set. */
  readonly shuffle: boolean;
  /** Number of the first batch, to go on in the middle of an epoch. Default 0. */
  readonly start?: number;
  /** Leave out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
}

export interface Batch {
  /** [n,H,W,C], normalised. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
  /** Records of the data set. */
  readonly indices: Uint32Array;
  /** Number of this batch in the epoch, and of batches in the epoch. */
  readonly index: number;
  readonly count: number;
}

const ORDER = 1;
const AUGMENT = 2;

/** Batches in an epoch over `length` images. */
export function batchCount(length: number, batchSize: number, dropLast = false): number {
  check(
    Number.isInteger(batchSize) && batchSize >= 1,
    'batches',
    () => `batchSize must be a whole number >= 1, got ${batchSize}`,
  );
  return dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
}

/** The batches of one epoch, made as they are asked for. */
export function* batches(dataset: Dataset, options: BatchOptions): Generator<Batch> {
  const { batchSize, seed, epoch, shuffle, augment, start = 0, dropLast } = options;
  const { length, height, width, channels, labels } = dataset;
  const count = batchCount(length, batchSize, dropLast);
  check(
    Number.isInteger(start) && start >= 0 && start <= count,
    'batches',
    () => `start ${start} is not in 0..${count}`,
  );
  const order = shuffle
    ? new Random(seed, epoch, ORDER).permutation(length)
    : Uint32Array.from({ length }, (_, i) => i);
  const size = height * width * channels;
  for (let index = start; index < count; index++) {
    const indices = order.slice(index * batchSize, (index + 1) * batchSize);
    const images = new Float32Array(indices.length * size);
    indices.forEach((record, i) => {
      const random = augment.length > 0 ? new Random(seed, epoch, AUGMENT, record) : undefined;
      writeImage(dataset, record, images, i * size, random, options);
    });
    yield { images, labels: Int32Array.from(indices, (record) => labels[record]!), indices, index, count };
  }
}
