// What the page asks of the training's worker and what the worker tells. Files go to the worker as they are, and
// nowhere else.

import type { EpochMetrics, LayerReport, RunSettings } from 'spikegrad';
import type { ResNetState } from './state';

export type Order =
  /** The first order, given once: a network from the state, or from a checkpoint. */
  | { readonly order: 'start'; readonly wish: Wish }
  | { readonly order: 'train'; readonly steps?: number }
  /** Stop after the step in progress. */
  | { readonly order: 'rest' }
  | { readonly order: 'save' }
  /** Evaluate in integers: the network compiled, or the one of a file. */
  | { readonly order: 'integers'; readonly file?: File }
  /** Go on with another learning rate and number of epochs. */
  | { readonly order: 'retune'; readonly lr: number; readonly epochs: number }
  /** Say again what was said at the start, as it stands now. */
  | { readonly order: 'tell' };

export interface Wish {
  readonly state: ResNetState;
  /** The reader's CIFAR-10 files, if there are any. */
  readonly files: readonly File[];
  readonly checkpoint?: File;
}

/** A training that can begin. */
export interface Ready {
  readonly settings: RunSettings;
  readonly backend: string;
  /** What the reader asked for and did not get, in words. */
  readonly note?: string;
  readonly train: number;
  readonly test: number;
  /** Where the test images come from. */
  readonly held: 'drawn' | 'own file' | 'held back';
  readonly parameters: number;
  readonly steps: number;
  /** Steps and epochs that a checkpoint had behind it. */
  readonly step: number;
  readonly history: readonly EpochMetrics[];
  /** Losses of the batches since it began here, one after the other up to `step`. */
  readonly losses: readonly number[];
}

export interface StepNews {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Images a second over the last steps, without looks and evaluations. */
  readonly rate: number;
}

/** One test image and what the network makes of it. */
export interface Guess {
  /** RGBA, 32x32 or as the data set has them. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly label: number;
  readonly logits: Float32Array;
}

/** The network at rest between two steps: every LIF layer, and a few test images. */
export interface Look {
  readonly layers: readonly LayerReport[];
  readonly classes: readonly string[];
  readonly guesses: readonly Guess[];
}

/** The test images in integers, beside the network in place. */
export interface Integers {
  /** The file's; absent where the network in place was compiled. */
  readonly name?: string;
  /** Where the network in place stood. */
  readonly step: number;
  /** Of a weight. */
  readonly bits: number;
  readonly accuracy: number;
  /** The accuracy of the network in place, in f32. */
  readonly before: number;
  readonly images: number;
  /** An image, in integers. */
  readonly milliseconds: number;
  /** How many times as fast as the network in place. */
  readonly times: number;
  /** Whether all layers are integers, so that every machine gives the same bits. */
  readonly sameBits: boolean;
}

export type News =
  | { readonly news: 'ready'; readonly ready: Ready }
  | { readonly news: 'step'; readonly step: StepNews }
  | { readonly news: 'epoch'; readonly epoch: EpochMetrics }
  /** Goes on, to another last step. */
  | { readonly news: 'retuned'; readonly steps: number; readonly done: boolean }
  | { readonly news: 'look'; readonly look: Look }
  /** It trains no more: as asked, or since the last epoch is over. */
  | { readonly news: 'rested'; readonly done: boolean }
  | { readonly news: 'saved'; readonly bytes: Uint8Array<ArrayBuffer>; readonly step: number }
  | { readonly news: 'integers'; readonly integers: Integers }
  /** What was asked for cannot be, and the training is as it was. */
  | { readonly news: 'refused'; readonly text: string }
  | { readonly news: 'failed'; readonly text: string };
