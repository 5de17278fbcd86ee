// Gradients through training: each arm is trained, and before the first epoch and after each its gradients are
// measured on the same images, and predicted from the firing rates of the moment. It is measured on a copy: the
// training does not notice.

import { manualSeed } from '../../../core/engine';
import type { Dataset } from '../../../data/dataset';
import type { StopSignal } from '../../../options';
import { buildNetwork, type RunSettings, trainingSettings } from '../../../train';
import { putWeights, weightsOf } from '../../../train/best';
import { LostRunError } from '../../../train/numbers/lost-run';
import { Trainer } from '../../../train/trainer';
import { type Arm, settingsOfArm } from '../../arm';
import { mean } from '../../statistics';
import { type GradientBatches, gradientProfile, layerGain, type PredictedProfile } from '..';

/** An arm after so many epochs; 0 is the start. */
export interface TrainedProfile extends PredictedProfile {
  readonly epoch: number;
  /** Of the epoch before; undefined at the start. */
  readonly trainAccuracy?: number;
}

export interface TrainedArm extends Arm {
  /** From the start on. */
  readonly epochs: readonly TrainedProfile[];
  /** What was said when its numbers were no longer finite, and it could not be trained on. */
  readonly lost?: string;
}

/** What was trained and measured, and on what. */
export interface TrainingStudy {
  /** Those that every arm has. */
  readonly settings: Omit<RunSettings, 'mpr' | 'gradientScale'>;
  readonly dataset: string;
  readonly batches: GradientBatches;
  readonly arms: readonly TrainedArm[];
}

/** What the training tells while it goes on. */
export interface TrainingWatch {
  readonly signal?: StopSignal;
  readonly onStep?: (step: number, of: number) => void;
}

/** @returns undefined when it was stopped */
export async function trainedArm(
  settings: RunSettings,
  arm: Arm,
  images: Dataset,
  batches: GradientBatches,
  { signal, onStep }: TrainingWatch = {},
): Promise<TrainedArm | undefined> {
  const own = { ...settings, ...settingsOfArm(arm) };
  manualSeed(own.seed); // every arm starts with the same weights
  const network = buildNetwork(own);
  const copy = buildNetwork(own);
  const trainer = new Trainer(network, images, trainingSettings(own));
  const epochs: TrainedProfile[] = [];
  const measure = async (trainAccuracy?: number) => {
    putWeights(copy, await weightsOf(network));
    const profile = await gradientProfile(copy, images, batches);
    epochs.push({ ...profile, epoch: epochs.length, ...(trainAccuracy !== undefined && { trainAccuracy }) });
  };
  try {
    await measure();
    const outcome = await trainer.run({
      signal,
      onStep: ({ step }) => onStep?.(step, trainer.steps),
      onEpoch: ({ trainAccuracy }) => measure(trainAccuracy),
    });
    return outcome === 'stopped' ? undefined : { ...arm, epochs };
  } catch (error) {
    if (!(error instanceof LostRunError)) throw error;
    return { ...arm, epochs, lost: error.problem }; // that it explodes is what was asked
  } finally {
    network.dispose();
    copy.dispose();
  }
}

/** Share of the spikes, mean over the layers. */
export function meanRate({ gains }: PredictedProfile): number {
  return mean(gains.neurons.map(({ rate }) => rate));
}

/**
 * How far what was measured lies outside of what was predicted, as a share of the bound: 0 inside. The largest of all.
 */
export function furthestOutside(arms: readonly TrainedArm[]): number {
  const outside = arms.flatMap(({ epochs }) =>
    epochs.flatMap((profile) =>
      [layerGain(profile)].flatMap((compared) => {
        if (compared === undefined) return [];
        const { measured, predicted } = compared;
        return [Math.max(measured / predicted[1] - 1, 1 - measured / predicted[0], 0)];
      }),
    ),
  );
  return Math.max(0, ...outside);
}
