// `paper gradients` as a picture and a page: norms by layer, by steepness, and what the neurons let through.

import {
  htmlReport,
  type LineSeries,
  lineChart,
  panels,
  type ReportFigure,
  type ReportTable,
} from '../../plot';
import { armWords, isReference } from '../arm';
import { allNeurons, ends, normIn, type SteepnessArm, type SteepnessStudy } from '.';
import type { GainBounds } from './predicted-gain';
import {
  boundsInWords,
  STEEPNESS_LEGEND,
  short,
  steepnessHead,
  steepnessRow,
  steepnessSentences,
} from './words';

const SIZE = { width: 560, height: 340 } as const;

/** `stages.1.0.conv1` as `1.0.conv1`, `stem.0.conv` as `stem.0`. */
export function shortLayer(name: string): string {
  return name
    .replace(/^stages\./, '')
    .replace(/(shortcut)\.conv$/, '$1')
    .replace(/^(stem\.\d+)\.(conv|lif)$/, '$1');
}

function byLayer(arms: readonly SteepnessArm[]): ReportFigure {
  return {
    svg: lineChart({
      ...SIZE,
      title: 'Gradient norm by layer',
      xLabel: 'layer, from the image to the logits',
      yLabel: '‖∂L/∂W‖',
      yScale: 'log',
      ordered: true,
      xNames: arms[0]!.layers.map(({ name }) => shortLayer(name)),
      series: arms.map((arm) => ({
        name: isReference(arm) ? 'without MPR' : armWords(arm),
        reference: isReference(arm),
        points: arm.layers.map(({ norm }, i): [number, number] => [i, norm]),
      })),
    }),
    caption: 'Mean over the batches. Shortcuts stand behind the block that they belong to.',
  };
}

/** The first layer, the first convolution of every further stage, the last convolution, the classifier. */
function shownLayers(arm: SteepnessArm): string[] {
  const { first, last } = ends(arm);
  const starts = arm.layers.map(({ name }) => name).filter((name) => /^stages\.\d+\.0\.conv1$/.test(name));
  return [...new Set([first, ...starts, last, arm.layers.at(-1)!.name])];
}

function overSteepness(none: SteepnessArm, steep: readonly SteepnessArm[]): ReportFigure {
  return {
    svg: lineChart({
      ...SIZE,
      title: 'Gradient norm over k',
      xLabel: 'steepness k',
      yLabel: 'norm over that without MPR',
      yScale: 'log',
      series: shownLayers(none).map((name) => ({
        name: shortLayer(name),
        points: points(steep, (arm) => normIn(arm, name) / normIn(none, name)),
      })),
    }),
    caption: 'Above 1 the gradient of a layer is larger with MPR than without, below 1 smaller.',
  };
}

function passing(none: SteepnessArm, steep: readonly SteepnessArm[]): ReportFigure[] {
  const reference = (value: number): LineSeries => ({
    name: 'without MPR',
    reference: true,
    points: steep.map(({ mpr }): [number, number] => [mpr!, value]),
  });
  return [
    {
      svg: lineChart({
        ...SIZE,
        title: 'Neuron-steps with a gradient',
        xLabel: 'steepness k',
        yLabel: '% of all',
        series: [
          { name: 'in the window', points: points(steep, (arm) => 100 * allNeurons(arm).open) },
          {
            name: "in the window, φ' >= 0.1",
            points: points(steep, (arm) => 100 * (allNeurons(arm).open - allNeurons(arm).flat)),
          },
        ],
      }),
      caption:
        "φ fixes 0 and 1, so the window of width 1 holds the same membranes whatever k is; a steep φ is flat for more of them, φ' < 0.1.",
    },
    {
      svg: lineChart({
        ...SIZE,
        title: 'Gain of the neurons',
        xLabel: 'steepness k',
        yLabel: "√mean (s·φ')²",
        series: [
          reference(allNeurons(none).gain),
          { name: 'with MPR', points: points(steep, (arm) => allNeurons(arm).gain) },
        ],
      }),
      caption:
        'The norm of a gradient is multiplied by this at every neuron it passes, if it does not depend on the membrane.',
    },
  ];
}

function points(arms: readonly SteepnessArm[], value: (arm: SteepnessArm) => number): [number, number][] {
  return arms.map((arm): [number, number] => [arm.mpr!, value(arm)]);
}

/** More bands than these hide each other. */
const MOST_BANDS = 4;

/** At most so many, from the first to the last in equal steps. */
function few<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!);
}

