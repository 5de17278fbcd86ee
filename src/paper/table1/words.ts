// Table 1 in words and figures for people: the heading of a block, the cells of a row, what an interval says.

import type { RunSettings } from '../../train';
import { descentInWords } from '../../train/settings/descent';
import { ingredientsInWords } from '../../train/settings/ingredients';
import { neuronInWords } from '../../train/settings/neuron';
import { armWords } from '../arm';
import { PUBLISHED_NETWORK } from '../published';
import type { ArmRow, Condition } from '.';
import { type Marks, marksOf } from './alike';

/** A share in points of a percent: 0.7608 as `76.08`. */
export const points = (share: number) => (100 * share).toFixed(2);
const signed = (share: number) => `${share < 0 ? '−' : '+'}${points(Math.abs(share))}`;

/** `cifar10, resnet20-small of width 16, T = 2`. */
export function conditionTitle({ settings }: Pick<Condition, 'settings'>): string {
  const { dataset, arch, width, timesteps, dynamics, neuron = 'lif' } = settings;
  return [
    `${dataset}, ${arch} of width ${width}, T = ${timesteps}`,
    ...(dynamics === 'leak' ? [] : [`${dynamics} dynamics`]),
    ...(neuron === 'lif' ? [] : [`neuron ${neuronInWords(neuron)}`]),
  ].join(', ');
}

/** `12 epochs of batch 32, learning rate 0.1, crop and flip`. */
export function budgetWords(settings: RunSettings): string {
  const { epochs, batch, lr, rateRule, weightDecay, augment, limit, clip, validation } = settings;
  return [
    `${epochs} epoch${epochs === 1 ? '' : 's'} of batch ${batch}`,
    rateRule == null ? `learning rate ${lr}` : `each arm at its own learning rate (${rateRule})`,
    ...(weightDecay > 0 ? [`weight decay ${weightDecay}`] : []),
    ...descentInWords(settings),
    ...ingredientsInWords(settings),
    ...(clip === null ? [] : [`gradients clipped at ${clip}`]),
    augment.length > 0 ? augment.join(', ') : 'no augmentation',
    limit === null ? 'all images at hand' : `the first ${limit} images`,
    ...(validation == null ? [] : [`${100 * validation} % of the training images held out`]),
  ].join(', ');
}

export const TABLE_HEAD = [
  'arm',
  'rate',
  'paper, %',
  'held out, %',
  'ours, % (mean ± sd)',
  'seeds',
  'difference to none, points (95 % interval)',
  'images seen',
  'time a cell',
] as const;

/** The rows of a condition under {@link TABLE_HEAD}. */
export function rowsWords(condition: Pick<Condition, 'rows'>): string[][] {
  const marks = marksOf(condition);
  return condition.rows.map((row) => rowWords(row, marks));
}

function rowWords(row: ArmRow, marks: Marks): string[] {
  const { cells, accuracy, deviation, heldOut, difference, missing, published, imagesSeen, seconds } = row;
  return [
    armWords(row.arm),
    String(row.lr),
    published === undefined ? '–' : points(published),
    heldOut === undefined ? '–' : points(heldOut),
    accuracy === undefined
      ? '–'
      : `${points(accuracy)}${deviation === undefined ? '' : ` ± ${points(deviation)}`}`,
    `${cells.map((cell) => `${cell.settings.seed}${marks.of(cell)}`).join(', ') || '–'}${missing.length > 0 ? ` (unfinished: ${missing.join(', ')})` : ''}`,
    difference === undefined ? '–' : differenceWords(difference),
    imagesSeen === undefined ? '–' : imagesSeen.toLocaleString('en-US'),
    seconds === undefined ? '–' : `${(seconds / 60).toFixed(1)} min`,
  ];
}

/** Whose the accuracies of the paper's column are, where it has any. */
export function paperNote({ rows }: Condition): string[] {
  const known = rows.some(({ published }) => published !== undefined);
  return known ? [`The paper's column is of its own network: ${PUBLISHED_NETWORK}.`] : [];
}

/** `+1.20 [−0.10, +2.50], 3 pairs`. */
export function differenceWords({ mean, interval, pairs }: NonNullable<ArmRow['difference']>): string {
  if (interval === undefined) return `${signed(mean)} (one pair: no interval)`;
  return `${signed(mean)} [${signed(interval[0])}, ${signed(interval[1])}], ${pairs} pairs`;
}

/** What a block says about its question: does the arm beat none, does it lose, or can it not be told? */
export function verdicts({ rows }: Condition): string[] {
  return rows.flatMap(({ arm, difference }) => {
    if (difference === undefined) return [];
    const { mean, interval, pairs } = difference;
    const name = armWords(arm);
    const by = `${signed(mean)} points`;
    if (interval === undefined) return [`${name}: ${by} on one pair of runs, which says nothing of chance.`];
    const [low, high] = interval;
    const range = `95 % interval ${signed(low)} to ${signed(high)}, ${pairs} pairs`;
    if (low > 0) return [`${name} against none: ${by}, a gain beyond chance (${range}).`];
    if (high < 0) return [`${name} against none: ${by}, a loss beyond chance (${range}).`];
    return [`${name} against none: ${by}, which chance alone can give (${range}).`];
  });
}
