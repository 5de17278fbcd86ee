// The training loop: an optimiser under a schedule, evaluation after each epoch, the best epoch kept where there are
// images to judge by. It can stop after any step and go on later with the very same numbers; files, progress bars and
// signals are other people's business.

import type { FloatArray } from '../../backends/backend';
import type { Tensor } from '../../core/tensor';
import { type Batch, batchCount, batchOptions } from '../../data/batches';
import { checkTrainingData } from '../../data/float-dataset';
import { split } from '../../data/parts';
import { checkBatchFits, isStreamed, type TrainingData } from '../../data/stream/dataset';
import { check } from '../../errors';
import { checkModule, type Module } from '../../nn/module';
import { clipGradNorm, Ema, type Optimizer, type Schedule } from '../../optim';
import type { StopSignal } from '../../options';
import { type HeldRates, holdRates } from '../../snn/hold-rates';
import { type BestEpoch, isBetter, putWeights, weightsOf } from '../best';
import { isLastPhase, learningRate, plannedEpochs, scheduleOf, stretchAt } from '../continuation';
import { argmax, type Evaluation, evaluate } from '../evaluate';
import { noRoomFor } from '../no-room';
import { firstNonFinite } from '../numbers/finite';
import { checkState, checkUpdate, explainStep, watchedStep } from '../numbers/lost-run';
import type { TrainingSettings } from '../settings';
import { optimizerOf } from '../settings/descent';
import { RATE_STRENGTH } from '../settings/learning';
import {
  type EpochMetrics,
  type StepMetrics,
  type TrainerEvents,
  type TrainerProgress,
  trainerEvents,
} from './events';
import { BatchFeed, type ImageWaiting } from './feed';
import type { OneStep } from './one-step';
import { checkAlike, readTrainer, refuseFormerUses, type TrainerOptions } from './options';
import { forwardAndBackward, type Pass } from './pass';
import { TimeSteps } from './time-steps';

/** What an epoch was worth. */
interface Judged {
  readonly validation?: Evaluation | undefined;
  readonly test?: Evaluation | undefined;
}

/**
 * The training loop: an optimiser under a schedule, with an evaluation after each epoch. It can stop after any step
 * and go on.
 *
 * ```ts
 * const trainer = new Trainer(network, train, { epochs: 20, validation: 0.1, test });
 * await trainer.run({ onEpoch: ({ epoch, testAccuracy }) => console.log(epoch, testAccuracy) });
 * ```
 *
 * The network may be any Module that gives logits [n,classes] for a batch of n records.
 */
export class Trainer {
  /** What is trained on; without the share for validation. */
  readonly train: TrainingData;
  /** What the best epoch is chosen by. */
  readonly validation: TrainingData | undefined;
  readonly test: TrainingData | undefined;
  readonly settings: TrainingSettings;
  readonly optimizer: Optimizer;
  /** The average of the weights, with `ema`. */
  readonly average: Ema | undefined;
  progress: TrainerProgress = { epoch: 0, batch: 0, step: 0, lossSum: 0, correct: 0, images: 0, history: [] };
  /** Weights of the best epoch so far, in the order of `network.state()`; for checkpoints. */
  bestWeights: readonly FloatArray[] | undefined;
  readonly steps: number;
  readonly #batchesPerEpoch: number;
  readonly #schedule: Schedule;
  readonly #timesteps: TimeSteps;
  readonly #feed: BatchFeed;
  /** What the optimiser trains, in the network's order. */
  readonly #trained: readonly Tensor[];
  /** What holds firing rates between bounds, with `rateBounds`. */
  readonly #rates: HeldRates | undefined;
  /** What lets the gradient through one time step, with `gradientSteps`. */
  #oneStep: OneStep | undefined;

