// Our training step and our inference of a spiking ResNet20, written as a user writes them.

import * as spikegrad from 'spikegrad';
import {
  arctan,
  crossEntropy,
  customSurrogate,
  type LifOptions,
  type Module,
  noGrad,
  probe,
  resnet20,
  Sgd,
  type SpikingResNet20,
  type Surrogate,
  scope,
  tensor,
} from 'spikegrad';
import { type Facts, timed, type Work } from '../protocol';
import { engine, factsOf } from './engine';
import type { ImageBatch } from './images';
import { readStart } from './start';

export interface NetworkJob {
  readonly kind: 'train' | 'infer';
  readonly variant: 'small' | 'wide';
  readonly timesteps: number;
  readonly batch: number;
  readonly threads: number;
  /** File of the common start. */
  readonly start: string;
  /** Inference in integers of so many bits a weight, in builds that have it. */
  readonly integers?: 16 | 8 | 6 | 4;
  /** Left out: the paper's. */
  readonly neuron?: 'soft' | 'own';
}

/** As the entrants in other languages have them. */
const SGD = { lr: 0.05, momentum: 0.9 };

export async function networkWork(job: NetworkJob): Promise<Work> {
  const backend = await engine(job.threads);
  const network = resnet20({ variant: job.variant, timesteps: job.timesteps, ...neuronOf(job) });
  const batch = readStart(job.start, network);
  if (job.kind === 'infer') network.evaluate();
  const lossOfFirstImage = inference(network, firstOf(batch))();
  // in integers the batch never goes through the network in f32, whose memory would count
  const rates: Facts = job.integers === undefined ? { firingRate: await rateOf(network, batch) } : {};
  const once =
    job.kind === 'train' ? trainingStep(network, batch) : inference(await forInference(network, job), batch);
  const facts = { ...factsOf(backend), ...rates, images: batch.source, lossOfFirstImage };
  return { facts, run: (repetitions) => timed(repetitions, once) };
}

/** The network, or the same in integers: builds before those have no `compile`. */
async function forInference(network: SpikingResNet20, { integers }: NetworkJob): Promise<Module> {
  if (integers === undefined || !('compile' in spikegrad)) return network;
  return spikegrad.compile(network, { weights: integers, inputShape: [32, 32, 3] });
}

function neuronOf({ neuron }: NetworkJob): { readonly neuron?: LifOptions } {
  if (neuron === undefined) return {};
  return {
    neuron: neuron === 'soft' ? { reset: 'soft', surrogate: arctan() } : { surrogate: ownSurrogate() },
  };
}

/** u/(1 + |u|) as a text or, in a build that takes none, as functions. */
function ownSurrogate(): Surrogate {
  const about = { name: 'own', integral: 2 };
  try {
    return customSurrogate({ ...about, value: 'u/(1 + abs(u))', derivative: '1/(1 + abs(u))^2' });
  } catch {
    const value = (u: number) => u / (1 + Math.abs(u));
    return customSurrogate({ ...about, value, derivative: (u: number) => 1 / (1 + Math.abs(u)) ** 2 });
  }
}

function firstOf({ source, images, labels }: ImageBatch): ImageBatch {
  return { source, images: images.slice(0, images.length / labels.length), labels: labels.slice(0, 1) };
}

/** One step of SGD on the batch. Calling it gives the loss before the step. */
export function trainingStep(network: Module, { images, labels }: ImageBatch): () => number {
  const sgd = new Sgd(network.parameters(), SGD);
  return () => {
    const loss = scope(() => {
      const value = crossEntropy(network.call(tensor(images, [labels.length, 32, 32, 3])), labels);
      value.backward();
      return value.itemSync();
    });
    sgd.step();
    sgd.zeroGrad();
    return loss;
  };
}

/** The loss of the batch, nothing recorded. */
function inference(network: Module, { images, labels }: ImageBatch): () => number {
  return () =>
    noGrad(() =>
      scope(() => crossEntropy(network.call(tensor(images, [labels.length, 32, 32, 3])), labels).itemSync()),
    );
}

/** Mean firing rate of the network's neurons on the batch. */
export async function rateOf(network: Module, { images, labels }: ImageBatch): Promise<number> {
  const looking = probe(network, { membranes: false });
  noGrad(() => scope(() => void network.call(tensor(images, [labels.length, 32, 32, 3]))));
  const { layers } = await looking.report();
  looking.detach();
  const neurons = layers.reduce((sum, layer) => sum + layer.neurons, 0);
  const spikes = layers.reduce((sum, layer) => sum + layer.neurons * layer.rate, 0);
  return Number((spikes / neurons).toFixed(3));
}
