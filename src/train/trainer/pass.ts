// One batch forward and backward: the logits and the loss that a run is trained by.

import { tensor } from '../../core/create';
import { scope } from '../../core/scope';
import type { Tensor } from '../../core/tensor';
import type { Batch } from '../../data/batches';
import type { TrainingData } from '../../data/stream/dataset';
import { check } from '../../errors';
import type { Module } from '../../nn/module';
import { add } from '../../ops/arithmetic';
import { reshape } from '../../ops/layout';
import { crossEntropy } from '../../ops/loss';
import { TimeMean } from '../../snn/encoder';
import type { HeldRates } from '../../snn/hold-rates';
import { logitsOf } from '../logits';
import type { TrainingSettings } from '../settings';
import type { OneStep, OneStepLogits } from './one-step';

/** What a pass leaves besides the gradients; to be disposed. */
export interface Pass {
  readonly x: Tensor;
  readonly loss: Tensor;
  /** [n,classes], the mean over time. */
  readonly logits: Tensor;
}

/**
 * Gradients of the network's parameters for one batch.
 * @param rates whose penalty is part of the loss
 * @param oneStep where the gradient goes through one time step
 */
export function forwardAndBackward(
  network: Module,
  batch: Batch,
  train: TrainingData,
  { loss: of = 'mean', labelSmoothing = 0 }: Pick<TrainingSettings, 'loss' | 'labelSmoothing'>,
  rates?: HeldRates,
  oneStep?: ReturnType<OneStep>,
): Pass {
  return scope(() => {
    const x = tensor(batch.images, batch.shape);
    network.reset(); // a batch is no continuation of the one before
    const forward = () => logitsOf('Trainer', network, x, batch, train);
    const { logits, judged } =
      oneStep !== undefined
        ? ofOneStep(oneStep(forward), of)
        : of === 'tet'
          ? withEachStep(network, forward)
          : alone(forward());
    const times = judged.shape[0]! / batch.labels.length;
    const labels = times === 1 ? batch.labels : repeated(batch.labels, times);
    const entropy = crossEntropy(judged, labels, labelSmoothing === 0 ? {} : { labelSmoothing });
    const loss = rates === undefined ? entropy : add(entropy, rates.penalty());
    loss.backward();
    return { x, loss, logits };
  });
}

interface JudgedLogits {
  readonly logits: Tensor;
  readonly judged: Tensor;
}

const alone = (logits: Tensor): JudgedLogits => ({ logits, judged: logits });

/** TET's mean of cross-entropies has in each step's place the one that was drawn. */
const ofOneStep = ({ logits, drawn }: OneStepLogits, of: TrainingSettings['loss']): JudgedLogits => ({
  logits,
  judged: of === 'tet' ? drawn : logits,
});

/**
 * The logits of all time steps [T·n,classes] beside their mean: the loss is then (1/T)·Σ CE(logits[t], labels), that of
 * TET (Deng et al., "Temporal efficient training", ICLR 2022, eq. 9) without its regulariser.
 */
function withEachStep(network: Module, forward: () => Tensor): JudgedLogits {
  const found: Tensor[] = [];
  const removes = [...network.modules()].flatMap(([, module]) =>
    module instanceof TimeMean
      ? [
          module.onForward((input) => {
            const [steps, count, classes] = input.shape as [number, number, number];
            found.push(reshape(input, [steps * count, classes]));
          }),
        ]
      : [],
  );
  try {
    const logits = forward();
    const [judged] = found;
    check(
      judged !== undefined,
      'Trainer',
      "the loss tet is of each time step's logits, and the network has no TimeMean that they go through",
    );
    return { logits, judged };
  } finally {
    for (const remove of removes) remove();
  }
}

function repeated(labels: Int32Array, times: number): Int32Array {
  const all = new Int32Array(times * labels.length);
  for (let t = 0; t < times; t++) all.set(labels, t * labels.length);
  return all;
}
