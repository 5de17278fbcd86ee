// What a training step takes, in milliseconds of processor time: all kinds of step in turn, so that a busy moment does
// not fall on one of them alone.

import { type Batch, batches } from '../../src/data/batches';
import type { Dataset } from '../../src/data/dataset';
import { init } from '../../src/init';
import type { Module } from '../../src/nn/module';
import type { Optimizer } from '../../src/optim';
import { setTimesteps } from '../../src/snn/time-steps';
import { buildNetwork, type RunSettings } from '../../src/train';
import { optimizerOf } from '../../src/train/settings/descent';
import { oneStepOf } from '../../src/train/trainer/one-step';
import { forwardAndBackward } from '../../src/train/trainer/pass';
import { median } from '../peers/statistics';

/** What the cost of a step depends on. */
export function kindOfStep(settings: RunSettings, timesteps: number): string {
  const { batch, optimizer = 'sgd', mpr, neuron = 'lif', gradientSteps = 'all' } = settings;
  return [
    `T=${timesteps} batch ${batch} ${optimizer}`,
    ...(mpr === null ? [] : ['mpr']),
    ...(neuron === 'lif' ? [] : ['own neuron']),
    ...(gradientSteps === 'all' || timesteps === 1 ? [] : ['one gradient']),
  ].join(' ');
}

interface Work {
  readonly network: Module;
  readonly optimizer: Optimizer;
  readonly settings: RunSettings;
  readonly timesteps: number;
  readonly batch: Batch;
  readonly times: number[];
}

/** Median milliseconds of a step, by its kind. */
export async function costOfSteps(
  wanted: readonly { readonly settings: RunSettings; readonly timesteps: number }[],
  train: Dataset,
  rounds: number,
): Promise<Record<string, number>> {
  await init({ backend: 'wasm', threads: 1, seed: 0 });
  const kinds = new Map(wanted.map((one) => [kindOfStep(one.settings, one.timesteps), one]));
  const works = [...kinds.values()].map(({ settings, timesteps }): Work => {
    const network = buildNetwork(settings);
    const [batch] = batches(train, { batchSize: settings.batch });
    return {
      ...{ network, settings, timesteps, batch: batch!, times: [] },
      optimizer: optimizerOf(network, { ...settings, lr: settings.lr / 10 }),
    };
  });
  for (let round = -2; round < rounds; round++)
    for (const work of works) {
      const took = await step(work, train);
      if (round >= 0) work.times.push(took);
    }
  return Object.fromEntries([...kinds.keys()].map((kind, i) => [kind, median(works[i]!.times)]));
}

async function step(
  { network, optimizer, settings, timesteps, batch }: Work,
  train: Dataset,
): Promise<number> {
  setTimesteps('costOfSteps', network, timesteps);
  const began = process.cpuUsage();
  const oneStep = settings.gradientSteps === 'one' ? oneStepOf(network, train, settings)(0) : undefined;
  const { x, loss, logits } = forwardAndBackward(network, batch, train, settings, undefined, oneStep);
  await Promise.all([loss.data(), logits.data()]);
  optimizer.step();
  optimizer.zeroGrad();
  for (const done of [x, loss, logits]) done.dispose();
  for (const parameter of network.parameters()) await parameter.data();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