  constructor(
    readonly network: Module,
    train: TrainingData,
    options: TrainerOptions = {},
    ...more: never[]
  ) {
    checkModule('Trainer', network);
    refuseFormerUses(options, more);
    checkTrainingData('Trainer', train, 'train');
    const { settings, validation, test, optimizer, schedule, workers } = readTrainer(options);
    this.settings = settings;
    check(
      typeof validation !== 'number' || train.length > 1,
      'Trainer',
      () => `${train.name} has ${train.length} record: none can be set apart for validation`,
    );
    [this.train, this.validation] =
      typeof validation === 'number'
        ? split(train, validation, settings.seed)
        : [train, validation ?? undefined];
    this.test = test;
    if (test !== undefined) checkAlike(train, 'test', test);
    if (this.validation !== undefined) checkAlike(train, 'validation', this.validation);
    this.optimizer = optimizer ?? optimizerOf(network, settings);
    const { parameters } = this.optimizer;
    this.#trained = network.parameters().filter((parameter) => parameters.includes(parameter));
    this.average = settings.ema == null ? undefined : new Ema(network, { decay: settings.ema });
    this.#rates = ratesOf(network, settings);
    this.#batchesPerEpoch = batchCount(this.train.length, settings.batch);
    this.#schedule = scheduleOf(settings, this.#batchesPerEpoch, schedule);
    this.#timesteps = new TimeSteps(network, this.train, settings, this.#batchesPerEpoch);
    this.steps = plannedEpochs(settings) * this.#batchesPerEpoch;
    if (isStreamed(this.train)) checkBatchFits('Trainer', this.train, settings.batch);
    const { batch: batchSize, seed, augment } = settings;
    const drawn = batchOptions.read('Trainer', { batchSize, seed, augment, shuffle: true });
    this.#feed = new BatchFeed(this.train, drawn, workers);
    if (Object.getPrototypeOf(new.target) === Function.prototype) Object.preventExtensions(this);
  }

  /** How long steps waited for their images so far, in this process. */
  get waiting(): ImageWaiting {
    return this.#feed.waiting;
  }

  /** The best epoch so far, with validation. */
  get best(): BestEpoch | undefined {
    return this.progress.best;
  }

  /**
   * Trains from where `progress` stands to the end of the last epoch. With validation the network has the weights of
   * the best epoch then (`best` says which), with `ema` the average of the weights; stopped before, it has those of the
   * last step, to go on from.
   * @returns `stopped` when the signal was given, after a whole step; `run` again goes on
   * @throws when the loss, or with clipping a gradient, is no longer finite, naming the operator and layer (the
   * parameters are those before that step); at the end of an epoch when a parameter is not
   */
  async run(events: TrainerEvents = {}): Promise<'done' | 'stopped'> {
    try {
      return await this.#run(events);
    } finally {
      this.#timesteps.leave();
      this.#feed.close();
    }
  }

