// A batch whose gradient goes through one of its time steps: the network runs step by step, its neurons carrying their
// membranes on, and only the step that was drawn is on the tape. Its gradient stands for that of all: drawn evenly,
// T times its share of the mean is what all of them have in the mean, but for what goes back from one step's membranes
// to those before (SLTT-1 of Meng et al., "Towards memory- and time-efficient backpropagation for training spiking
// neural networks", ICCV 2023). Norms see one step at a time, as there.

import { Random } from '../../core/random';
import { noGrad } from '../../core/tape';
import type { Tensor } from '../../core/tensor';
import type { TrainingData } from '../../data/stream/dataset';
import { check } from '../../errors';
import type { Module } from '../../nn/module';
import { add, div, sub } from '../../ops/arithmetic';
import { Delay } from '../../snn/delay';
import { neuronLayers } from '../../snn/neuron-layer';
import { setTimesteps, timestepsOf } from '../../snn/time-steps';
import type { TrainingSettings } from '../settings';

/** Tells the draws from all others of a run's seed. */
const STREAM = 0x6f6e65;

/** Of a step of the run; the same whether it is gone on with or not. */
export function drawnStep(seed: number, step: number, timesteps: number): number {
  return Math.floor(new Random(seed, STREAM, step).uniform() * timesteps);
}

/** Logits of a batch, from which the loss is taken. */
export interface OneStepLogits {
  /** [n,classes], with the numbers of the mean over time and the gradient of the drawn step alone. */
  readonly logits: Tensor;
  /** Those of the drawn step. */
  readonly drawn: Tensor;
}

/**
 * @param forward the network's logits of the batch
 * @param drawn the time step with a gradient
 */
function oneStepLogits(network: Module, forward: () => Tensor, drawn: number): OneStepLogits {
  const timesteps = timestepsOf(network)!;
  const layers = neuronLayers(network).map(([, layer]) => layer);
  const were = layers.map(({ stateful }) => stateful);
  const each: Tensor[] = [];
  try {
    setTimesteps('Trainer', network, 1);
    for (const layer of layers) layer.stateful = true;
    for (let t = 0; t < timesteps; t++) each.push(t === drawn ? forward() : noGrad(forward));
  } finally {
    for (const [i, layer] of layers.entries()) layer.stateful = were[i]!;
    setTimesteps('Trainer', network, timesteps);
  }
  const own = each[drawn]!;
  const mean = noGrad(() =>
    div(
      each.reduce((sum, logits) => add(sum, logits)),
      timesteps,
    ),
  );
  return { logits: add(mean, sub(own, own.detach())), drawn: own };
}

/** Logits of a batch through the time step that a step of the run draws; undefined where there is only one. */
export type OneStep = (step: number) => ((forward: () => Tensor) => OneStepLogits) | undefined;

/**
 * @param seed of the draws
 * @throws where a step cannot be run by itself
 */
export function oneStepOf(
  network: Module,
  train: TrainingData,
  { seed, rateBounds }: Pick<TrainingSettings, 'seed' | 'rateBounds'>,
): OneStep {
  const asked = "gradientSteps 'one' runs a network time step by time step";
  check(
    timestepsOf(network) !== undefined && !('sequences' in train && train.sequences),
    'Trainer',
    () =>
      `${asked}: it is for images that a network repeats (new Direct(T)), ${train.name} brings its time steps`,
  );
  const delay = [...network.modules()].find(([, module]) => module instanceof Delay);
  check(delay === undefined, 'Trainer', () => `${asked}, and its delay ${delay![0]} reaches over several`);
  check(
    rateBounds == null,
    'Trainer',
    () => `${asked}, and rateBounds are for firing rates over all of them: leave one of the two out`,
  );
  return (step) => {
    const timesteps = timestepsOf(network)!; // which phases change
    if (timesteps === 1) return undefined;
    return (forward) => oneStepLogits(network, forward, drawnStep(seed, step, timesteps));
  };
}
