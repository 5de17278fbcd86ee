// Batches of normalised records in a seeded order. The order comes from (seed, epoch), an image's augmentation from
// (seed, epoch, image): neither the batch size nor starting in the middle changes what an image looks like.

import { Random } from '../core/random';
import { check } from '../errors';
import { checkKind, flag, type OptionsOf, option, whole } from '../options';
import { type AugmentOptions, augmentOptions, checkAugmentations } from './augment';
import { type AnyDataset, batchShape, checkAnyDataset, picturesOf } from './float-dataset';
import { writeView } from './view';

/** Which batches of a data set, in which order. */
export interface BatchOptions extends AugmentOptions {
  /** Records of a batch. Default 32. */
  readonly batchSize?: number;
  /** Of the order and the augmentations. Default 0. */
  readonly seed?: number;
  /** Each has an order and augmentations of its own. Default 0. */
  readonly epoch?: number;
  /** Whether the order is random; else it is that of the data set. Default false. */
  readonly shuffle?: boolean;
  /** Number of the first batch, to go on in the middle of an epoch. Default 0. */
  readonly start?: number;
  /** Leave out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
}

export const batchOptions = /* @__PURE__ */ augmentOptions.with({
  batchSize: option(whole({ least: 1 }), 32),
  seed: option(whole(), 0),
  epoch: option(whole(), 0),
  shuffle: option(flag, false),
  start: option(whole({ least: 0 }), 0),
  dropLast: option(flag, false),
} satisfies OptionsOf<Omit<BatchOptions, 'augment' | 'cutoutSize'>>);

/** Records and labels of one step. */
export interface Batch {
  /** Normalised; `tensor(images, shape)` is the network's input. */
  readonly images: Float32Array;
  /** [n,H,W,C], [n,features], …; of sequences [T,n,...]. */
  readonly shape: readonly number[];
  readonly labels: Int32Array;
  /** Records of the data set. */
  readonly indices: Uint32Array;
  /** Number of this batch in the epoch, and of batches in the epoch. */
  readonly index: number;
  readonly count: number;
}

/** Streams of one seed and epoch: Random(seed, epoch, ORDER) and Random(seed, epoch, AUGMENT, record). */
const ORDER = 1;
const AUGMENT = 2;
/** That of all epochs: Random(seed, 0, TURN, record). */
const TURN = 3;

/** Whether alternate-flip exchanges an image's sides: a coin decides once, then it changes from epoch to epoch. */
function isTurned(seed: number, epoch: number, record: number): boolean {
  return (new Random(seed, 0, TURN, record).integer(2) === 1) !== (epoch % 2 !== 0);
}

/** The stream from which one image's augmentation is drawn in one epoch. */
export function imageStream(seed: number, epoch: number, record: number): Random {
  for (const [name, value] of Object.entries({ seed, epoch, record }))
    checkKind('imageStream', name, whole(), value);
  return new Random(seed, epoch, AUGMENT, record);
}

/** Batches in an epoch over `length` images; with `dropLast` only full ones. */
export function batchCount(length: number, batchSize: number, dropLast = false): number {
  checkKind('batchCount', 'length', whole({ least: 0 }), length);
  checkKind('batchCount', 'batchSize', whole({ least: 1 }), batchSize);
  checkKind('batchCount', 'dropLast', flag, dropLast);
  return dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
}

/**
 * The batches of one epoch, each made when it is asked for. The same options give the same bytes.
 * @throws SpikegradError at once where an option is out of range or `dropLast` leaves no batch
 */
export function batches(dataset: AnyDataset, options: BatchOptions = {}): Generator<Batch, void, undefined> {
  const where = 'batches';
  checkAnyDataset(where, dataset);
  const given = batchOptions.read(where, options);
  const { batchSize, start, dropLast } = given;
  const count = batchCount(dataset.length, batchSize, dropLast);
  check(
    count > 0,
    where,
    () => `${dataset.length} images fill no batch of ${batchSize}; take a smaller batchSize or no dropLast`,
  );
  check(start <= count, where, () => `start must be a whole number in 0..${count}, got ${start}`);
  checkAugmentations(given.augment, picturesOf(dataset), where);
  return generate(dataset, given, count);
}

function* generate(
  dataset: AnyDataset,
  options: Required<BatchOptions>,
  count: number,
): Generator<Batch, void, undefined> {
  const { batchSize, seed, epoch, shuffle, augment, start } = options;
  const { length, labels } = dataset;
  const order = shuffle
    ? new Random(seed, epoch, ORDER).permutation(length)
    : Uint32Array.from({ length }, (_, i) => i);
  const from = picturesOf(dataset);
  const size = from.height * from.width * from.channels;
  const alternates = augment.includes('alternate-flip');
  for (let index = start; index < count; index++) {
    const indices = order.slice(index * batchSize, (index + 1) * batchSize);
    const n = indices.length;
    const images = new Float32Array(n * from.frames * size);
    indices.forEach((record, i) => {
      const random = augment.length > 0 ? imageStream(seed, epoch, record) : undefined;
      const turned = alternates ? isTurned(seed, epoch, record) : undefined;
      writeView(from, record, images, i * size, random, options, n * size, turned);
    });
    const shape = batchShape(dataset, n);
    yield {
      images,
      shape,
      labels: Int32Array.from(indices, (record) => labels[record]!),
      indices,
      index,
      count,
    };
  }
}
