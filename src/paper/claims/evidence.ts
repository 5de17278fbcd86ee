// What the cells of all grids say of two arms: their paired difference under each condition in which both were
// trained, and the one of these by which a claim is judged.

import type { RunSettings } from '../../train';
import { type Arm, isOfArm } from '../arm';
import { type CellRecord, conditionOf, isPair } from '../cell';
import { mean, type PairedDifference, pairedDifference } from '../statistics';

export interface Comparison {
  readonly arm: Arm;
  readonly against: Arm;
  /** Of a cell of the arm; its seed, rate and arm do not count where they differ. */
  readonly settings: RunSettings;
  readonly difference: PairedDifference;
  /** Mean accuracies of the pairs, shares. */
  readonly accuracies: readonly [arm: number, against: number];
  /** Learning rates of the pairs. */
  readonly rates: readonly [arm: number, against: number];
  /** Training images that a cell saw. */
  readonly imagesSeen: number;
}

/** Cells that are judged by: those of which images were held out chose rates. */
export const judgedCells = (cells: readonly CellRecord[]): CellRecord[] =>
  cells.filter(({ settings }) => settings.validation == null);

/** One for each condition in which there is a pair. */
export function comparisons(cells: readonly CellRecord[], arm: Arm, against: Arm): Comparison[] {
  const conditions = new Map<string, CellRecord[]>();
  for (const cell of judgedCells(cells)) {
    const key = conditionOf(cell.settings);
    conditions.set(key, [...(conditions.get(key) ?? []), cell]);
  }
  return [...conditions.values()].flatMap((here) => {
    const pairs = here
      .filter(({ settings }) => isOfArm(settings, arm))
      .flatMap((cell) => {
        const other = here.find((one) => isOfArm(one.settings, against) && isPair(cell, one));
        return other === undefined ? [] : [[cell, other] as const];
      });
    const [first] = pairs;
    if (first === undefined) return [];
    const [accuracy, reference] = [0, 1].map((side) =>
      pairs.map((pair) => pair[side as 0 | 1].summary.testAccuracy),
    ) as [number[], number[]];
    const [{ settings, images }, other] = first;
    return {
      arm,
      against,
      settings,
      difference: pairedDifference(accuracy.map((value, i) => value - reference[i]!))!,
      accuracies: [mean(accuracy), mean(reference)],
      rates: [settings.lr, other.settings.lr],
      imagesSeen: images.train * settings.epochs,
    } satisfies Comparison;
  });
}

/** Which comparisons a claim is about. */
export interface AskedComparison {
  readonly dataset: RunSettings['dataset'];
  readonly timesteps: number;
  readonly optimizers: readonly NonNullable<RunSettings['optimizer']>[];
  /** Whether only those count in which each arm chose its rate. */
  readonly atOwnRate?: boolean;
}

/** SGD, as in the paper. */
export const BY_SGD = ['sgd', 'nesterov'] as const;

function isAsked(
  { settings }: Comparison,
  { dataset, timesteps, optimizers, atOwnRate }: AskedComparison,
): boolean {
  const { optimizer = 'sgd', neuron = 'lif', rateRule } = settings;
  return (
    settings.dataset === dataset &&
    settings.timesteps === timesteps &&
    settings.dynamics === 'leak' &&
    neuron === 'lif' &&
    optimizers.includes(optimizer) &&
    (!atOwnRate || rateRule != null)
  );
}

/** By rules.ts, more of which comes first. */
const weights: readonly ((comparison: Comparison) => number)[] = [
  ({ difference }) => (difference.interval === undefined ? 0 : 1),
  ({ settings }) => (settings.rateRule == null ? 0 : 1),
  ({ imagesSeen }) => imagesSeen,
  ({ settings }) => settings.width,
  ({ accuracies }) => accuracies[1],
];

/** The comparison by which a claim is judged; undefined where there is none. */
export function leading(all: readonly Comparison[], asked: AskedComparison): Comparison | undefined {
  return all
    .filter((one) => isAsked(one, asked))
    .sort((a, b) => weights.map((of) => of(b) - of(a)).find((difference) => difference !== 0) ?? 0)[0];
}
