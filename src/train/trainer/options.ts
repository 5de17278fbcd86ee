// What a Trainer is told besides network and data: the settings of training, each with a default, and what to judge by.

import type { AugmentationName } from '../../data/augment';
import { aWorkerCount } from '../../data/batches';
import { anyData, checkTrainingData, recordShape } from '../../data/float-dataset';
import type { TrainingData } from '../../data/stream/dataset';
import { check, SpikegradError } from '../../errors';
import type { Optimizer, Schedule } from '../../optim';
import { aSchedule } from '../../optim/schedule';
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
import {
  type Continuation,
  SETTINGS,
  type SettingName,
  settingNamed,
  type TrainingSettings,
} from '../settings';
import { checkPhasesAlone } from '../settings/alone';
import { settingsEqual } from '../settings/defaults';
import { OPTIMIZER_DEFAULTS, type OptimizerName, type ScheduleName } from '../settings/descent';
import { RATE_STRENGTH } from '../settings/learning';
import type { RunPhase } from '../settings/phases';

/** How to train, and what to judge by. */
export interface TrainerOptions {
  /** Passes over the training records. Default 10. */
  epochs?: number;
  /** Records a step. Default 32. */
  batch?: number;
  /**
   * How parameters are changed: `sgd`, `nesterov`, `adam`, `adamw`, `rmsprop`, `lion` or `muon`, or an optimiser that
   * you made. Default `sgd`.
   */
  optimizer?: OptimizerName | Optimizer;
  /**
   * Learning rate, of which the schedule gives each step its share. Default: the optimiser's, 0.1 for `sgd`; give
   * `csnn` and `spikingMlp` a fifth of it, as `train` does.
   */
  lr?: number;
  /** Momentum of the steps; β₁ of `adam`, `adamw` and `lion`. Default: the optimiser's, 0.9 for `sgd`. */
  momentum?: number;
  /** Weight decay. Default: the optimiser's, 0 for `sgd`. */
  weightDecay?: number;
  /**
   * What weight decay is for: `all` parameters, or `weights` of two or more axes, no norms and biases. Neurons' decay
   * if they say so. Default: the optimiser's, all for `sgd`.
   */
  decay?: 'all' | 'weights';
  /** How the learning rate goes over the run: by name, or a schedule such as `oneCycle()`. Default `cosine`. */
  schedule?: ScheduleName | Schedule;
  /** Epochs in which the rate rises from a hundredth, in front of the schedule; parts of one too. Default 0. */
  warmup?: number;
  /**
   * What remains of an average of the weights at each step, such as 0.999: it is what is tested, and what the network
   * has in the end. null for none. Default null.
   */
  ema?: number | null;
  /**
   * Stretches of the run with time steps and a rate of their own, in each of which the rate goes from one share of `lr`
   * to another along the schedule; `[{ timesteps: 1, parts: 6, from: 1, to: 0.3 }, { parts: 1, from: 0.3, to: 0 }]` has
   * six parts of seven at T = 1. Default `[]`, a run of one piece.
   */
  phases?: readonly RunPhase[];
  /** Batches by which norms' statistics are measured anew where a phase changes the time steps. Default 0. */
  normBatches?: number;
  /** Learning rate of norms' biases over that of the others. Default 1. */
  normBiasRate?: number;
  /** Learning rate of what neurons learn, such as time constants, over that of the others. Default 1. */
  neuronRate?: number;
  /**
   * Time steps that the gradient of a batch goes through: `all`; or `one`, drawn for each batch by `seed`, while the
   * others run forward alone. Default `all`.
   */
  gradientSteps?: 'all' | 'one';
  /**
   * The first convolution at the beginning of a run: `drawn`, as it is; or `whitened`, the main directions of patches
   * of the training images, each with its negative. Default `drawn`.
   */
  stem?: 'drawn' | 'whitened';
  /** Cross-entropy of the `mean` over time; or `tet`, the mean of those of all time steps. Default `mean`. */
  loss?: 'mean' | 'tet';
  /** Share of the target that is spread over all classes in training. Default 0. */
  labelSmoothing?: number;
  /** Largest norm of all gradients together; null for no clipping. Default null. */
  clip?: number | null;
  /**
   * Between what the firing rate of each layer is held, [low, high] as shares: see `holdRates`. What lies outside is
   * part of the loss that is reported. null for no bounds. Default null.
   */
  rateBounds?: readonly [low: number, high: number] | null;
  /** The factor of what `rateBounds` adds to the loss. Default 10. */
  rateStrength?: number;
  /** Changes to training images, such as `['crop', 'flip']`. Default `[]`, none. */
  augment?: readonly AugmentationName[];
  /** Of order, augmentation and the split for validation. Default 0. */
  seed?: number;
  /**
   * A share of the training records, or a data set of its own, to choose the best epoch by: after the last epoch the
   * network has the weights of that one. null for none. Default null.
   */
  validation?: number | TrainingData | null;
  /** Evaluated after each epoch; decides nothing. */
  test?: TrainingData;
  /**
   * Threads that make batches beside the steps; they change no number. null for one, as soon as steps wait for images
   * for more than 5 % of their time, and a second of it is left. Default null.
   */
  workers?: number | null;
  /** Stretches with a learning rate of their own, as `spikegrad train --resume --epochs` writes them. Default `[]`. */
  continued?: readonly Continuation[];
}

