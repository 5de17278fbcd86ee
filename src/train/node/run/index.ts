// A training run in its folder (Node only): from settings, or from a checkpoint, to a model, a summary and a report.
// The backend is chosen before; options, progress bars and signals are other people's business.

import { version } from '../../../../package.json';
import { activeBackend } from '../../../core/engine';
import { aWorkerCount } from '../../../data/batches';
import type { TrainingData } from '../../../data/stream/dataset';
import type { Module } from '../../../nn/module';
import {
  aStopSignal,
  callback,
  flag,
  type OptionsOf,
  option,
  optional,
  optionTable,
  orNull,
  type StopSignal,
  text,
  whole,
} from '../../../options';
import { type Checkpoint, encodeCheckpoint, encodeModel, restoreTrainer } from '../../checkpoint';
import { plannedEpochs } from '../../continuation';
import type { Evaluation } from '../../evaluate';
import { imageMetadata } from '../../model-metadata';
import { buildNetwork } from '../../network';
import { type Ahead, Pace } from '../../pace';
import { inspectRun, PROBED_IMAGES, type RunSummary } from '../../report';
import { type RunSettings, trainingSettings } from '../../settings';
import type { Surroundings } from '../../surroundings';
import { Trainer } from '../../trainer';
import type { EpochMetrics, StepMetrics } from '../../trainer/events';
import type { RunFolder } from './folder';
import { idIn, newIdentity } from './identity';

/** A run that is ready to start, or to go on from its checkpoint. */
export interface Run {
  readonly folder: RunFolder;
  readonly settings: RunSettings;
  readonly checkpoint?: Checkpoint;
  /** What it is computed with, for its checkpoints. */
  readonly surroundings: Surroundings;
  /** What is changed now that it goes on, a line each. */
  readonly changes?: readonly string[];
  readonly train: TrainingData;
  readonly test: TrainingData;
  /** A network of the user's own; default: the one that the settings build. */
  readonly network?: Module;
}

/** How a run is performed. */
export interface RunOptions {
  /** Steps between checkpoints, besides one an epoch. Default 100. */
  readonly saveEvery?: number;
  /** Stops after the step in progress, with a checkpoint. */
  readonly signal?: StopSignal;
  /** Names the operator of the first value that is not finite; results are the same with and without. Default false. */
  readonly detectAnomaly?: boolean;
  /** Threads that make batches beside the steps; null for one where steps wait for images. Default null. */
  readonly workers?: number | null;
  /** What computes, in words, for the report and the summary. Default: the backend's name. */
  readonly backend?: string;
  /** Called before the first step. */
  readonly onStart?: (trainer: Trainer, pace: Pace) => void;
  readonly onStep?: (metrics: StepMetrics, trainer: Trainer, seconds: number) => void;
  /** Called with 0 images before a test, then after each batch. */
  readonly onEvaluation?: (images: number, of: number) => void;
  readonly onEpoch?: (metrics: EpochMetrics, trainer: Trainer) => void;
  /** Called with 0 images before the layers are looked at, behind the last epoch, then after each batch. */
  readonly onLook?: (images: number, of: number) => void;
}

/** Looking at an image's layers takes about as long as testing so many. */
const LOOK = 4;

/** What a run has still to go through. */
function aheadOf({ settings, train, validation, test, progress }: Trainer): Ahead {
  const epochs = plannedEpochs(settings) - progress.epoch;
  const tested = test?.length ?? 0;
  return {
    train: epochs * train.length - progress.images,
    test: epochs * (tested + (validation?.length ?? 0)) + LOOK * Math.min(PROBED_IMAGES, tested),
  };
}

const told = <K extends 'onStart' | 'onStep' | 'onEvaluation' | 'onEpoch' | 'onLook'>() =>
  optional(callback<NonNullable<RunOptions[K]>>());

const runOptions = optionTable({
  saveEvery: option(whole({ least: 1 }), 100),
  signal: optional(aStopSignal),
  detectAnomaly: option(flag, false),
  workers: option(orNull(aWorkerCount), null),
  backend: optional(text, "the backend's name"),
  onStart: told<'onStart'>(),
  onStep: told<'onStep'>(),
  onEvaluation: told<'onEvaluation'>(),
  onEpoch: told<'onEpoch'>(),
  onLook: told<'onLook'>(),
} satisfies OptionsOf<RunOptions>);

/**
 * Trains, and gives the folder back to other processes at the end.
 * @returns the summary that was written, or undefined when the run was stopped
 */
