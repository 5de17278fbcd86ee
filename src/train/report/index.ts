// What a finished run is worth, in figures, as summary.json has them; page.ts shows them to people.

import { tensor } from '../../core/create';
import { scope } from '../../core/scope';
import { noGrad } from '../../core/tape';
import { batches } from '../../data/batches';
import { take } from '../../data/parts';
import type { TrainingData } from '../../data/stream/dataset';
import { OutOfMemoryError } from '../../errors';
import type { Module } from '../../nn/module';
import { withoutNotices } from '../../notices';
import { type ProbeReport, probe } from '../../snn';
import type { BestEpoch } from '../best';
import { type Evaluation, evaluate } from '../evaluate';
import type { MetricsLine } from '../metrics';
import type { RunSettings } from '../settings';
import type { ImageWaiting } from '../trainer/feed';
import { verdict } from './verdict';

/** Images that the probes look at: enough for stable rates, few enough not to hold up the end. */
export const PROBED_IMAGES = 128;

/** How a run was made, besides its settings. */
export interface RunMaking {
  /** Of spikegrad. */
  readonly version: string;
  /** When it was finished, ISO 8601. */
  readonly finished: string;
  /** In words: `wasm backend, relaxed SIMD, 2 threads`. */
  readonly backend: string;
  /** Images of training a second, tests apart; of the process that finished the run. */
  readonly imagesPerSecond?: number;
  /** How long steps waited for their images; of the process that finished the run. */
  readonly waiting?: ImageWaiting;
}

export interface FinishedRun {
  readonly settings: RunSettings;
  readonly metrics: readonly MetricsLine[];
  /** Over all processes that worked on the run. */
  readonly seconds: number;
  /** What was changed on the way, a line each. */
  readonly changes: readonly string[];
  readonly network: Module;
  /** What was trained on, and what the best epoch was chosen by. */
  readonly train: TrainingData;
  readonly validation?: TrainingData;
  readonly test: TrainingData;
  /** With validation: the epoch whose weights the network has. */
  readonly best?: BestEpoch;
  readonly making?: RunMaking;
}

/** summary.json */
export interface RunSummary {
  readonly settings: RunSettings;
  readonly testAccuracy: number;
  readonly testLoss: number;
  /** With validation: the epoch of the model, from 0, and how it was judged. */
  readonly best?: BestEpoch;
  readonly seconds: number;
  readonly firingRates: Record<string, number>;
  /** nJ an image, and the same network without spikes over it. */
  readonly energy: { readonly spiking: number; readonly dense: number };
  readonly warnings: readonly string[];
  /** What to try, where the run has learnt nothing or a layer never fires. */
  readonly advice?: string;
  readonly making?: RunMaking;
  /** What was changed on the way; absent where nothing was. */
  readonly changes?: readonly string[];
}

export interface Findings {
  readonly evaluation: Evaluation;
  readonly probed: ProbeReport;
  readonly summary: RunSummary;
}

/** How layers are looked at. */
export interface LookOptions {
  /** Images at once; more than there is memory for are never needed. */
  readonly batchSize: number;
  /** Called with 0 before the first batch, then after each. */
  readonly onProgress?: (images: number, of: number) => void;
}

/** Firing rates, membranes and operations on the first images of a data set, in evaluation. */
export function probeDataset(
  network: Module,
  dataset: TrainingData,
  options: LookOptions,
): Promise<ProbeReport> {
  // what is slow there, for want of kernels, is nothing that the user has chosen
  return withoutNotices(() => lookedInParts(network, dataset, options));
}

/** Looking takes more room than running does: in parts where there is none for so many images, with the same report. */
async function lookedInParts(
  network: Module,
  dataset: TrainingData,
  options: LookOptions,
): Promise<ProbeReport> {
  try {
    return await looked(network, dataset, options);
  } catch (error) {
    const batchSize = Math.ceil(Math.min(options.batchSize, dataset.length) / 2);
    if (!(error instanceof OutOfMemoryError) || batchSize === options.batchSize) throw error;
    return lookedInParts(network, dataset, { ...options, batchSize });
  }
}

async function looked(
  network: Module,
  dataset: TrainingData,
  { batchSize, onProgress }: LookOptions,
): Promise<ProbeReport> {
  const first = take(dataset, PROBED_IMAGES);
  const found = probe(network);
  const wasTraining = network.training;
  network.evaluate();
  let images = 0;
  let report: ProbeReport | undefined;
  try {
    onProgress?.(0, first.length);
    for await (const batch of batches(first, { batchSize })) {
      noGrad(() => scope(() => void network.call(tensor(batch.images, batch.shape))));
      report = await found.report(); // what was read of this batch goes before the next one comes
      images += batch.labels.length;
      onProgress?.(images, first.length);
    }
    return report!;
  } finally {
    found.detach();
    if (wasTraining) network.train();
  }
}

/**
 * @param evaluation of the last epoch; measured again when there is none
 * @param onLook images that layers have been looked at with, of how many
 */
export async function inspectRun(
  run: FinishedRun,
  evaluation?: Evaluation,
  onLook?: LookOptions['onProgress'],
): Promise<Findings> {
  const { settings, network, test, seconds, best, making, changes } = run;
  const batchSize = settings.batch;
  const result = evaluation ?? (await evaluate(network, test, { batchSize }));
  const probed = await probeDataset(network, test, { batchSize, onProgress: onLook });
  return {
    evaluation: result,
    probed,
    summary: {
      settings,
      testAccuracy: result.accuracy,
      testLoss: result.loss,
      ...(best !== undefined && { best }),
      seconds,
      firingRates: Object.fromEntries(probed.layers.map((layer) => [layer.name, layer.rate])),
      energy: { spiking: probed.operations.energy, dense: probed.operations.denseEnergy },
      ...verdict(settings, result, probed),
      making,
      ...(changes.length > 0 && { changes }),
    },
  };
}
