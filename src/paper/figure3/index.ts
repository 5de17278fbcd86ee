// The paper's Figure 3: how membranes of one layer are distributed before and after rectification, beside those of a
// network trained without it, with the average quantization error of each. Numbers, words and an SVG text; it runs
// anywhere.

import { check } from '../../errors';
import { type Distribution, histogramChart, panels } from '../../plot';
import type { QuantizationError } from '../../snn';
import type { RunSettings } from '../../train';
import { conditionOf } from '../cell';
import { PUBLISHED_QUANTIZATION_ERROR } from '../published';
import { budgetWords, conditionTitle } from '../table1/words';
import type { LayerMembranes } from './membranes';

export interface Figure3Network {
  readonly settings: RunSettings;
  readonly membranes: LayerMembranes;
}

export interface Figure3Row {
  readonly network: string;
  readonly potential: string;
  readonly error: QuantizationError;
  /** What the paper prints here; undefined where it prints nothing. */
  readonly published: number | undefined;
}

export interface Figure3 {
  readonly svg: string;
  readonly rows: readonly Figure3Row[];
  /** Which networks the numbers belong to, and how they may be compared: one sentence each. */
  readonly words: readonly string[];
}

/** Columns of the table under {@link figure3Cells}. */
export const FIGURE3_HEAD = [
  'trained with',
  'potential',
  'mean |u - O|',
  'mean (u - O)²',
  'paper, mean square',
] as const;

export function figure3Cells({ network, potential, error, published }: Figure3Row): string[] {
  const numbers = [error.absolute, error.squared, published];
  return [network, potential, ...numbers.map((x) => x?.toFixed(3) ?? '-')];
}

/** The threshold of every network that is trained here. */
const THRESHOLD = 0.5;

/** @throws SpikegradError for a network without MPR, a baseline with it, or different layers */
export function figure3(network: Figure3Network, baseline?: Figure3Network): Figure3 {
  const { membranes } = network;
  checkArms(network.settings, baseline?.settings);
  check(
    baseline === undefined || baseline.membranes.name === membranes.name,
    'figure3',
    () => `expects one layer of both networks, got ${membranes.name} and ${baseline?.membranes.name}`,
  );
  const arm = armWords(network.settings);
  const rows: Figure3Row[] = [
    {
      network: arm,
      potential: 'H, before rectification',
      error: membranes.quantization.before,
      published: undefined,
    },
    {
      network: arm,
      potential: 'Ĥ, after',
      error: membranes.quantization.after,
      published: PUBLISHED_QUANTIZATION_ERROR.mpr,
    },
  ];
  if (baseline !== undefined) {
    const error = baseline.membranes.quantization.before;
    const published = PUBLISHED_QUANTIZATION_ERROR.baseline;
    rows.push({ network: armWords(baseline.settings), potential: 'H', error, published });
  }
  return { rows, words: sentences(network, baseline), svg: picture(network, baseline) };
}

/** @throws SpikegradError where there is nothing to rectify, or nothing to compare with */
export function checkArms({ mpr }: RunSettings, baseline: RunSettings | undefined): void {
  check(
    mpr !== null,
    'figure3',
    'expects a network trained with MPR, got one without; give that one as the baseline',
  );
  check(
    baseline === undefined || baseline.mpr === null,
    'figure3',
    () => `expects a baseline trained without MPR, got one with k = ${baseline?.mpr}`,
  );
}

function picture(network: Figure3Network, baseline: Figure3Network | undefined): string {
  const { settings, membranes } = network;
  const own = {
    before: distribution('H, before rectification', membranes, 'before'),
    after: distribution('Ĥ, after', membranes, 'after'),
  };
  const other = baseline && distribution('H, without MPR', baseline.membranes, 'before');
  const highest = [own.before, own.after, ...(other ? [other] : [])].flatMap(({ counts }) => counts);
  const common = {
    xLabel: 'membrane potential',
    yLabel: 'neuron-steps, %',
    marker: { x: THRESHOLD, label: 'threshold' },
    highest: Math.max(...highest),
    width: 480,
    height: 380,
  };
  const { before, after } = membranes.quantization;
  const charts = [
    histogramChart({
      ...common,
      title: `Trained with ${armWords(settings)}`,
      subtitle: `${errorWords('H', before)}\n${errorWords('Ĥ', after)}`,
      distributions: [own.before, own.after],
    }),
  ];
  if (baseline !== undefined && other !== undefined) {
    const error = baseline.membranes.quantization.before;
    charts.push(
      histogramChart({
        ...common,
        title: 'Beside a network trained without MPR',
        subtitle: `${errorWords('H', error)}, without MPR\n${errorWords('Ĥ', after)}, with MPR`,
        distributions: [other, { ...own.after, name: 'Ĥ, with MPR' }],
      }),
    );
  }
  const published = PUBLISHED_QUANTIZATION_ERROR;
  return panels({
    title: `Membrane potentials in ${membranes.name}`,
    subtitle: `${conditionTitle({ settings })}; ${budgetWords(settings)}\nMean square in the paper, for its own network: ${published.baseline} in its baseline, ${published.mpr} with MPR`,
    charts,
  });
}

/** Counts as percent of all, so that networks of different size can be compared. */
function distribution(name: string, { membrane }: LayerMembranes, when: 'before' | 'after'): Distribution {
  const total = membrane[when].reduce((sum, count) => sum + count, 0);
  return {
    name,
    quantity: when === 'before' ? 'charged' : 'rectified',
    edges: membrane.edges,
    counts: membrane[when].map((count) => (100 * count) / total),
  };
}

function sentences({ settings, membranes }: Figure3Network, baseline: Figure3Network | undefined): string[] {
  const { baseline: without, mpr } = PUBLISHED_QUANTIZATION_ERROR;
  return [
    `Measured in ${membranes.name} on ${membranes.images} images in evaluation: ${conditionTitle({ settings })}; ${budgetWords(settings)}.`,
    `The paper's ${without} (its baseline) and ${mpr} (with MPR) are mean squares, eq. 7, of its own ResNet20 of width 64, in the last layer of the first block.`,
    ...(baseline !== undefined && conditionOf(settings) !== conditionOf(baseline.settings)
      ? [
          `The two networks differ in more than MPR: the baseline is ${conditionTitle(baseline)}; ${budgetWords(baseline.settings)}.`,
        ]
      : []),
    'The outermost bars also hold what lies beyond them.',
  ];
}

function armWords({ mpr }: RunSettings): string {
  return mpr === null ? 'no MPR' : `MPR, k = ${mpr}`;
}

function errorWords(potential: string, { absolute, squared }: QuantizationError): string {
  return `${potential}: mean |${potential} - O| ${absolute.toFixed(3)}, mean square ${squared.toFixed(3)}`;
}
