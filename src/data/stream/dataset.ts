// Data sets that are larger than memory: what is known of all records, and a function that reads some of them. In which
// order they are read is order.ts's business, what is held meanwhile reader.ts's.

import { check, SpikegradError } from '../../errors';
import {
  anObject,
  callback,
  either,
  finite,
  flag,
  listOf,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  required,
  text,
  whole,
} from '../../options';
import type { Packed } from '../batches/unpack';
import type { AnyDataset } from '../float-dataset';

/** Records of one or more parts, one behind the other: their labels, and their numbers or pictures that are packed. */
export interface StreamedRecords {
  /** [n] */
  readonly labels: ArrayLike<number>;
  /** [n,...shape], of the kind that the data set's `numbers` says. */
  readonly values?: Uint8Array | Float32Array;
  /** PNG or JPEG, in the place of `values`: unpacked where batches are made, in a worker if there is one. */
  readonly pictures?: readonly Packed[];
}

/** Labelled records that are read in parts. `streamedDataset` makes one. */
export interface StreamedDataset {
  readonly name: string;
  /** The name of each label. */
  readonly classes: readonly string[];
  /** How many records there are. */
  readonly length: number;
  /** Of one record: [H,W,C], [features], …; of a sequence [T,...]. */
  readonly shape: readonly number[];
  /** Whether records are sequences: a batch of n is then [T,n,...]. */
  readonly sequences: boolean;
  /** Bytes stand for 0 to 1, 0 to 255; floats are taken as they are. */
  readonly numbers: 'bytes' | 'floats';
  /** What is subtracted, one number for each entry of the last axis. */
  readonly mean: readonly number[];
  /** What the numbers are divided by then. */
  readonly deviation: readonly number[];
  /** [parts], how many records each has. */
  readonly sizes: Uint32Array;
  /** [parts], bytes that each takes. */
  readonly bytes: Float64Array;
  /** Bytes that what is read may take, besides the batches that are made of it. */
  readonly memory: number;
  /** What tells these records from others. */
  readonly content: string;
  /** The records of some parts, one part behind the other; unchecked. */
  read(parts: readonly number[]): Promise<StreamedRecords>;
}

/** Whatever can be trained on: a data set in memory, or one that is read in parts. */
export type TrainingData = AnyDataset | StreamedDataset;

/** What a streamed data set is made of. */
export interface StreamedDatasetOptions {
  /** What it is called. Default 'stream'. */
  readonly name?: string;
  /** The name of each label. */
  readonly classes: readonly string[];
  /** Of one record: [H,W,C], [features], …; of a sequence [T,...]. */
  readonly shape: readonly number[];
  /** Whether records are sequences: a batch of n is then [T,n,...]. Default false. */
  readonly sequences?: boolean;
  /** Bytes stand for 0 to 1, 0 to 255; floats are taken as they are. Default bytes. */
  readonly numbers?: 'bytes' | 'floats';
  /** Subtracted, one number or one for each entry of the last axis. Default 0. */
  readonly mean?: number | readonly number[];
  /** What the numbers are divided by then. Default 1. */
  readonly deviation?: number | readonly number[];
  /** Records of each part that is read at once, such as a file: a list, or how many parts of one record there are. */
  readonly parts: readonly number[] | number;
  /** Bytes that each part takes where its pictures are packed. Default: those of its numbers. */
  readonly bytes?: readonly number[];
  /** Reads parts, by their numbers from 0: their records, one part behind the other. */
  readonly read: (parts: readonly number[]) => Promise<StreamedRecords>;
  /** Bytes that what is read may take, besides the batches that are made of it. Default 256 MiB. */
  readonly memory?: number;
  /** What tells these records from others, such as names and sizes of their files. Default: the name alone. */
  readonly content?: string;
}

const count = whole({ least: 1 });

export const streamedDatasetOptions = /* @__PURE__ */ optionTable({
  name: option(text, 'stream'),
  classes: required(listOf(text)),
  shape: required(listOf(count)),
  sequences: option(flag, false),
  numbers: option(oneOf(['bytes', 'floats']), 'bytes'),
  mean: option(either(finite(), listOf(finite())), 0),
  deviation: option(either(finite({ above: 0 }), listOf(finite({ above: 0 }))), 1),
  parts: required(either(count, listOf(count))),
  bytes: optional(listOf(count), 'those of its numbers'),
  read: required(callback<StreamedDatasetOptions['read']>('a function (parts)')),
  memory: option(count, 2 ** 28, '256 MiB'),
  content: optional(text, 'the name alone'),
} satisfies OptionsOf<StreamedDatasetOptions>);

const WHERE = 'streamedDataset';

