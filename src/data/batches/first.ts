// The first batch of a data set, to try a network on.

import { SpikegradError } from '../../errors';
import type { TrainingData } from '../stream/dataset';
import { type Batch, batches } from '.';

/** @param most records, if there are so many @returns numbers of its own */
export async function firstBatch(dataset: TrainingData, most: number): Promise<Batch> {
  for await (const batch of batches(dataset, { batchSize: Math.min(most, dataset.length) }))
    return { ...batch, images: batch.images.slice() };
  throw new SpikegradError('batches', 'there is no batch');
}
