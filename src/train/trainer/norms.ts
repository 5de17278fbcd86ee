// The running statistics of a network's norms, measured anew: where its time steps change, those of before are of
// other sums, and would need many steps to follow.

import { tensor } from '../../core/create';
import { scope } from '../../core/scope';
import { noGrad } from '../../core/tape';
import { batchCount, batchOptions } from '../../data/batches';
import { batchesAhead } from '../../data/batches/ahead';
import type { TrainingData } from '../../data/stream/dataset';
import type { Module } from '../../nn/module';
import { TdBatchNorm } from '../../snn/tdbn';
import type { TrainingSettings } from '../settings';

/**
 * Puts the means of the statistics of the first batches of an epoch in the place of the running ones. Weights stay.
 * @param count batches; all of the epoch where it has fewer
 */
export async function measureNorms(
  network: Module,
  train: TrainingData,
  count: number,
  epoch: number,
  { batch: batchSize, seed, augment }: Pick<TrainingSettings, 'batch' | 'seed' | 'augment'>,
): Promise<void> {
  const norms = [...network.modules()]
    .map(([, module]) => module)
    .filter((module) => module instanceof TdBatchNorm);
  const usual = norms.map(({ options }) => options);
  network.train();
  try {
    let seen = 0;
    const drawn = batchOptions.read('Trainer', { batchSize, seed, epoch, shuffle: true, augment });
    const some = Math.min(count, batchCount(train.length, batchSize));
    for await (const batch of batchesAhead(train, drawn, some, () => undefined)) {
      seen++;
      // 1, 1/2, 1/3, …: what is running is the mean of all so far
      for (const [i, norm] of norms.entries()) norm.options = { ...usual[i], momentum: 1 / seen };
      const logits = noGrad(() =>
        scope(() => {
          network.reset();
          return network.call(tensor(batch.images, batch.shape));
        }),
      );
      await logits.data(); // a lazy backend has computed it by now
      logits.dispose();
    }
  } finally {
    for (const [i, norm] of norms.entries()) norm.options = usual[i]!;
    network.reset();
  }
}
