// Batches for `for await`: made ahead of their use, by workers where there are any, and read from files where they do
// not lie in memory. They come in the order of the epoch, whoever was through first.

import { type AnyDataset, batchShape, formOf } from '../float-dataset';
import { isStreamed, type StreamedDataset, type TrainingData } from '../stream/dataset';
import { streamOrder } from '../stream/order';
import { StreamReader } from '../stream/reader';
import type { Batch, BatchOptions } from '.';
import { BatchesInMemory } from './in-memory';
import { imagesOfJob } from './job';
import { makingOf } from './make';
import type { BatchWorkers } from './threads/pool';

/** Where the next batch is made: by these workers, or on the calling thread. */
export type Workshop = () => BatchWorkers | undefined;

/** Whatever has the records of an epoch. */
interface BatchSource {
  batch(index: number): Promise<Batch>;
  /** Whether a batch more may be made while another is used. */
  mayGoAhead(): boolean;
}

/**
 * @param options with all defaults
 * @param count of batches
 * @param reader of a data set that is read in parts, for whoever looks at what it holds
 */
export async function* batchesAhead(
  dataset: TrainingData,
  options: Required<BatchOptions>,
  count: number,
  workshop: Workshop,
  reader?: StreamReader,
): AsyncGenerator<Batch, void, undefined> {
  const source = isStreamed(dataset)
    ? streamed(dataset, options, count, workshop, reader)
    : inMemory(dataset, options, count, workshop);
  const ahead: Promise<Batch>[] = [];
  for (let index = options.start, next = index; index < count; index++) {
    while (
      next < count &&
      (ahead.length === 0 || (ahead.length <= options.prefetch && source.mayGoAhead()))
    ) {
      const batch = source.batch(next++);
      batch.catch(() => {}); // told when its turn comes, or never if the loop ends before
      ahead.push(batch);
    }
    yield await ahead.shift()!;
  }
}

function inMemory(
  dataset: AnyDataset,
  options: Required<BatchOptions>,
  count: number,
  workshop: Workshop,
): BatchSource {
  const records = new BatchesInMemory(dataset, options, count);
  return {
    mayGoAhead: () => workshop() !== undefined, // alone, a batch made early is only made at another time
    async batch(index) {
      const workers = workshop();
      if (workers === undefined) return records.batch(index);
      return records.batchBy((job) => workers.make(job), index);
    },
  };
}

function streamed(
  stream: StreamedDataset,
  options: Required<BatchOptions>,
  count: number,
  workshop: Workshop,
  reader = new StreamReader(stream, streamOrder(stream, options)),
): BatchSource {
  const { batchSize } = options;
  const form = formOf(stream);
  return {
    mayGoAhead: () => reader.hasRoom(batchSize),
    async batch(index) {
      const [from, to] = [index * batchSize, Math.min((index + 1) * batchSize, stream.length)];
      const taken = await reader.take(from, to);
      const indices = reader.order.records.slice(from, to);
      const job = { form, raw: taken.raw, indices, making: makingOf(options) };
      const images = await (workshop()?.make(job) ?? imagesOfJob(job));
      reader.release(taken);
      return { images, shape: batchShape(stream, to - from), labels: taken.labels, indices, index, count };
    },
  };
}
