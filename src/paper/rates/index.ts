// Accuracy by learning rate: cells that differ in arm, seed and learning rate alone, so that each arm's best rate can
// be seen, or chosen. They are judged on held-out training images where there are any, and never on test images if
// so.

import type { RunSettings } from '../../train';
import { type Arm, armName, armOf, compareArms, isOfArm } from '../arm';
import { type CellRecord, conditionOf } from '../cell';
import { mean } from '../statistics';
import { heldOutAccuracy } from '../table1';

/** An arm's accuracies, in the order of the rates. */
export interface ArmRates {
  readonly arm: Arm;
  /** Mean over seeds, as a share; undefined where no cell is finished. */
  readonly accuracies: readonly (number | undefined)[];
  /** The rate with the highest accuracy, the smaller of equal ones; undefined without a cell. */
  readonly best: number | undefined;
}

export interface RateStudy {
  /** Of any of the cells: all but arm, seed and rate hold for all. */
  readonly settings: RunSettings;
  /** Rising. */
  readonly rates: readonly number[];
  readonly arms: readonly ArmRates[];
  readonly judgedOn: 'held-out training images' | 'test images';
}

/** The condition with the rate left out; undefined for a cell whose arm chose its rate. */
function familyOf({ settings }: CellRecord): string | undefined {
  return settings.rateRule == null ? conditionOf({ ...settings, lr: 0 }) : undefined;
}

/** Wherever more than one rate was tried. */
export function rateStudies(cells: readonly CellRecord[]): RateStudy[] {
  const families = new Map<string, CellRecord[]>();
  for (const cell of cells) {
    const family = familyOf(cell);
    if (family !== undefined) families.set(family, [...(families.get(family) ?? []), cell]);
  }
  return [...families.values()].map(studyOf).filter(({ rates }) => rates.length > 1);
}

function studyOf(cells: readonly CellRecord[]): RateStudy {
  const rates = [...new Set(cells.map(({ settings }) => settings.lr))].sort((a, b) => a - b);
  const arms = new Map(cells.map(({ settings }) => [armName(armOf(settings)), armOf(settings)]));
  const isHeldOut = heldOutAccuracy(cells) !== undefined;
  const accuracyOf = (arm: Arm, lr: number) => {
    const own = cells.filter(({ settings }) => settings.lr === lr && isOfArm(settings, arm));
    if (own.length === 0) return undefined;
    return isHeldOut ? heldOutAccuracy(own) : mean(own.map(({ summary }) => summary.testAccuracy));
  };
  return {
    settings: cells[0]!.settings,
    rates,
    arms: [...arms.values()].sort(compareArms).map((arm) => {
      const accuracies = rates.map((lr) => accuracyOf(arm, lr));
      return { arm, accuracies, best: bestOf(rates, accuracies) };
    }),
    judgedOn: isHeldOut ? 'held-out training images' : 'test images',
  };
}

function bestOf(rates: readonly number[], accuracies: readonly (number | undefined)[]): number | undefined {
  const known = accuracies.filter((accuracy) => accuracy !== undefined);
  return known.length === 0 ? undefined : rates[accuracies.indexOf(Math.max(...known))];
}
