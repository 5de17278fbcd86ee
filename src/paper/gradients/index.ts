// How MPR and factors on the gradient change gradients: the same weights and images once without and once for each
// arm. φ moves no membrane across the threshold, so that spikes and loss stay what they are; only what goes back
// changes.

import { batches } from '../../data/batches';
import type { Dataset } from '../../data/dataset';
import { check } from '../../errors';
import type { Module } from '../../nn/module';
import { lifLayers } from '../../snn/neuron-layer';
import { neuronOf } from '../../snn/options';
import type { NetworkSettings } from '../../train';
import { type GradientNorms, gradientNorms } from '../../train/gradients/norms';
import { overall, type SurrogateGain } from '../../train/gradients/surrogate-gain';
import type { Arm } from '../arm';
import { deviation, mean } from '../statistics';
import { type GainBounds, type NeuronSlope, type Predictions, predictGains } from './predicted-gain';

/** The images that gradients are measured on: the first batches of a seeded order, without augmentation. */
export interface GradientBatches {
  readonly count: number;
  readonly size: number;
  readonly seed: number;
}

export interface LayerGradient {
  /** The layer's name in the network. */
  readonly name: string;
  readonly kind: 'conv' | 'linear';
  /** ‖∂L/∂W‖₂, mean over the batches. */
  readonly norm: number;
  /** Standard deviation over the batches; undefined for one. */
  readonly deviation: number | undefined;
}

/** What one pass over the batches measured. */
export interface GradientProfile {
  /** Mean cross-entropy of the batches. */
  readonly loss: number;
  /** Convolutions and linear layers, in order of registration. */
  readonly layers: readonly LayerGradient[];
  /** LIF layers, on the first batch. */
  readonly neurons: readonly SurrogateGain[];
}

/** With what is predicted from firing rates, beside what was measured. */
export interface PredictedProfile extends GradientProfile {
  readonly gains: Predictions;
}

export interface SteepnessArm extends PredictedProfile, Arm {}

/** What was measured, and on what. */
export interface SteepnessStudy {
  /** Those that every arm has. */
  readonly settings: Omit<NetworkSettings, 'mpr' | 'gradientScale'>;
  /** Where the weights are from, in words. */
  readonly weights: string;
  readonly dataset: string;
  readonly batches: GradientBatches;
  /** The one without MPR first. */
  readonly arms: readonly SteepnessArm[];
}

/** Of every neuron layer. @throws for a rectifier made of operators */
function slopesOf(network: Module): Map<string, NeuronSlope> {
  return new Map(
    lifLayers(network).map(([name, layer]) => {
      const { vth, rectifier, surrogate } = neuronOf('gradientProfile', layer.options);
      check(
        typeof rectifier !== 'function',
        'gradientProfile',
        () => `${name} has a rectifier made of operators, whose slope is not known`,
      );
      const slope = (h: number) =>
        surrogate.derivative((rectifier?.value(h) ?? h) - vth) * (rectifier?.derivative(h) ?? 1);
      return [name, { vth, squared: (h: number) => slope(h) ** 2 }];
    }),
  );
}

function profileOf(
  { losses, layers, neurons, spikes }: GradientNorms,
  slopes: ReadonlyMap<string, NeuronSlope>,
): PredictedProfile {
  return {
    gains: predictGains(spikes, slopes),
    loss: mean(losses),
    layers: layers.map(({ name, kind, norms }) => ({
      name,
      kind,
      norm: mean(norms),
      deviation: deviation(norms),
    })),
    neurons,
  };
}

/** Gradients of a network on the chosen batches; the same choice gives the same images. Running statistics move. */
export async function gradientProfile(
  network: Module,
  images: Dataset,
  { count, size, seed }: GradientBatches,
  onBatch?: (done: number) => void,
): Promise<PredictedProfile> {
  const order = batches(images, { batchSize: size, seed, epoch: 0, shuffle: true, augment: [] });
  return profileOf(await gradientNorms(network, first(order, count), onBatch), slopesOf(network));
}

function* first<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    yield item;
    if (++taken === count) return;
  }
}

/** The norm in the layer of that name; NaN where there is none. */
export function normIn({ layers }: GradientProfile, name: string): number {
  return layers.find((layer) => layer.name === name)?.norm ?? Number.NaN;
}

/** The first layer and the last convolution: between them a gradient passes every neuron's surrogate. */
export function ends({ layers }: GradientProfile): { first: string; last: string } {
  const convolutions = layers.filter(({ kind }) => kind === 'conv');
  return { first: layers[0]?.name ?? '', last: (convolutions.at(-1) ?? layers.at(-1))?.name ?? '' };
}

/**
 * Norm in the first layer over norm in the last convolution: above 1 it has grown on the way back, below it has shrunk.
 */
export function depthRatio(profile: GradientProfile): number {
  const { first: from, last } = ends(profile);
  return normIn(profile, from) / normIn(profile, last);
}

/** All neurons of a network as one. */
export function allNeurons({ neurons }: GradientProfile): Omit<SurrogateGain, 'name'> {
  return overall(neurons);
}

/** What was measured, and the bounds of what was predicted. */
export interface Compared {
  readonly measured: number;
  readonly predicted: GainBounds;
}

/** The gain of a convolution with the neurons behind it, as the geometric mean over all whose gain is predicted. */
export function layerGain({ gains }: PredictedProfile): Compared | undefined {
  const paths = gains.paths.filter(({ gain, predicted }) => gain !== undefined && predicted !== undefined);
  if (paths.length === 0) return undefined;
  const over = (value: (path: (typeof paths)[number]) => number) =>
    Math.exp(mean(paths.map((path) => Math.log(value(path)))));
  return {
    measured: over(({ gain }) => gain!),
    predicted: [over(({ predicted }) => predicted![0]), over(({ predicted }) => predicted![1])],
  };
}

/** ‖∂L/∂O‖ at the first neuron layer's spikes over that at the last layer's. */
export function spikeRatio({ gains: { neurons } }: PredictedProfile): Compared | undefined {
  const [first] = neurons;
  return first?.predicted === undefined
    ? undefined
    : { measured: first.measured, predicted: first.predicted };
}
