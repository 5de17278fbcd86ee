// What stands before the first result: a process loads the package, starts the engine and makes one training step of a
// small network. The comparison counts all that the process does from its beginning.

import { Random, resnet20 } from 'spikegrad';
import { timed, type Work } from '../protocol';
import { engine, factsOf } from './engine';
import { trainingStep } from './network';

export interface FirstStepJob {
  readonly kind: 'first-step';
  readonly width: number;
  readonly timesteps: number;
  readonly batch: number;
}

export async function firstStepWork({ width, timesteps, batch }: FirstStepJob): Promise<Work> {
  const backend = await engine(1);
  const random = new Random(6);
  const images = Float32Array.from({ length: batch * 32 * 32 * 3 }, () => random.normal());
  const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);
  const network = resnet20({ width, timesteps, random: new Random(1) });
  const once = trainingStep(network, { source: 'noise', images, labels });
  return { facts: factsOf(backend), run: (repetitions) => timed(repetitions, once) };
}
