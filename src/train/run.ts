// A training run in its folder (Node only): from settings, or from a checkpoint, to a model, a summary and a report. The
// backend is chosen before; options, progress bars and signals are other people's business.

import type { Dataset } from '../data/dataset';
import type { Module } from '../nn/module';
import { type Checkpoint, encodeCheckpoint, encodeModel, restoreTrainer } from './checkpoint';
import type { Evaluation } from './evaluate';
import { buildNetwork } from './network';
import { inspectRun, type RunSummary, runReport } from './report';
import type { RunFolder } from './run-folder';
import type { RunSettings } from './settings';
import type { Surroundings } from './surroundings';
import { type EpochMetrics, type StepMetrics, Trainer } from './trainer';

/** A run that is ready to start, or to go on from its checkpoint. */
export interface Run {
  readonly folder: RunFolder;
  readonly settings: RunSettings;
  readonly checkpoint?: Checkpoint;
  /** What it is computed with, for its checkpoints. */
  readonly surroundings: Surroundings;
  /** What is changed now that it goes on, a line each. */
  readonly changes?: readonly string[];
  readonly train: Dataset;
  readonly test: Dataset;
}

export interface RunOptions {
  /** Steps between checkpoints, besides one an epoch. Default 100. */
  readonly saveEvery?: number;
  /** Stops after the step in progress, with a checkpoint. */
  readonly signal?: AbortSignal;
  /** Names the operator of the first value that is not finite; results are the same with and without. Default false. */
  readonly detectAnomaly?: boolean;
  /** Called before the first step. */
  readonly onStart?: (trainer: Trainer, network: Module) => void;
  readonly onStep?: (metrics: StepMetrics, trainer: Trainer) => void;
  readonly onEvaluation?: (images: number, of: number) => void;
  readonly onEpoch?: (metrics: EpochMetrics, trainer: Trainer) => void;
}

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

async function trainInFolder(
  { folder, settings, checkpoint, surroundings, changes: now = [], train, test }: Run,
  options: RunOptions,
): Promise<RunSummary | undefined> {
  const { saveEvery = 100, signal, detectAnomaly } = options;
  const network = buildNetwork(settings);
  const trainer = new Trainer(network, settings, train, test);
  if (checkpoint !== undefined) restoreTrainer(trainer, checkpoint);
  const before = checkpoint?.seconds ?? 0;
  const { step } = trainer.progress;
  const changes = [...(checkpoint?.changes ?? []), ...now.map((change) => `from step ${step} on: ${change}`)];
  const started = performance.now();
  const seconds = () => before + (performance.now() - started) / 1000;
  const save = async () => {
    await trainer.checkNumbers(); // a lost run must not replace what it can go on from
    const header = { seconds: seconds(), surroundings, changes };
    await folder.write('checkpoint', await encodeCheckpoint(trainer, settings, header));
  };

  if (now.length > 0) await save(); // a crash must not forget what changed
  options.onStart?.(trainer, network);
  let evaluation: Evaluation | undefined;
  const outcome = await trainer.run({
    signal,
    detectAnomaly,
    async onStep(metrics) {
      options.onStep?.(metrics, trainer);
      await folder.appendMetrics({ kind: 'step', ...metrics });
      if (metrics.step % saveEvery === 0) await save();
    },
    onEvaluation: options.onEvaluation,
    async onEpoch(metrics, result) {
      evaluation = result;
      await folder.appendMetrics({ kind: 'epoch', ...metrics });
      await save();
      options.onEpoch?.(metrics, trainer);
    },
  });
  if (outcome === 'stopped') {
    await save();
    return undefined;
  }
  await folder.write('model', await encodeModel(network, settings));
  const metrics = await folder.readMetrics();
  const finished = { settings, metrics, seconds: seconds(), changes, network, train, test };
  const findings = await inspectRun(finished, evaluation);
  await folder.write('report', runReport(finished, findings));
  // last, since a folder with a summary is one that needs no more work
  await folder.write('summary', `${JSON.stringify(findings.summary, null, 2)}\n`);
  return findings.summary;
}
