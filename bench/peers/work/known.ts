// A training step of a network that people know, from the common start; python/jelly.py has SpikingJelly's own. Its
// first two losses are told: the second one depends on every gradient of the first step.

import * as spikegrad from 'spikegrad'; // as a whole: an older build that is loaded with this has not all of them
import { timed, type Work } from '../protocol';
import { engine, factsOf } from './engine';
import { rateOf, trainingStep } from './network';
import { readStart } from './start';

export interface KnownJob {
  readonly kind: 'known';
  /** 'large': behind SpikingJelly's stem for large images. */
  readonly network: 'vgg9' | 'sew-resnet18' | 'sew-resnet18-large';
  readonly width: number;
  readonly timesteps: number;
  readonly batch: number;
  readonly threads: number;
  /** File of the common start. */
  readonly start: string;
}

/** Neurons as SpikingJelly's `LIFNode(2.0, decay_input=False, surrogate_function=ATan())`. */
export function knownNetwork({
  network,
  width,
  timesteps,
}: Pick<KnownJob, 'network' | 'width' | 'timesteps'>): spikegrad.Module {
  const { arctan, Random, sewResnet, vgg } = spikegrad;
  const options = {
    width,
    timesteps,
    neuron: { tau: 0.5, vth: 1, surrogate: arctan() },
    random: new Random(1),
  };
  if (network === 'vgg9') return vgg(options);
  return sewResnet({ ...options, stem: network === 'sew-resnet18' ? 'small' : 'large' });
}

export async function knownWork(job: KnownJob): Promise<Work> {
  const backend = await engine(job.threads);
  const network = knownNetwork(job);
  const batch = readStart(job.start, network);
  const firingRate = await rateOf(network, batch);
  const once = trainingStep(network, batch);
  const [firstLoss, secondLoss] = [once(), once()];
  const facts = { ...factsOf(backend), firingRate, images: batch.source, firstLoss, secondLoss };
  return { facts, run: (repetitions) => timed(repetitions, once) };
}