/** Gradients at the spikes by depth, as measured, in the bounds that the rates predict. */
function predictedFigure(arms: readonly SteepnessArm[]): ReportFigure {
  const { neurons } = arms[0]!.gains;
  return {
    svg: lineChart({
      ...SIZE,
      title: 'Gradient at the spikes, measured in what is predicted',
      xLabel: 'layer of neurons, from the image to the logits',
      yLabel: 'norm over that at the last layer',
      yScale: 'log',
      xNames: neurons.map(({ name }) => shortLayer(name)),
      series: few(arms, MOST_BANDS).map(({ gains, ...arm }) => ({
        name: armWords(arm),
        points: gains.neurons.map(({ measured }, i): [number, number] => [i, measured]),
        ranges: gains.neurons.map(({ predicted, measured }): GainBounds => predicted ?? [measured, measured]),
      })),
    }),
    caption:
      "Shaded: what each layer's own firing rates predict, with nothing fitted. The upper bound holds for weights whose mean is 0.",
  };
}

/** Norms by layer and over k, what is predicted, what the neurons let through. */
function figures({
  arms,
}: SteepnessStudy): [norms: ReportFigure[], predicted: ReportFigure[], passing: ReportFigure[]] {
  const none = arms[0]!;
  const steep = arms.filter(({ mpr, scale }) => mpr !== null && scale === 1);
  if (steep.length < 2) return [[byLayer(arms)], [predictedFigure(arms)], []];
  return [[byLayer(arms), overSteepness(none, steep)], [predictedFigure(arms)], passing(none, steep)];
}

function networkWords({ settings: { arch, width, timesteps, dynamics } }: SteepnessStudy): string {
  return `${arch} of width ${width}, T = ${timesteps}, ${dynamics} dynamics`;
}

const PREDICTION_TEXT =
  "Going back from the spikes behind a convolution to its input, the norm of a gradient is multiplied by √(s²·E[(s·φ')²]/M): s is α·vth·λ of the tdBN, the expectation is over membranes H ~ N(m, σ²) that spike as often as the layer does, and M, the second moment of the spikes that the convolution reads, lies between r·(1 - r) and r. A layer: the rate of what it reads and of what is behind it, then its gain as measured and in brackets as predicted.";

/** A row for each convolution that reads spikes, a column for each arm. */
function pathTable(arms: readonly SteepnessArm[]): ReportTable {
  const { paths } = arms[0]!.gains;
  const cell = (arm: SteepnessArm, i: number) => {
    const { gain, predicted } = arm.gains.paths[i]!;
    return gain === undefined || predicted === undefined
      ? '–'
      : `${short(gain)} (${boundsInWords(predicted)})`;
  };
  return {
    head: ['layer', 'rates', ...arms.map(armWords)],
    rows: paths.map(({ name, rates }, i) => [
      name,
      rates.map((rate) => (rate === undefined ? 'image' : short(rate))).join(' → '),
      ...arms.map((arm) => cell(arm, i)),
    ]),
  };
}

/** All charts in one picture. */
export function gradientsPicture(study: SteepnessStudy): string {
  return panels({
    title: 'Gradients by steepness of MPR',
    subtitle: `${networkWords(study)}; ${study.weights}; ${study.dataset}`,
    charts: figures(study).flatMap((group) => group.map(({ svg }) => svg)),
    columns: 2,
  });
}

/** One HTML page with everything in it. */
export function gradientsReport(study: SteepnessStudy): string {
  const { arms, batches, settings } = study;
  const none = arms[0]!;
  const [norms, predicted, overK] = figures(study);
  return htmlReport({
    title: 'Gradients by steepness of MPR',
    subtitle: `${networkWords(study)}; ${study.weights}`,
    facts: [
      { label: 'images', value: batches.count * batches.size },
      { label: 'steepnesses', value: arms.length - 1 },
      { label: 'loss', value: none.loss.toFixed(4) },
    ],
    sections: [
      {
        heading: 'Gradient norms',
        text: steepnessSentences(arms).join('\n\n'),
        figures: norms,
      },
      {
        heading: 'What the neurons let through',
        figures: overK,
        text: STEEPNESS_LEGEND,
        table: { head: steepnessHead(arms), rows: arms.map((arm) => steepnessRow(arm, none)) },
      },
      {
        heading: 'Predicted from firing rates',
        text: PREDICTION_TEXT,
        figures: predicted,
        table: pathTable(few(arms, MOST_BANDS)),
      },
      {
        heading: 'Every layer',
        text: '‖∂L/∂W‖₂, mean over the batches.',
        table: {
          head: ['layer', ...arms.map(armWords)],
          rows: none.layers.map(({ name }) => [name, ...arms.map((arm) => short(normIn(arm, name)))]),
        },
      },
      {
        heading: 'On what',
        pre: JSON.stringify({ dataset: study.dataset, batches, settings }, null, 2),
      },
    ],
  });
}
