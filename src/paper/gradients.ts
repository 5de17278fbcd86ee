// How the steepness of MPR changes gradients: the same weights and images once without it and once for each k. φ moves no
// membrane across the threshold, so that spikes and loss stay what they are; only what goes back changes.

import { batches } from '../data/batches';
import type { Dataset } from '../data/dataset';
import type { Module } from '../nn/module';
import type { NetworkSettings } from '../train';
import { type GradientNorms, gradientNorms } from '../train/gradient-norms';
import { overall, type SurrogateGain } from '../train/surrogate-gain';
import { deviation, mean } from './statistics';

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
  readonly spread: number | undefined;
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

export interface SteepnessArm extends GradientProfile {
  /** Steepness of MPR; null is none. */
  readonly mpr: number | null;
}

/** What was measured, and on what. */
export interface SteepnessStudy {
  /** `mpr` is what each arm replaces. */
  readonly settings: Omit<NetworkSettings, 'mpr'>;
  /** Where the weights are from, in words. */
  readonly weights: string;
  readonly dataset: string;
  readonly batches: GradientBatches;
  /** The one without MPR first. */
  readonly arms: readonly SteepnessArm[];
}

function profileOf({ losses, layers, neurons }: GradientNorms): GradientProfile {
  return {
    loss: mean(losses),
    layers: layers.map(({ name, kind, norms }) => ({
      name,
      kind,
      norm: mean(norms),
      spread: deviation(norms),
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
): Promise<GradientProfile> {
  const order = batches(images, { batchSize: size, seed, epoch: 0, shuffle: true, augment: [] });
  return profileOf(await gradientNorms(network, first(order, count), onBatch));
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

/** Norm in the first layer over norm in the last convolution: above 1 it has grown on the way back, below it has shrunk. */
export function depthRatio(profile: GradientProfile): number {
  const { first: from, last } = ends(profile);
  return normIn(profile, from) / normIn(profile, last);
}

/** All neurons of a network as one. */
export function allNeurons({ neurons }: GradientProfile): Omit<SurrogateGain, 'name'> {
  return overall(neurons);
}
