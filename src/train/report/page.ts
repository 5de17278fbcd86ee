// The page that shows people a finished run: curves, confusion, spikes, membranes. With the charts it is more code
// than all the rest of a training, so it is loaded when it is written.

import type { TrainingData } from '../../data/stream/dataset';
import { barChart, heatmap, histogramChart, htmlReport, lineChart } from '../../plot';
import type { LayerReport } from '../../snn';
import type { MetricsLine } from '../metrics';
import { descentInWords } from '../settings/descent';
import { settingInWords } from '../settings/setting';
import { waitingInWords } from '../trainer/feed';
import type { Findings, FinishedRun, RunSummary } from '.';

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
  const { version, finished, backend, imagesPerSecond, waiting } = making;
  return [
    ['spikegrad', version],
    ['finished', `${finished.slice(0, 16).replace('T', ' ')} UTC`],
    ['backend', backend],
    ['time, tests included', timeTaken(seconds)],
    ...(imagesPerSecond === undefined
      ? []
      : [['training', `${imagesPerSecond.toFixed(1)} images a second`] as [string, string]]),
    ...(waiting === undefined || waiting.of === 0
      ? []
      : [['waiting for images', waitingInWords(waiting)] as [string, string]]),
  ];
}

/** The page: one HTML file with everything in it. */
export function runReport(run: FinishedRun, { evaluation, probed, summary }: Findings): string {
  const { settings, metrics, network, train, validation, test, best } = run;
  const { layers, operations } = probed;
  const names = layers.map((layer) => layer.name);
  const count = (images: TrainingData) => images.length.toLocaleString('en-US');
  const imagesInWords =
    validation === undefined
      ? `${count(train)} training and ${count(test)} test images`
      : `${count(train)} training, ${count(validation)} validation and ${count(test)} test images`;
  const membranes = [layers.find((layer) => layer.name.endsWith('lif2')), layers.at(-1)]
    .flatMap((layer) => (layer === undefined ? [] : [membraneFigure(layer)]))
    .filter((figure) => figure !== undefined);
  return htmlReport({
    title: `${settings.network ?? settings.arch} on ${train.name}`,
    subtitle: `width ${settings.width}, T = ${settings.timesteps}, MPR ${settings.mpr === null ? 'none' : `k = ${settings.mpr}`}, ${settings.dynamics} dynamics, ${[...descentInWords(settings), `seed ${settings.seed}`].join(', ')}`,
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
          {
            svg: lineChart({
              title: 'Learning rate',
              xLabel: 'step',
              yLabel: 'learning rate',
              series: [{ name: settings.optimizer ?? 'sgd', points: curve(metrics, 'step', 'lr') }],
            }),
            caption: `The schedule is ${settings.schedule ?? 'cosine'}${settings.warmup === undefined ? '' : `, after a warm-up of ${settings.warmup} epochs`}${settings.phases === undefined ? '' : `, in phases ${settingInWords(settings.phases)}`}.`,
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
