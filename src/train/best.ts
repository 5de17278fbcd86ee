// The weights of the best epoch so far, judged on images that are not trained on.

import type { FloatArray } from '../backends/backend';
import type { Module } from '../nn/module';
import type { Evaluation } from './evaluate';

/** The best epoch so far. */
export interface BestEpoch {
  /** From 0. */
  readonly epoch: number;
  /** On the validation images. */
  readonly accuracy: number;
  readonly loss: number;
}

/**
 * Whether an evaluation is better than the best so far: by accuracy, then by loss; of equal ones the first stays. A
 * loss that is not finite never is.
 */
export function isBetter(now: Evaluation, best: BestEpoch | undefined): boolean {
  if (!Number.isFinite(now.loss)) return false;
  if (best === undefined || now.accuracy !== best.accuracy) return now.accuracy > (best?.accuracy ?? -1);
  return now.loss < best.loss;
}

/** All parameters and buffers, in the order of `network.state()`. */
export async function weightsOf(network: Module): Promise<FloatArray[]> {
  return Promise.all([...network.state().values()].map(({ tensor }) => tensor.data()));
}

/** Puts weights back that {@link weightsOf} took. */
export function putWeights(network: Module, weights: readonly FloatArray[]): void {
  [...network.state().values()].forEach(({ tensor }, i) => {
    tensor.overwrite(weights[i]!);
  });
}
