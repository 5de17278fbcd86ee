// Batches of normalised records in a seeded order. The order comes from (seed, epoch), an image's augmentation from
// (seed, epoch, image): neither the batch size nor starting in the middle nor a worker changes what an image looks
// like.

import { check } from '../../errors';
import { checkKind, flag, type OptionsOf, option, whole } from '../../options';
import { type AugmentOptions, augmentOptions, checkAugmentations } from '../augment';
import { type AnyDataset, checkTrainingData, formOf } from '../float-dataset';
import { checkBatchFits, isStreamed, type TrainingData } from '../stream/dataset';
import { BatchesInMemory } from './in-memory';

export { imageStream } from './make';

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
  /**
   * Threads that make batches while the loop's body runs; for `for await`. They change no number. Default 0: batches
   * are made on the calling thread.
   */
  readonly workers?: number;
  /**
   * Batches that are made, or read, ahead of the one in use; for `for await` over workers or a data set that is read in
   * parts. Default 2.
   */
  readonly prefetch?: number;
}

/** Of more nobody has made use; each is a thread with memory of its own. */
export const aWorkerCount = whole({ least: 0, most: 64 });

export const batchOptions = /* @__PURE__ */ augmentOptions.with({
  batchSize: option(whole({ least: 1 }), 32),
  seed: option(whole(), 0),
  epoch: option(whole(), 0),
  shuffle: option(flag, false),
  start: option(whole({ least: 0 }), 0),
  dropLast: option(flag, false),
  workers: option(aWorkerCount, 0),
  prefetch: option(whole({ least: 0 }), 2),
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

/** Batches in an epoch over `length` images; with `dropLast` only full ones. */
export function batchCount(length: number, batchSize: number, dropLast = false): number {
  checkKind('batchCount', 'length', whole({ least: 0 }), length);
  checkKind('batchCount', 'batchSize', whole({ least: 1 }), batchSize);
  checkKind('batchCount', 'dropLast', flag, dropLast);
  return dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
}

/** One epoch, for either loop: `for await` takes batches that workers make, `for` those of the calling thread. */
export type Batches = Generator<Batch, void, undefined> & AsyncIterable<Batch>;

/**
 * The batches of one epoch. The same options give the same bytes, whatever `workers` and `prefetch` are.
 *
 * ```ts
 * for await (const { images, shape, labels } of batches(dataset, { shuffle: true, augment: ['crop'], workers: 1 }))
 *   step(tensor(images, shape), labels); // [n,H,W,C] and n labels
 * ```
 *
 * With `for` each batch is made when it is asked for. With `for await` workers make them ahead, and a data set that is
 * read in parts (`streamedDataset`) is read ahead; a loop that ends early, by `break` or an error, ends them.
 * @throws SpikegradError at once where an option is out of range or `dropLast` leaves no batch; in the loop where a
 * file cannot be read or a picture not be decoded, naming it; for `for` over workers or a data set that is read
 */
export function batches(dataset: TrainingData, options: BatchOptions = {}): Batches {
  const where = 'batches';
  checkTrainingData(where, dataset);
  const given = batchOptions.read(where, options);
  const { batchSize, start, dropLast } = given;
  const count = batchCount(dataset.length, batchSize, dropLast);
  check(
    count > 0,
    where,
    () => `${dataset.length} images fill no batch of ${batchSize}; take a smaller batchSize or no dropLast`,
  );
  check(start <= count, where, () => `start must be a whole number in 0..${count}, got ${start}`);
  checkAugmentations(given.augment, formOf(dataset), where);
  if (isStreamed(dataset)) checkBatchFits(where, dataset, batchSize);
  return Object.assign(inTurn(dataset, given, count), {
    [Symbol.asyncIterator]: () => besides(dataset, given, count),
  });
}

/** On the calling thread. */
function* inTurn(
  dataset: TrainingData,
  options: Required<BatchOptions>,
  count: number,
): Generator<Batch, void, undefined> {
  const what = isStreamed(dataset) ? `${dataset.name} is read in parts` : 'workers make batches ahead';
  check(
    !isStreamed(dataset) && options.workers === 0,
    'batches',
    () => `${what}, which takes a loop that waits: for await (const batch of batches(…))`,
  );
  yield* generate(dataset as AnyDataset, options, count);
}

/** On workers, or with the reading of files ahead. */
async function* besides(
  dataset: TrainingData,
  options: Required<BatchOptions>,
  count: number,
): AsyncGenerator<Batch, void, undefined> {
  const { workers } = options;
  if (workers === 0 && !isStreamed(dataset)) {
    yield* generate(dataset, options, count);
    return;
  }
  const [{ batchesAhead }, { BatchWorkers }] = await Promise.all([
    import('./ahead'),
    import('./threads/pool'),
  ]);
  const pool = workers === 0 ? undefined : await BatchWorkers.start(workers);
  try {
    yield* batchesAhead(dataset, options, count, () => pool);
  } finally {
    pool?.close();
  }
}

function* generate(
  dataset: AnyDataset,
  options: Required<BatchOptions>,
  count: number,
): Generator<Batch, void, undefined> {
  const records = new BatchesInMemory(dataset, options, count);
  for (let index = options.start; index < count; index++) yield records.batch(index);
}
