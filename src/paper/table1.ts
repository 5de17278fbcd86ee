// Table 1 from its cells: arms of one condition under each other, means over seeds, and each arm's difference to `none`
// over the seeds that both have. Cells of other conditions never meet.

import type { RunSettings } from '../train';
import { armName, type CellRecord, conditionOf } from './cell';
import { type PublishedAccuracy, publishedAccuracy } from './published';
import { deviation, mean, type PairedDifference, pairedDifference } from './statistics';

/** Accuracies are shares in [0, 1]. */
export interface ArmRow {
  readonly arm: string;
  readonly mpr: number | null;
  readonly published: number | undefined;
  readonly cells: readonly CellRecord[];
  /** Seeds that the grid wants and that have no cell yet. */
  readonly missing: readonly number[];
  /** Undefined without a cell. */
  readonly accuracy: number | undefined;
  /** Standard deviation over seeds; undefined for fewer than two. */
  readonly spread: number | undefined;
  /** To `none`, paired by seed; undefined without a pair. */
  readonly difference: PairedDifference | undefined;
  /** Training images seen by one cell, over all epochs. */
  readonly imagesSeen: number | undefined;
  /** Mean of the cells' time. */
  readonly seconds: number | undefined;
}

/** One block of the table. */
export interface Condition {
  /** Of any of its cells: all but `mpr` and `seed` hold for the whole block. */
  readonly settings: RunSettings;
  readonly rows: readonly ArmRow[];
}

/**
 * @param wanted cells that the grid asks for, finished or not; those without a record make a row say what is missing
 */
export function table1(
  cells: readonly CellRecord[],
  wanted: readonly RunSettings[] = [],
  published?: readonly PublishedAccuracy[],
): Condition[] {
  const everySetting = [...cells.map((cell) => cell.settings), ...wanted];
  const conditions = new Map(everySetting.map((settings) => [conditionOf(settings), settings]));
  return [...conditions]
    .map(([key, settings]): Condition => {
      const here = cells.filter((cell) => conditionOf(cell.settings) === key);
      const asked = everySetting.filter((other) => conditionOf(other) === key);
      const arms = [...new Set(asked.map(({ mpr }) => mpr))].sort((a, b) => (a ?? 0) - (b ?? 0));
      const reference = here.filter((cell) => cell.settings.mpr === null);
      const rows = arms.map((mpr) => {
        const own = here
          .filter((cell) => cell.settings.mpr === mpr)
          .sort((a, b) => a.settings.seed - b.settings.seed);
        const seeds = new Set(asked.filter((other) => other.mpr === mpr).map(({ seed }) => seed));
        for (const { settings: done } of own) seeds.delete(done.seed);
        return armRow(
          { ...settings, mpr },
          own,
          [...seeds].sort((a, b) => a - b),
          reference,
          published,
        );
      });
      return { settings, rows };
    })
    .sort((a, b) => a.settings.timesteps - b.settings.timesteps || order(a) - order(b));
}

/** Blocks of the same number of time steps: the larger budget first. */
function order({ settings }: Condition): number {
  return -settings.epochs;
}

function armRow(
  settings: RunSettings,
  cells: readonly CellRecord[],
  missing: readonly number[],
  reference: readonly CellRecord[],
  published?: readonly PublishedAccuracy[],
): ArmRow {
  const accuracies = cells.map((cell) => cell.summary.testAccuracy);
  const differences = cells.flatMap((cell) => {
    const none = reference.find((other) => other.settings.seed === cell.settings.seed);
    return none === undefined ? [] : [cell.summary.testAccuracy - none.summary.testAccuracy];
  });
  const [first] = cells;
  return {
    arm: armName(settings.mpr),
    mpr: settings.mpr,
    published: publishedAccuracy(settings, published),
    cells,
    missing,
    accuracy: cells.length > 0 ? mean(accuracies) : undefined,
    spread: deviation(accuracies),
    difference: settings.mpr === null ? undefined : pairedDifference(differences),
    imagesSeen: first === undefined ? undefined : first.images.train * first.settings.epochs,
    seconds: cells.length > 0 ? mean(cells.map((cell) => cell.summary.seconds)) : undefined,
  };
}
