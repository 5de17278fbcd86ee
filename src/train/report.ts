// What a finished run is worth: figures for summary.json and a page for people.

import { tensor } from '../core/create';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { batches } from '../data/batches';
import type { Dataset } from '../data/dataset';
import type { AnyDataset } from '../data/float-dataset';
import { take } from '../data/parts';
import type { Module } from '../nn/module';
import { barChart, heatmap, histogramChart, htmlReport, lineChart } from '../plot';
import { type LayerReport, type ProbeReport, probe } from '../snn';
import type { BestEpoch } from './best';
import { type Evaluation, evaluate } from './evaluate';
import type { MetricsLine } from './metrics';
import type { RunSettings } from './settings';
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
  readonly train: AnyDataset;
  readonly validation?: AnyDataset;
  readonly test: Dataset;
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
export async function probeDataset(
  network: Module,
  dataset: Dataset,
  { batchSize, onProgress }: LookOptions,
): Promise<ProbeReport> {
  const first = take(dataset, PROBED_IMAGES);
  const probed = probe(network);
  const wasTraining = network.training;
  network.evaluate();
  let images = 0;
  let report: ProbeReport | undefined;
  try {
    onProgress?.(0, first.length);
    for (const batch of batches(first, { batchSize })) {
      noGrad(() => scope(() => void network.call(tensor(batch.images, batch.shape))));
      report = await probed.report(); // what was read of this batch goes before the next one comes
      images += batch.labels.length;
      onProgress?.(images, first.length);
    }
    return report!;
  } finally {
    probed.detach();
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

const nanojoules = (energy: number) => `${Math.round(energy).toLocaleString('en-US')} nJ`;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** As sentences: the first letter large, a full stop behind. */
function sentences(parts: readonly string[]): string {
  return parts.map((part) => `${part[0]!.toUpperCase()}${part.slice(1)}.`).join(' ');
}

function curve(
  metrics: readonly MetricsLine[],
  kind: 'step' | 'epoch',
  key: string,
  scale = 1,
): [number, number][] {
  return metrics
    .filter((line) => line.kind === kind && typeof line[key] === 'number')
    .map((line) => [line.step, scale * (line[key] as number)]);
}

function membraneFigure(layer: LayerReport): { svg: string; caption: string } | undefined {
  if (layer.membrane === undefined || layer.quantization === undefined) return undefined;
  const { edges, before, after } = layer.membrane;
  const { before: h, after: rectified } = layer.quantization;
  return {
    svg: histogramChart({
      title: `Membrane potential in ${layer.name}`,
      xLabel: 'membrane potential',
      yLabel: 'neuron-steps',
      distributions: [
        { name: 'H, before rectification', quantity: 'charged', edges, counts: before },
        { name: 'Ĥ, after', quantity: 'rectified', edges, counts: after },
      ],
      marker: { x: 0.5, label: 'threshold' },
    }),
    caption: `Average quantization error (mean square) ${h.squared.toFixed(3)} before and ${rectified.squared.toFixed(3)} after rectification. The outermost bars also hold what lies beyond them.`,
  };
}

/** Seconds as `1 h 02 min`, `2 min 05 s`, `12.3 s`. */
function timeTaken(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours} h ${two(minutes)} min` : `${minutes} min ${two(whole % 60)} s`;
}

/** How and when the run was made, one row a fact. */
function makingRows({ seconds, making }: RunSummary): [string, string][] {
  if (making === undefined) return [['time', timeTaken(seconds)]];
  const { version, finished, backend, imagesPerSecond } = making;
  return [
    ['spikegrad', version],
    ['finished', `${finished.slice(0, 16).replace('T', ' ')} UTC`],
    ['backend', backend],
    ['time, tests included', timeTaken(seconds)],
    ...(imagesPerSecond === undefined
      ? []
      : [['training', `${imagesPerSecond.toFixed(1)} images a second`] as [string, string]]),
  ];
}

/** The page: one HTML file with everything in it. */
export function runReport(run: FinishedRun, { evaluation, probed, summary }: Findings): string {
  const { settings, metrics, network, train, validation, test, best } = run;
  const { layers, operations } = probed;
  const names = layers.map((layer) => layer.name);
  const count = (images: AnyDataset) => images.length.toLocaleString('en-US');
  const imagesInWords =
    validation === undefined
      ? `${count(train)} training and ${count(test)} test images`
      : `${count(train)} training, ${count(validation)} validation and ${count(test)} test images`;
  const membranes = [layers.find((layer) => layer.name.endsWith('lif2')), layers.at(-1)]
    .flatMap((layer) => (layer === undefined ? [] : [membraneFigure(layer)]))
    .filter((figure) => figure !== undefined);
  return htmlReport({
    title: `${settings.arch} on ${train.name}`,
    subtitle: `width ${settings.width}, T = ${settings.timesteps}, MPR ${settings.mpr === null ? 'none' : `k = ${settings.mpr}`}, ${settings.dynamics} dynamics, seed ${settings.seed}`,
    facts: [
      { label: 'test accuracy', value: percent(summary.testAccuracy) },
      { label: 'test loss', value: summary.testLoss.toFixed(3) },
      ...(best === undefined
        ? []
        : [{ label: 'best epoch', value: `${best.epoch + 1}, ${percent(best.accuracy)} in validation` }]),
      { label: 'parameters', value: network.parameterCount().toLocaleString('en-US') },
      { label: 'energy an image', value: nanojoules(operations.energy) },
      { label: 'without spikes', value: nanojoules(operations.denseEnergy) },
    ],
    sections: [
      ...(summary.advice === undefined
        ? []
        : [
            {
              heading: 'What is wrong',
              text: `${sentences(summary.warnings)} ${sentences([summary.advice])}`,
            },
          ]),
      {
        heading: 'Learning',
        figures: [
          {
            svg: lineChart({
              title: 'Loss',
              xLabel: 'step',
              yLabel: 'cross-entropy',
              series: [
                { name: 'each step', points: curve(metrics, 'step', 'loss') },
                { name: 'training, by epoch', points: curve(metrics, 'epoch', 'trainLoss') },
                ...(validation === undefined
                  ? []
                  : [{ name: 'validation', points: curve(metrics, 'epoch', 'validationLoss') }]),
                { name: 'test', points: curve(metrics, 'epoch', 'testLoss') },
              ],
            }),
            caption: `Cross-entropy of ${imagesInWords}.${best === undefined ? '' : ` The model has the weights of epoch ${best.epoch + 1}, the best in validation.`}`,
          },
          {
            svg: lineChart({
              title: 'Accuracy',
              xLabel: 'step',
              yLabel: '%',
              series: [
                { name: 'training', points: curve(metrics, 'epoch', 'trainAccuracy', 100) },
                ...(validation === undefined
                  ? []
                  : [{ name: 'validation', points: curve(metrics, 'epoch', 'validationAccuracy', 100) }]),
                { name: 'test', points: curve(metrics, 'epoch', 'testAccuracy', 100) },
              ],
              yDomain: [0, 100],
            }),
            caption: `Share of images classified rightly; chance is ${percent(1 / settings.classes)}.`,
          },
        ],
      },
      {
        heading: 'Which classes are taken for which',
        figures: [
          {
            svg: heatmap({
              title: 'Confusion',
              rows: [...test.classes],
              columns: [...test.classes],
              values: evaluation.confusion,
              rowLabel: 'label',
              columnLabel: 'prediction',
              format: (count) => String(count),
            }),
            caption: 'Test images by label and prediction; the diagonal is right.',
          },
        ],
      },
      {
        heading: 'Spikes',
        text: probed.warnings.length > 0 ? sentences(probed.warnings) : 'No layer is silent or saturated.',
        figures: [
          {
            svg: heatmap({
              title: 'Firing rate by layer and time step',
              rows: names,
              columns: Array.from({ length: settings.timesteps }, (_, t) => `t = ${t + 1}`),
              values: layers.map((layer) => layer.ratePerStep),
              format: percent,
            }),
            caption: 'Share of neurons that fire, on test images.',
          },
          {
            svg: barChart({
              title: 'Average quantization error by layer',
              yLabel: 'mean (membrane - spike)²',
              categories: names,
              groups: [
                {
                  name: 'before rectification',
                  quantity: 'charged',
                  values: layers.map((layer) => layer.quantization?.before.squared ?? 0),
                },
                {
                  name: 'after',
                  quantity: 'rectified',
                  values: layers.map((layer) => layer.quantization?.after.squared ?? 0),
                },
              ],
            }),
            caption: 'How far membranes lie from the spikes they become (Guo et al., 2022, eq. 7).',
          },
          ...membranes,
        ],
      },
      {
        heading: 'Operations and energy of one image',
        text: `Additions for each spike (0.9 pJ) and multiply-accumulates where the input is not spikes (4.6 pJ; Horowitz, ISSCC 2014, 45 nm). The same network without spikes, run once: ${nanojoules(operations.denseEnergy)}.`,
        table: {
          head: ['layer', 'dense operations', 'synaptic operations', 'kind', 'input firing rate'],
          rows: operations.layers.map((layer) => [
            layer.name,
            Math.round(layer.dense).toLocaleString('en-US'),
            Math.round(layer.operations).toLocaleString('en-US'),
            layer.kind === 'ac' ? 'addition' : 'multiply-accumulate',
            layer.inputRate === undefined ? '-' : percent(layer.inputRate),
          ]),
        },
      },
      {
        heading: 'How it was made',
        table: { head: ['what', 'value'], rows: makingRows(summary) },
      },
      ...(run.changes.length > 0 ? [{ heading: 'Changes on the way', pre: run.changes.join('\n') }] : []),
      { heading: 'Settings', pre: JSON.stringify(settings, null, 2) },
    ],
  });
}
