// What a finished run is worth: figures for summary.json and a page for people.

import { tensor } from '../core/create';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { batches } from '../data/batches';
import type { Dataset } from '../data/dataset';
import type { Module } from '../nn/module';
import { barChart, heatmap, histogramChart, htmlReport, lineChart } from '../plot';
import { type LayerReport, type ProbeReport, probe } from '../snn';
import { type Evaluation, evaluate } from './evaluate';
import type { MetricsLine } from './run-folder';
import type { RunSettings } from './settings';

/** Images that the probes look at: enough for stable rates, few enough not to hold up the end. */
const PROBED_IMAGES = 128;

export interface FinishedRun {
  readonly settings: RunSettings;
  readonly metrics: readonly MetricsLine[];
  /** Over all processes that worked on the run. */
  readonly seconds: number;
  /** What was changed on the way, a line each. */
  readonly changes: readonly string[];
  readonly network: Module;
  readonly train: Dataset;
  readonly test: Dataset;
}

/** summary.json */
export interface RunSummary {
  readonly settings: RunSettings;
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly seconds: number;
  readonly firingRates: Record<string, number>;
  /** nJ an image, and the same network without spikes over it. */
  readonly energy: { readonly spiking: number; readonly dense: number };
  readonly warnings: readonly string[];
  /** What was changed on the way; absent where nothing was. */
  readonly changes?: readonly string[];
}

export interface Findings {
  readonly evaluation: Evaluation;
  readonly probed: ProbeReport;
  readonly summary: RunSummary;
}

/** Firing rates, membranes and operations on the first images of a data set, in evaluation. */
export async function probeDataset(network: Module, dataset: Dataset): Promise<ProbeReport> {
  const probed = probe(network);
  const wasTraining = network.training;
  network.evaluate();
  try {
    const [batch] = batches(dataset, {
      batchSize: Math.min(PROBED_IMAGES, dataset.length),
      seed: 0,
      epoch: 0,
      shuffle: false,
      augment: [],
    });
    const shape = [batch!.labels.length, dataset.height, dataset.width, dataset.channels];
    noGrad(() => scope(() => void network.call(tensor(batch!.images, shape))));
    return probed.report();
  } finally {
    probed.detach();
    if (wasTraining) network.train();
  }
}

/** @param evaluation of the last epoch; measured again when there is none */
export async function inspectRun(run: FinishedRun, evaluation?: Evaluation): Promise<Findings> {
  const { settings, network, test, seconds, changes } = run;
  const result = evaluation ?? (await evaluate(network, test, { batchSize: settings.batch }));
  const probed = await probeDataset(network, test);
  return {
    evaluation: result,
    probed,
    summary: {
      settings,
      testAccuracy: result.accuracy,
      testLoss: result.loss,
      seconds,
      firingRates: Object.fromEntries(probed.layers.map((layer) => [layer.name, layer.rate])),
      energy: { spiking: probed.operations.energy, dense: probed.operations.denseEnergy },
      warnings: probed.warnings,
      ...(changes.length > 0 && { changes }),
    },
  };
}

const nanojoules = (energy: number) => `${Math.round(energy).toLocaleString('en-US')} nJ`;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

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
        { name: 'H, before rectification', edges, counts: before },
        { name: 'Ĥ, after', edges, counts: after },
      ],
      marker: { x: 0.5, label: 'threshold' },
    }),
    caption: `Average quantization error (mean square) ${h.squared.toFixed(3)} before and ${rectified.squared.toFixed(3)} after rectification. The outermost bars also hold what lies beyond them.`,
  };
}

/** The page: one HTML file with everything in it. */
export function runReport(run: FinishedRun, { evaluation, probed, summary }: Findings): string {
  const { settings, metrics, network, train, test } = run;
  const { layers, operations } = probed;
  const names = layers.map((layer) => layer.name);
  const membranes = [layers.find((layer) => layer.name.endsWith('lif2')), layers.at(-1)]
    .flatMap((layer) => (layer === undefined ? [] : [membraneFigure(layer)]))
    .filter((figure) => figure !== undefined);
  return htmlReport({
    title: `${settings.arch} on ${train.name}`,
    subtitle: `width ${settings.width}, T = ${settings.timesteps}, MPR ${settings.mpr === null ? 'none' : `k = ${settings.mpr}`}, ${settings.dynamics} dynamics, seed ${settings.seed}`,
    facts: [
      { label: 'test accuracy', value: percent(summary.testAccuracy) },
      { label: 'test loss', value: summary.testLoss.toFixed(3) },
      { label: 'parameters', value: network.parameterCount().toLocaleString('en-US') },
      { label: 'energy an image', value: nanojoules(operations.energy) },
      { label: 'without spikes', value: nanojoules(operations.denseEnergy) },
    ],
    sections: [
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
                { name: 'test', points: curve(metrics, 'epoch', 'testLoss') },
              ],
            }),
            caption: `Cross-entropy of ${train.length.toLocaleString('en-US')} training and ${test.length.toLocaleString('en-US')} test images.`,
          },
          {
            svg: lineChart({
              title: 'Accuracy',
              xLabel: 'step',
              yLabel: '%',
              series: [
                { name: 'training', points: curve(metrics, 'epoch', 'trainAccuracy', 100) },
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
        text: probed.warnings.length > 0 ? probed.warnings.join('; ') : 'No layer is silent or saturated.',
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
                  values: layers.map((layer) => layer.quantization?.before.squared ?? 0),
                },
                { name: 'after', values: layers.map((layer) => layer.quantization?.after.squared ?? 0) },
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
      ...(run.changes.length > 0 ? [{ heading: 'Changes on the way', pre: run.changes.join('\n') }] : []),
      { heading: 'Settings', pre: JSON.stringify(settings, null, 2) },
    ],
  });
}
