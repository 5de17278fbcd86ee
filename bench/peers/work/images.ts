// A batch of real images where there are any, else of noise: firing rates, and so the speed of spike kernels, depend on
// what a network sees.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { batches, Random } from 'spikegrad';
import { loadDataset } from 'spikegrad/node';

export interface ImageBatch {
  /** What they are, for the report. */
  readonly source: string;
  /** [N,32,32,3], normalised. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

const SHARED = process.env.SPIKEGRAD_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));

/** The first images of CIFAR-10 in `SPIKEGRAD_SHARED`/data/cifar10, or N(0,1) noise where there is no such folder. */
export async function imageBatch(count: number): Promise<ImageBatch> {
  const folder = `${SHARED}/data/cifar10`;
  if (!existsSync(folder)) {
    const random = new Random(5);
    return {
      source: 'noise',
      images: Float32Array.from({ length: count * 32 * 32 * 3 }, () => random.normal()),
      labels: Int32Array.from({ length: count }, (_, i) => i % 10),
    };
  }
  const data = await loadDataset('cifar10', 'train', folder, { limit: count });
  const [batch] = batches(data, { batchSize: count, seed: 0, epoch: 0, shuffle: false, augment: [] });
  return { source: 'CIFAR-10', images: batch!.images, labels: Int32Array.from(batch!.labels) };
}