const aDataset = kind<TrainingData>('a data set', anyData.holds);
const anOptimizer = kind<Optimizer>(
  'an optimiser, such as new AdamW(network.parameters())',
  (value) => anObject.holds(value) && typeof value.step === 'function' && 'groups' in value,
);

export const trainerOptions = /* @__PURE__ */ (() =>
  optionTable({
    epochs: option(SETTINGS.epochs.kind, 10),
    batch: option(SETTINGS.batch.kind, 32),
    optimizer: option(either(SETTINGS.optimizer.kind, anOptimizer), 'sgd'),
    lr: optional(
      SETTINGS.lr.kind,
      "the optimiser's, 0.1 for sgd; give csnn and spikingMlp a fifth of it, as train does",
    ),
    momentum: optional(SETTINGS.momentum.kind, "the optimiser's, 0.9 for sgd"),
    weightDecay: optional(SETTINGS.weightDecay.kind, "the optimiser's, 0 for sgd"),
    decay: optional(SETTINGS.decay.kind, "the optimiser's, all for sgd"),
    schedule: option(either(SETTINGS.schedule.kind, aSchedule), 'cosine'),
    warmup: option(SETTINGS.warmup.kind, 0),
    ema: option(SETTINGS.ema.kind, null),
    phases: option(SETTINGS.phases.kind, () => []),
    normBatches: option(SETTINGS.normBatches.kind, 0),
    normBiasRate: option(SETTINGS.normBiasRate.kind, 1),
    neuronRate: option(SETTINGS.neuronRate.kind, 1),
    gradientSteps: option(SETTINGS.gradientSteps.kind, 'all'),
    stem: option(SETTINGS.stem.kind, 'drawn'),
    loss: option(SETTINGS.loss.kind, 'mean'),
    labelSmoothing: option(SETTINGS.labelSmoothing.kind, 0),
    clip: option(SETTINGS.clip.kind, null),
    rateBounds: option(SETTINGS.rateBounds.kind, null),
    rateStrength: option(SETTINGS.rateStrength.kind, RATE_STRENGTH),
    augment: option(SETTINGS.augment.kind, () => []),
    seed: option(SETTINGS.seed.kind, 0),
    validation: option(orNull(either(finite({ above: 0, below: 1 }), aDataset)), null),
    test: optional(aDataset),
    workers: option(orNull(aWorkerCount), null),
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

/** What is read of a Trainer's options. */
interface ReadTrainer {
  readonly settings: TrainingSettings;
  /** Where it was given as a value; else the settings name it. */
  readonly optimizer: Optimizer | undefined;
  readonly schedule: Schedule | undefined;
  readonly validation: number | TrainingData | null;
  readonly test: TrainingData | undefined;
  readonly workers: number | null;
}

/**
 * What is read of the options. Settings that have not always been there are absent where they are what they were then.
 */
export function readTrainer(options: TrainerOptions): ReadTrainer {
  const read = trainerOptions.read('Trainer', options);
  const { validation, test, workers, optimizer, schedule, ...given } = read;
  const isNamed = typeof optimizer === 'string';
  if (!isNamed) refuseBeside(options);
  const usual = OPTIMIZER_DEFAULTS[isNamed ? optimizer : 'sgd'];
  const {
    lr = isNamed ? usual.lr : optimizer.lr,
    momentum = usual.momentum,
    weightDecay = usual.weightDecay,
    decay = usual.decay,
  } = given;
  const settings = withoutOld({
    ...given,
    lr,
    momentum,
    weightDecay,
    decay,
    ...(isNamed && { optimizer }),
    ...(typeof schedule === 'string' && { schedule }),
    ...(typeof validation === 'number' && { validation }),
  });
  checkPhasesAlone('Trainer', settings);
  return {
    settings,
    optimizer: isNamed ? undefined : optimizer,
    schedule: typeof schedule === 'string' ? undefined : schedule,
    validation,
    test,
    workers,
  };
}

/** What has not always been there is left out where it is what it was then, as in files. */
function withoutOld(settings: TrainingSettings): TrainingSettings {
  const entries = Object.entries(settings).filter(
    ([name, value]) => !settingsEqual(value, settingNamed(name as SettingName).old),
  );
  return Object.fromEntries(entries) as unknown as TrainingSettings;
}

/** An optimiser brings its own constants. */
function refuseBeside(options: TrainerOptions): void {
  const other = (['momentum', 'weightDecay', 'decay', 'normBiasRate', 'neuronRate'] as const).find(
    (name) => options[name] !== undefined,
  );
  check(
    other === undefined,
    'Trainer',
    () => `${other} is the optimiser's own: give it to that, new AdamW(parameters, { ${other}: … })`,
  );
}

/** @throws unless the other data set has records and classes like those that are trained on */
export function checkAlike(train: TrainingData, name: string, other: TrainingData): void {
  checkTrainingData('Trainer', other, name);
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
