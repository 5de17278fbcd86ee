// What a Trainer says of itself: where it stands, what steps and epochs came to, and whom it tells. The loop itself
// is in index.ts.

import {
  aStopSignal,
  callback,
  flag,
  type OptionsOf,
  option,
  optional,
  optionTable,
  type StopSignal,
} from '../../options';
import type { BestEpoch } from '../best';
import type { Evaluation } from '../evaluate';

/** Where a run stands: everything but the tensors. */
export interface TrainerProgress {
  /** Epoch and batch to do next, both from 0. */
  epoch: number;
  batch: number;
  /** Steps done. */
  step: number;
  /** Sums over the images of the epoch so far. */
  lossSum: number;
  correct: number;
  images: number;
  history: EpochMetrics[];
  /** The best epoch so far, with validation. */
  best?: BestEpoch;
}

/** A training step's result. */
export interface StepMetrics {
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  /** Which stretch after a change of the epochs the step belongs to, from 1; absent before the first. */
  readonly continuation?: number;
  readonly lr: number;
  readonly loss: number;
  /** Share of the batch that was classified rightly. */
  readonly accuracy: number;
  /** Norm of all gradients before clipping; only with clipping. */
  readonly gradientNorm?: number;
  readonly images: number;
}

/** An epoch's result. */
export interface EpochMetrics {
  readonly epoch: number;
  readonly step: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  readonly testLoss?: number;
  readonly testAccuracy?: number;
}

/** What a run tells its surroundings. Each may be asynchronous and is waited for. */
export interface TrainerEvents {
  /** After each step. */
  onStep?: (metrics: StepMetrics) => void | Promise<void>;
  /** Called with 0 records before validation and test, then after each batch. */
  onEvaluation?: (images: number, of: number) => void;
  /** After each epoch, with what the test data gave, or where there is none the validation. */
  onEpoch?: (metrics: EpochMetrics, evaluation: Evaluation | undefined) => void | Promise<void>;
  /** Stops the run after the step in progress. */
  signal?: StopSignal;
  /**
   * Looks at every value of every step, forward and backward, and names the operator and layer of the first that is not
   * finite. Slower; the numbers are the same with and without. Default false.
   */
  detectAnomaly?: boolean;
}

const event = <K extends 'onStep' | 'onEvaluation' | 'onEpoch'>(form: string) =>
  optional(callback<NonNullable<TrainerEvents[K]>>(form));

export const trainerEvents = optionTable({
  onStep: event<'onStep'>('a function (metrics)'),
  onEvaluation: event<'onEvaluation'>('a function (images, of)'),
  onEpoch: event<'onEpoch'>('a function (metrics, evaluation)'),
  signal: optional(aStopSignal),
  detectAnomaly: option(flag, false),
} satisfies OptionsOf<TrainerEvents>);
