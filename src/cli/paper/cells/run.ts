// The work of one cell, in the process that it is given to: a run in its folder, and a record of it.

import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { version } from '../../../../package.json';
import type { Dataset } from '../../../data/dataset';
import { FolderHeldError, FolderLostError } from '../../../disk/lock';
import { SpikegradError } from '../../../errors';
import { CELL_FORMAT, type CellRecord, lossCurve, sameSettings } from '../../../paper/cell';
import { type Checkpoint, checkImages, type EpochMetrics, type RunSettings } from '../../../train';
import type { MetricsLine } from '../../../train/metrics';
import { performRun } from '../../../train/node/run';
import { RunFolder } from '../../../train/node/run/folder';
import type { RunSummary } from '../../../train/report';
import type { BackendChoice } from '../../arguments';
import { plainMessage } from '../../exit';
import { chooseBackend, describeBackend } from '../../run/backend';
import { openImages } from '../../run/datasets';
import { choiceOf, inSurroundings } from '../../run/surroundings';
import { watchingInWords } from '../../run/waiting';

/** What a process needs to know to train a cell. */
export interface CellJob extends BackendChoice {
  readonly settings: RunSettings;
  /** Folder of the run; one that was begun is gone on with. */
  readonly folder: string;
  /** Folder of the data set's files, or of a folder for each data set. */
  readonly data?: string;
  /** Whether it may go on elsewhere than it was begun; see train/resume.ts. */
  readonly force?: boolean;
}

/** Where a cell stands. */
export interface CellProgress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  /** Mean training loss of the epoch so far; absent before its first step. */
  readonly loss?: number;
  /** Images of the step; 0 for what was done before. */
  readonly images: number;
}

/** What a cell tells while it is trained. */
export interface CellListener {
  onProgress(progress: CellProgress): void;
  /** Something for people to read. */
  onNote(text: string): void;
}

/** Milliseconds between two tries to enter a folder that somebody else works in. */
const TRY_AGAIN = 500;

/**
 * Waits for whoever works in the folder: the child of a killed process, which ends after its step, or another grid with
 * the same cell, which finishes it.
 * @returns undefined when the waiting was stopped
 */
async function enterWhenFree(path: string, onNote: CellListener['onNote'], signal: AbortSignal) {
  for (let waits = 0; !signal.aborted; waits++) {
    try {
      const onWatch = (seconds: number) => waits === 0 && onNote(watchingInWords(path, seconds));
      return await RunFolder.enter(path, { signal, onWatch });
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof FolderHeldError)) throw error;
      if (waits === 0) onNote(`waiting: ${plainMessage(error)}`);
      await setTimeout(TRY_AGAIN);
    }
  }
  return undefined;
}

/** Chooses the backend, and compares with what the cell was begun with. */
async function goOn(
  job: CellJob,
  checkpoint: Checkpoint | undefined,
  images: { train: Dataset; test: Dataset },
  done: RunSummary | undefined,
) {
  if (checkpoint !== undefined && !sameSettings(checkpoint.settings, job.settings))
    throw new SpikegradError('paper', `${job.folder} holds a run with other settings; move it away`);
  const backend = await chooseBackend(choiceOf(job, checkpoint), job.settings);
  const begun = done === undefined ? checkpoint : undefined; // where nothing is left to do nothing can differ
  return { backend, ...inSurroundings(backend, { ...images, checkpoint: begun }, job.force) };
}

/** The backend of a run whose summary does not say it yet. */
const BEFORE = 'unknown: finished before';

/**
 * Trains a cell. Where another process has taken its folder because this one stood still, that one is waited for.
 * @returns undefined when it was stopped; the folder then has a checkpoint
 */
export async function runCell(
  job: CellJob,
  listener: CellListener,
  signal: AbortSignal,
): Promise<CellRecord | undefined> {
  for (;;) {
    try {
      return await runInFolder(job, listener, signal);
    } catch (error) {
      if (!(error instanceof FolderLostError)) throw error;
      listener.onNote(plainMessage(error));
    }
  }
}

async function runInFolder(
  job: CellJob,
  { onProgress, onNote }: CellListener,
  signal: AbortSignal,
): Promise<CellRecord | undefined> {
  const { settings, data } = job;
  const { train, test } = await openImages(settings, data);
  checkImages(settings, train);
  const entered = await enterWhenFree(job.folder, onNote, signal);
  if (entered === undefined) return undefined;
  const { folder, checkpoint } = entered;
  const done = await folder.readSummary(); // finished before, by somebody who could not tell
  const images = { train, test };
  const { backend, ...now } = await goOn(job, checkpoint, images, done).catch(async (error: unknown) => {
    await folder.release();
    throw error;
  });
  for (const change of now.changes) onNote(`changed: ${change}`);
  await folder.write('settings', `${JSON.stringify(settings, null, 2)}\n`);
  if (done !== undefined) await folder.release();
  const summary =
    done ??
    (await performRun(
      { folder, settings, checkpoint, ...now, train, test },
      {
        signal,
        backend: describeBackend(backend),
        onStart: ({ progress, steps }) =>
          onProgress({ step: progress.step, steps, epoch: progress.epoch, images: 0 }),
        onStep: ({ step, steps, epoch, images }, { progress }) =>
          onProgress({ step, steps, epoch, images, loss: progress.lossSum / progress.images }),
      },
    ));
  if (summary === undefined) return undefined;
  // of a run that was finished before, what its own files say
  const made = done === undefined ? now.surroundings : checkpoint?.surroundings;
  return cellRecord(settings, summary, await folder.readMetrics(), {
    images: { train: train.length, test: test.length, content: made?.images.content },
    environment: {
      processor: cpus()[0]?.model.trim() || 'unknown processor',
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      spikegrad: done?.making?.version ?? version,
      backend: done === undefined ? describeBackend(backend) : (done.making?.backend ?? BEFORE),
      build: made?.build,
      simd: made?.simd,
    },
  });
}

function cellRecord(
  settings: RunSettings,
  { settings: _, making, ...summary }: RunSummary,
  metrics: readonly MetricsLine[],
  rest: Pick<CellRecord, 'images' | 'environment'>,
): CellRecord {
  const steps = metrics.filter((line) => line.kind === 'step');
  const epochs = metrics.filter((line) => line.kind === 'epoch');
  return {
    format: CELL_FORMAT,
    settings,
    ...rest,
    summary,
    history: epochs.map(({ kind, ...epoch }) => epoch as unknown as EpochMetrics),
    loss: lossCurve(steps.map((line) => Number(line.loss))),
    finished: new Date().toISOString(),
  };
}