/** It can only be read whole: whoever has room for that may do so. */
export class ReadWholeError extends SpikegradError {}

/**
 * A data set that need not fit into memory: for `Trainer`, `evaluate` and `for await (const batch of batches(…))`. It
 * runs wherever `read` does, in Node and in browsers.
 *
 * ```ts
 * const shards = streamedDataset({
 *   classes: ['cat', 'dog'],
 *   shape: [32, 32, 3],
 *   parts: [1000, 1000, 500], // records of each file
 *   read: async (parts) => recordsOf(parts), // { labels: [n], values: [n,32,32,3] }
 * });
 * ```
 *
 * Where all parts have one record, an epoch's order is that of the same records in memory. Else parts come in an order
 * that is drawn, and of as many of them as take a third of `memory` the records in one that is drawn, so that the
 * order depends on `memory`.
 * @throws SpikegradError where a third of `memory` is less than a part takes, or numbers do not fit each other
 */
export function streamedDataset(options: StreamedDatasetOptions): StreamedDataset {
  const given = streamedDatasetOptions.read(WHERE, options);
  const { name, classes, shape, sequences, numbers, parts, memory } = given;
  check(
    classes.length > 0 && shape.length > 0,
    WHERE,
    () => `${name}: classes and shape need one entry at least`,
  );
  check(!sequences || shape.length >= 2, WHERE, () => `${name}: a sequence is [T,...], got shape [${shape}]`);
  const channels = shape.at(-1)!;
  const each = bytesOfRecord({ shape, numbers });
  const sizes = typeof parts === 'number' ? new Uint32Array(parts).fill(1) : Uint32Array.from(parts);
  check(sizes.length > 0, WHERE, () => `${name}: there is no part; a data set needs at least one record`);
  check(
    given.bytes === undefined || given.bytes.length === sizes.length,
    WHERE,
    () => `${name}: bytes has ${given.bytes!.length} numbers for ${sizes.length} parts`,
  );
  const bytes = Float64Array.from(sizes, (records, part) => given.bytes?.[part] ?? records * each);
  const largest = bytes.reduce((most, one) => Math.max(most, one), 0);
  const dataset: StreamedDataset = {
    name,
    classes,
    length: sizes.reduce((sum, records) => sum + records, 0),
    shape,
    sequences,
    numbers,
    mean: byChannel(name, 'mean', given.mean, channels),
    deviation: byChannel(name, 'deviation', given.deviation, channels),
    sizes,
    bytes,
    memory,
    content: given.content ?? name,
    read: given.read,
  };
  if (!isSingle(dataset) && 3 * largest > memory)
    throw new ReadWholeError(
      WHERE,
      `${name}: its largest part takes ${inMegabytes(largest)}, and three of that size must fit into memory ${inMegabytes(memory)}: at least ${3 * largest} bytes`,
    );
  return dataset;
}

/** Whether each part is one record, so that any record can be read by itself. */
export const isSingle = ({ sizes, length }: StreamedDataset) => sizes.length === length;

/** Bytes of one record, unpacked. */
export function bytesOfRecord({ shape, numbers }: Pick<StreamedDataset, 'shape' | 'numbers'>): number {
  return shape.reduce((product, axis) => product * axis, numbers === 'bytes' ? 1 : 4);
}

/** Bytes that records of batches on their way may take, of all that may be held. */
export function roomForBatches(stream: StreamedDataset): number {
  return isSingle(stream) ? stream.memory : stream.memory / 3;
}

/** @throws where not even one batch fits */
export function checkBatchFits(where: string, stream: StreamedDataset, batchSize: number): void {
  const needed = Math.min(batchSize, stream.length) * bytesOfRecord(stream);
  const room = roomForBatches(stream);
  check(
    needed <= room,
    where,
    () =>
      `a batch of ${batchSize} takes ${inMegabytes(needed)}, and ${stream.name} leaves ${inMegabytes(room)} of its memory ${inMegabytes(stream.memory)} to batches; take a smaller batchSize or more memory`,
  );
}

export const inMegabytes = (bytes: number) => `${(bytes / 1e6).toPrecision(3)} MB`;

function byChannel(
  name: string,
  what: string,
  given: number | readonly number[],
  channels: number,
): readonly number[] {
  if (typeof given === 'number') return new Array<number>(channels).fill(given);
  check(
    given.length === channels,
    WHERE,
    () => `${name}: ${what} has ${given.length} numbers for ${channels} entries of the last axis`,
  );
  return given;
}

/** Whether it is a data set that is read in parts. */
export function isStreamed(value: unknown): value is StreamedDataset {
  return anObject.holds(value) && typeof value.read === 'function' && value.sizes instanceof Uint32Array;
}
