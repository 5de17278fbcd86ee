// A part of a claim from two arms: looks its comparison up, judges it, and says it in words.

import type { RunSettings } from '../../train';
import { type Arm, armWords } from '../arm';
import type { CellRecord } from '../cell';
import { budgetWords, conditionTitle, differenceWords } from '../table1/words';
import { type AskedComparison, type Comparison, comparisons, leading } from './evidence';
import type { ClaimPart } from './index';
import type { Rule } from './rules';

export const NONE: Arm = { mpr: null, scale: 1 };
export const steep = (mpr: number, scale = 1): Arm => ({ mpr, scale });
export const scaled = (scale: number): Arm => ({ mpr: null, scale });

const DATASET_WORDS: Readonly<Partial<Record<RunSettings['dataset'], string>>> = {
  cifar10: 'CIFAR-10',
  cifar100: 'CIFAR-100',
};
export const datasetWords = (dataset: RunSettings['dataset']): string => DATASET_WORDS[dataset] ?? dataset;

/** A share as signed points: `+1.22`. */
export const signed = (share: number): string =>
  `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(2)}`;

export interface WantedDifference extends AskedComparison {
  readonly arm: Arm;
  readonly against: Arm;
  readonly rule: Rule;
  /** What the rule asks, in words. */
  readonly claimed: string;
  /** The difference that the paper prints, a share. */
  readonly published?: number | undefined;
}

/** `cifar10, resnet20-small of width 16, T = 2, 12 epochs of batch 32, …`. */
export const conditionBudget = (settings: RunSettings): string =>
  `${conditionTitle({ settings })}; ${budgetWords(settings)}`;

/** The same, with the rates where the two arms chose theirs. */
function comparisonBudget({ settings, rates, arm, against }: Comparison): string {
  if (settings.rateRule == null) return conditionBudget(settings);
  return `${conditionBudget(settings)}: ${rates[0]} (${armWords(arm)}) and ${rates[1]} (${armWords(against)})`;
}

export const NOT_MEASURED = 'not measured yet';

export function partOf(cells: readonly CellRecord[], wanted: WantedDifference): ClaimPart {
  const { arm, against, rule, claimed, published, dataset, timesteps } = wanted;
  const comparison = leading(comparisons(cells, arm, against), wanted);
  return {
    what: `${datasetWords(dataset)}, T = ${timesteps}: ${armWords(arm)} against ${armWords(against)}`,
    claimed: published === undefined ? claimed : `${claimed}; ${signed(published)} in the paper`,
    measured: comparison && differenceWords(comparison.difference),
    budget: comparison === undefined ? NOT_MEASURED : comparisonBudget(comparison),
    verdict: rule(comparison?.difference),
    compared: { comparison, published },
  };
}