export async function performRun(run: Run, options: RunOptions = {}): Promise<RunSummary | undefined> {
  try {
    return await trainInFolder(run, options);
  } finally {
    await run.folder.release();
  }
}

/** The run's id, as its folder holds it from now on; RunFolder has seen to it that the checkpoint is this folder's. */
async function identified(folder: RunFolder, checkpoint: Checkpoint | undefined): Promise<string> {
  if (checkpoint?.run !== undefined && (await idIn(folder.file('run'))) === checkpoint.run)
    return checkpoint.run;
  const { id, text: identity } = newIdentity(checkpoint?.run);
  await folder.write('run', identity);
  return id;
}

/** Stops with the signal, and when another process has taken the folder. */
function stopping(signal: StopSignal | undefined, { lost }: RunFolder): StopSignal | undefined {
  return signal && lost ? AbortSignal.any([signal as AbortSignal, lost as AbortSignal]) : (lost ?? signal);
}

async function trainInFolder(
  { folder, settings, checkpoint, surroundings, changes: now = [], train, test, network: own }: Run,
  options: RunOptions,
): Promise<RunSummary | undefined> {
  const { saveEvery, signal, detectAnomaly, workers } = runOptions.read('performRun', options);
  const network = own ?? buildNetwork(settings);
  const trainer = new Trainer(network, train, { ...trainingSettings(settings), test, workers });
  if (checkpoint !== undefined) restoreTrainer(trainer, checkpoint);
  const id = await identified(folder, checkpoint);
  const before = checkpoint?.seconds ?? 0;
  const { step } = trainer.progress;
  const changes = [...(checkpoint?.changes ?? []), ...now.map((change) => `from step ${step} on: ${change}`)];
  const started = performance.now();
  const seconds = () => before + (performance.now() - started) / 1000;
  const save = async () => {
    await trainer.checkNumbers(); // a lost run must not replace what it can go on from
    const header = { seconds: seconds(), run: id, surroundings, changes };
    await folder.write('checkpoint', await encodeCheckpoint(trainer, settings, header));
  };
  const keepBest = async () => folder.write('best', await encodeModel(network, settings));
  const averaged = <R>(fn: () => Promise<R>) => trainer.average?.during(fn) ?? fn();

  if (now.length > 0) await save(); // a crash must not forget what changed
  const pace = new Pace(aheadOf(trainer));
  options.onStart?.(trainer, pace);
  let tested = 0;
  let evaluation: Evaluation | undefined;
  const outcome = await trainer.run({
    signal: stopping(signal, folder),
    detectAnomaly,
    async onStep(metrics) {
      options.onStep?.(metrics, trainer, pace.trained(metrics.images));
      await folder.appendMetrics({ kind: 'step', ...metrics });
      if (metrics.step % saveEvery === 0) await save();
    },
    onEvaluation(images, of) {
      pace.tested(images - (images === 0 ? 0 : tested));
      tested = images;
      options.onEvaluation?.(images, of);
    },
    async onEpoch(metrics, result) {
      evaluation = result;
      await folder.appendMetrics({ kind: 'epoch', ...metrics });
      await save();
      if (trainer.best?.epoch === metrics.epoch) await averaged(keepBest);
      options.onEpoch?.(metrics, trainer);
    },
  });
  if (outcome === 'stopped') {
    await save();
    return undefined;
  }
  const { best } = trainer;
  if (best !== undefined) await keepBest(); // the network has its weights now
  await folder.write('model', await encodeModel(network, settings, imageMetadata(train)));
  const metrics = await folder.readMetrics();
  const finished = {
    settings,
    metrics,
    seconds: seconds(),
    changes,
    network,
    train: trainer.train,
    validation: trainer.validation,
    test,
    best,
    making: {
      version,
      finished: new Date().toISOString(),
      backend: options.backend ?? activeBackend('performRun').name,
      imagesPerSecond: pace.imagesPerSecond,
      waiting: trainer.waiting,
    },
  };
  const isOfLast = best === undefined || best.epoch === trainer.progress.epoch - 1;
  const findings = await inspectRun(finished, isOfLast ? evaluation : undefined, options.onLook);
  const { runReport } = await import('../../report/page');
  await folder.write('report', runReport(finished, findings));
  // last, since a folder with a summary is one that needs no more work
  await folder.write('summary', `${JSON.stringify(findings.summary, null, 2)}\n`);
  return findings.summary;
}
