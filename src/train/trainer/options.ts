// What a Trainer is told besides network and data: the settings of training, each with a default, and what to judge by.

import type { AugmentationName } from '../../data/augment';
import { type AnyDataset, checkAnyDataset, isAnyDataset, recordShape } from '../../data/float-dataset';
import { check, SpikegradError } from '../../errors';
import {
  anObject,
  either,
  finite,
  kind,
  type OptionsOf,
  option,
  optional,
  optionTable,
  orNull,
} from '../../options';
import { type Continuation, SETTINGS, type TrainingSettings } from '../settings';

/** How to train, and what to judge by. */
export interface TrainerOptions {
  /** Passes over the training records. Default 10. */
  epochs?: number;
  /** Records a step. Default 32. */
  batch?: number;
  /** Learning rate of the first step; falls to 0 along a cosine. Default 0.1. */
  lr?: number;
  /** Momentum of the steps. Default 0.9. */
  momentum?: number;
  /** What every parameter is drawn to 0 by. Default 0. */
  weightDecay?: number;
  /** Largest norm of all gradients together; null for no clipping. Default null. */
  clip?: number | null;
  /** Changes to training images, such as `['crop', 'flip']`. Default `[]`, none. */
  augment?: readonly AugmentationName[];
  /** Of order, augmentation and the split for validation. Default 0. */
  seed?: number;
  /**
   * A share of the training records, or a data set of its own, to choose the best epoch by: after the last epoch the
   * network has the weights of that one. null for none. Default null.
   */
  validation?: number | AnyDataset | null;
  /** Evaluated after each epoch; decides nothing. */
  test?: AnyDataset;
  /** Stretches with a learning rate of their own, as `spikegrad train --resume --epochs` writes them. Default `[]`. */
  continued?: readonly Continuation[];
}

const aDataset = kind<AnyDataset>('a data set', isAnyDataset);

export const trainerOptions = /* @__PURE__ */ (() =>
  optionTable({
    epochs: option(SETTINGS.epochs.kind, 10),
    batch: option(SETTINGS.batch.kind, 32),
    lr: option(SETTINGS.lr.kind, 0.1),
    momentum: option(SETTINGS.momentum.kind, 0.9),
    weightDecay: option(SETTINGS.weightDecay.kind, 0),
    clip: option(SETTINGS.clip.kind, null),
    augment: option(SETTINGS.augment.kind, () => []),
    seed: option(SETTINGS.seed.kind, 0),
    validation: option(orNull(either(finite({ above: 0, below: 1 }), aDataset)), null),
    test: optional(aDataset),
    continued: option(SETTINGS.continued.kind, () => []),
  } satisfies OptionsOf<TrainerOptions>))();

/** For whoever still writes `new Trainer(network, settings, train, test)`, or gives all settings of a run. */
export function refuseFormerUses(options: unknown, more: readonly unknown[]): void {
  if (more.length > 0 || aDataset.holds(options))
    throw new SpikegradError(
      'Trainer',
      'takes the data before the settings, and the test data among these: new Trainer(network, train, { epochs, batch, lr, …, test })',
    );
  if (!anObject.holds(options)) return;
  const other = Object.keys(options).find((name) => name in SETTINGS && !trainerOptions.names.includes(name));
  check(
    other === undefined,
    'Trainer',
    () =>
      `${other} is a setting of a run, not of its training: trainingSettings(settings) are those that a Trainer takes`,
  );
}

/**
 * What is read of the options. Settings that have not always been there are absent where they are what they were then.
 */
export function readTrainer(options: TrainerOptions): {
  readonly settings: TrainingSettings;
  readonly validation: number | AnyDataset | null;
  readonly test: AnyDataset | undefined;
} {
  const { validation, test, continued, ...settings } = trainerOptions.read('Trainer', options);
  return {
    settings: {
      ...settings,
      ...(typeof validation === 'number' && { validation }),
      ...(continued.length > 0 && { continued }),
    },
    validation,
    test,
  };
}

/** @throws unless the other data set has records and classes like those that are trained on */
export function checkAlike(train: AnyDataset, name: string, other: AnyDataset): void {
  checkAnyDataset('Trainer', other, name);
  check(
    String(recordShape(other)) === String(recordShape(train)),
    'Trainer',
    () => `${name} has records [${recordShape(other)}], the training data [${recordShape(train)}]`,
  );
  check(
    other.classes.length === train.classes.length,
    'Trainer',
    () =>
      `${name} has ${other.classes.length} classes, the training data ${train.classes.length}; datasetOf(…, { classes }) says how many`,
  );
}