  async #run(events: TrainerEvents): Promise<'done' | 'stopped'> {
    const { onStep, onEvaluation, onEpoch, signal, detectAnomaly } = trainerEvents.read(
      'Trainer.run',
      events,
    );
    const { settings, progress } = this;
    this.network.train();
    if (settings.stem === 'whitened' && progress.step === 0) {
      const { whitenStem } = await import('./stem');
      await whitenStem(this.network, this.train, settings.seed);
    }
    if (settings.gradientSteps === 'one') {
      const { oneStepOf } = await import('./one-step');
      this.#oneStep = oneStepOf(this.network, this.train, settings);
    }
    while (progress.epoch < plannedEpochs(settings)) {
      const order = this.#feed.epoch(progress.epoch, progress.batch, this.#batchesPerEpoch);
      for await (const batch of order) {
        if (signal?.aborted) return 'stopped';
        if (await this.#timesteps.enter(progress)) this.average?.restart();
        const metrics = await this.#step(batch, detectAnomaly).catch((error: unknown) => {
          throw noRoomFor('Trainer', `a step with batch ${batch.labels.length}`, batch.labels.length, error);
        });
        this.#feed.stepDone(this.steps - progress.step);
        progress.batch = batch.index + 1;
        await onStep?.(metrics);
      }
      await this.checkNumbers();
      // an evaluation that is interrupted is done again: the epoch counts only with it
      const judged = await this.#judgeEpoch(onEvaluation, signal);
      if (judged === 'stopped') return 'stopped';
      const { validation, test } = judged;
      const metrics: EpochMetrics = {
        epoch: progress.epoch,
        step: progress.step,
        trainLoss: progress.lossSum / progress.images,
        trainAccuracy: progress.correct / progress.images,
        validationLoss: validation?.loss,
        validationAccuracy: validation?.accuracy,
        testLoss: test?.loss,
        testAccuracy: test?.accuracy,
      };
      progress.history.push(metrics);
      Object.assign(progress, { epoch: progress.epoch + 1, batch: 0, lossSum: 0, correct: 0, images: 0 });
      await onEpoch?.(metrics, test ?? validation);
    }
    if (this.bestWeights !== undefined) putWeights(this.network, this.bestWeights);
    else if (progress.step > 0) await this.average?.apply();
    return 'done';
  }

  /** What the epoch is worth, by the average of the weights where there is one; the best epoch's weights are kept. */
  async #judgeEpoch(
    onEvaluation: TrainerEvents['onEvaluation'],
    signal: StopSignal | undefined,
  ): Promise<Judged | 'stopped'> {
    const judge = async () => {
      const judged = await this.#evaluateEpoch(onEvaluation, signal);
      if (judged === 'stopped') return judged;
      const { progress } = this;
      // with other time steps than the run's it is not yet the network that is wanted
      const counts = isLastPhase(this.settings, progress.step - 1, this.#batchesPerEpoch);
      if (counts && judged.validation !== undefined && isBetter(judged.validation, progress.best)) {
        const { accuracy, loss } = judged.validation;
        this.bestWeights = await weightsOf(this.network);
        progress.best = { epoch: progress.epoch, accuracy, loss };
      }
      return judged;
    };
    return this.average === undefined ? judge() : this.average.during(judge);
  }

  async #evaluateEpoch(
    onEvaluation: TrainerEvents['onEvaluation'],
    signal: StopSignal | undefined,
  ): Promise<Judged | 'stopped'> {
    const { validation, test, network } = this;
    const of = (validation?.length ?? 0) + (test?.length ?? 0);
    if (of === 0) return {};
    const judge = (dataset: TrainingData, before: number) =>
      evaluate(network, dataset, {
        batchSize: this.settings.batch,
        onProgress: (images) => onEvaluation?.(before + images, of),
        signal,
      });
    try {
      onEvaluation?.(0, of);
      return {
        validation: validation && (await judge(validation, 0)),
        test: test && (await judge(test, validation?.length ?? 0)),
      };
    } catch (error) {
      if (signal?.aborted) return 'stopped';
      throw error;
    }
  }

  /**
   * Whether all parameters and running statistics are finite: to be asked before they are saved over good ones. A
   * finite loss does not say so, since the update comes after it.
   * @throws naming the first that is not
   */
  checkNumbers(): Promise<void> {
    return checkState(this.network, this.progress.step);
  }

  /** Forward, backward, a look at the loss, update. */
  async #step(batch: Batch, detectAnomaly: boolean): Promise<StepMetrics> {
    const { settings, progress, optimizer, network } = this;
    const count = batch.labels.length;
    const lr = learningRate(settings, progress.step, this.#batchesPerEpoch, this.#schedule);
    const continuation = stretchAt(settings, progress.step) || undefined;
    const taken = { step: progress.step + 1, lr };
    const pass = (): Pass =>
      forwardAndBackward(network, batch, this.train, settings, this.#rates, this.#oneStep?.(progress.step));
    const { x, loss, logits } = detectAnomaly ? await watchedStep(network, pass, taken) : pass();
    const giveUp = async (symptom: string): Promise<never> => {
      optimizer.zeroGrad();
      throw await explainStep(network, pass, taken, symptom);
    };
    const [value, scores] = await Promise.all([loss.item(), logits.data()]); // one wait for a device
    if (!Number.isFinite(value)) await giveUp(`the loss became ${value}`);
    const correct = countCorrect(scores, batch.labels);
    optimizer.lr = lr;
    const norm = settings.clip === null ? undefined : clipGradNorm(this.#trained, settings.clip);
    const gradientNorm = await norm?.item();
    // Σg² may overflow where no g has: clipping has made these 0·g = 0, but of an infinite one 0·∞ = NaN
    if (!Number.isFinite(gradientNorm ?? 0) && !(await this.#gradientsAreFinite()))
      await giveUp(`the loss is ${value}, but the norm of its gradients became ${gradientNorm}`);
    optimizer.step();
    optimizer.zeroGrad();
    this.average?.update();
    for (const done of [x, loss, logits, norm]) done?.dispose();
    if (detectAnomaly) await checkUpdate(network, taken);
    progress.step++;
    progress.lossSum += value * count;
    progress.correct += correct;
    progress.images += count;
    return {
      epoch: progress.epoch,
      step: progress.step,
      steps: this.steps,
      continuation,
      lr,
      loss: value,
      accuracy: correct / count,
      gradientNorm,
      images: count,
    };
  }

  async #gradientsAreFinite(): Promise<boolean> {
    const gradients = this.#trained.flatMap(({ grad }) => grad ?? []);
    return (await firstNonFinite(gradients.map((gradient) => ['', gradient]))) === undefined;
  }
}

function ratesOf(
  network: Module,
  { rateBounds, rateStrength = RATE_STRENGTH }: TrainingSettings,
): HeldRates | undefined {
  if (rateBounds == null) return undefined;
  const [low, high] = rateBounds;
  return holdRates(network, { low, high, strength: rateStrength });
}

function countCorrect(logits: ArrayLike<number>, labels: Int32Array): number {
  const classes = logits.length / labels.length;
  let correct = 0;
  labels.forEach((label, row) => {
    if (argmax(logits, row * classes, classes) === label) correct++;
  });
  return correct;
}
