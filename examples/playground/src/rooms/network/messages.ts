// What the page asks of the training and what it answers.

import type { Points } from './points';
import type { NetworkKind, TrainingSettings } from './state';

export type Request =
  | { readonly ask: 'begin'; readonly settings: TrainingSettings }
  /** Trains so many steps further, and reports. */
  | { readonly ask: 'advance'; readonly steps: number };

/** One layer of spiking neurons. */
export interface LayerPicture {
  readonly neurons: number;
  /** O at every point of the grid, [T, GRID·GRID, neurons], rows of the grid from top to bottom. */
  readonly spikes: Uint8Array;
  /** Share of neurons that fire, over all test points and time steps. */
  readonly rate: number;
  /** Mean |H - O| and |Ĥ - O| over the same; absent for a neuron of the reader's own, which has no H and Ĥ. */
  readonly error?: { readonly before: number; readonly after: number };
  /** What the layer has learnt besides weights, by the name in its equations. */
  readonly learned: Readonly<Record<string, number>>;
}

/** Mean cross-entropy over all points, and the share of them that are told right. */
export interface Score {
  readonly loss: number;
  readonly right: number;
}

export interface NetworkPicture {
  readonly kind: NetworkKind;
  readonly train: Score;
  readonly test: Score;
  /** Probability of class 1 at every point of the grid. */
  readonly decision: Float32Array;
  readonly layers: readonly LayerPicture[];
}

/** Losses after a step, of each network in turn. */
export interface Losses {
  readonly step: number;
  readonly train: readonly number[];
  readonly test: readonly number[];
}

export interface Snapshot {
  readonly step: number;
  /** Time steps. */
  readonly T: number;
  readonly train: Points;
  readonly test: Points;
  /** In the order of `kindsOf`. */
  readonly networks: readonly NetworkPicture[];
  /** Taken at fixed steps, from the first to the present one. */
  readonly history: readonly Losses[];
}

export type Answer = { readonly snapshot: Snapshot } | { readonly error: string };

/** Points of the grid along a side, and how far it reaches from the middle. */
export const GRID = 41;
export const REACH = 1.2;
