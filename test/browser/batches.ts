// Batches of drawn images and of packed pictures, by workers or not, on a page and in Node: it is told which spikegrad
// to use, and imports nothing but types.

import type * as Spikegrad from '../../src/index';

/** A sum for each batch, in which each number counts by its place. @param picture bytes of a PNG of 6x6 */
export async function sums(
  spikegrad: typeof Spikegrad,
  workers: number,
  picture: readonly number[],
): Promise<number[]> {
  const drawn = spikegrad.shapes({ count: 12, seed: 5 });
  const packed = spikegrad.streamedDataset({
    classes: ['a'],
    shape: [6, 6, 3],
    parts: 4,
    read: async (parts) => ({
      labels: parts.map(() => 0),
      pictures: parts.map((part) => ({ bytes: Uint8Array.from(picture), name: String(part) })),
    }),
  });
  const augment = ['crop', 'flip', 'autoaugment', 'cutout'] as const;
  const found: number[] = [];
  for (const dataset of [drawn, packed])
    for await (const { images } of spikegrad.batches(dataset, {
      batchSize: 5,
      shuffle: true,
      augment,
      workers,
    }))
      found.push(images.reduce((sum, value, i) => sum + value * (1 + (i % 97)), 0));
  return found;
}
