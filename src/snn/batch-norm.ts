// Batch normalisation under the name that it has elsewhere: tdBN without a threshold in its scale. Statistics are taken
// over time, batch, height and width together, as PyTorch's layer takes them of a sequence that is folded into a batch.

import { checkKind, type OptionsOf, optionsBelong, optionTable, whole } from '../options';
import { TdBatchNorm, type TdbnOptions, tdbnOptions } from './tdbn';

/** The constants of {@link BatchNorm2d}. */
export type BatchNorm2dOptions = Pick<TdbnOptions, 'epsilon' | 'momentum'>;

export const batchNorm2dOptions = /* @__PURE__ */ (() =>
  optionTable({
    epsilon: tdbnOptions.specs.epsilon,
    momentum: tdbnOptions.specs.momentum,
  } satisfies OptionsOf<BatchNorm2dOptions>))();

const channelCount = { ...whole({ least: 1 }), advice: optionsBelong('new BatchNorm2d(channels, { … })') };

/**
 * y = weight·(x - μ)/√(σ² + ε) + bias per channel, the last axis: PyTorch's `BatchNorm2d`, with its names in files.
 */
export class BatchNorm2d extends TdBatchNorm {
  constructor(channels: number, options: BatchNorm2dOptions = {}) {
    checkKind('BatchNorm2d', 'channels', channelCount, channels);
    super(channels, { ...batchNorm2dOptions.read('BatchNorm2d', options), vth: 1 });
    if (Object.getPrototypeOf(new.target) === TdBatchNorm) Object.preventExtensions(this);
  }
}
