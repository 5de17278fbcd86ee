// Table 1 from its cells: arms of one condition under each other, means over seeds, and each arm's difference to `none`
// over the seeds that both have. Cells of other conditions never meet.

import type { RunSettings } from '../../train';
import { type Arm, armName, armOf, compareArms, isReference, settingsOfArm } from '../arm';
import { type CellRecord, conditionOf, isPair } from '../cell';
import { type PublishedAccuracy, publishedAccuracy } from '../published';
import { deviation, mean, type PairedDifference, pairedDifference } from '../statistics';

/** Accuracies are shares in [0, 1]. */
export interface ArmRow {
  readonly arm: Arm;
  /** Learning rate of its first step: the condition's, or the one that the arm chose. */
  readonly lr: number;
  readonly published: number | undefined;
  readonly cells: readonly CellRecord[];
  /** Seeds that the grid wants and that have no cell yet. */
  readonly missing: readonly number[];
  /** Undefined without a cell. */
  readonly accuracy: number | undefined;
  /** Standard deviation over seeds; undefined for fewer than two. */
  readonly deviation: number | undefined;
  /** Mean accuracy on held-out training images after the last epoch; undefined where none are held out. */
  readonly heldOut: number | undefined;
  /** To `none`, paired by seed, build and images; undefined without a pair. */
  readonly difference: PairedDifference | undefined;
  /** Training images seen by one cell, over all epochs. */
  readonly imagesSeen: number | undefined;
  /** Mean of the cells' time. */
  readonly seconds: number | undefined;
}

/** One block of the table. */
export interface Condition {
  /** Of any of its cells: all but arm and seed, and the rate where arms chose it, hold for the whole block. */
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
      // an arm that chose its rate anew is a row of its own
      const nameOf = (one: RunSettings) => `${armName(armOf(one))} ${one.lr}`;
      const arms = new Map(asked.map((one) => [nameOf(one), one]));
      const rows = [...arms.values()].sort(compareRows).map((first) => {
        const own = here
          .filter((cell) => nameOf(cell.settings) === nameOf(first))
          .sort((a, b) => a.settings.seed - b.settings.seed);
        const seeds = new Set(
          asked.filter((other) => nameOf(other) === nameOf(first)).map(({ seed }) => seed),
        );
        for (const { settings: done } of own) seeds.delete(done.seed);
        return armRow(
          { ...settings, lr: first.lr, ...settingsOfArm(armOf(first)) },
          own,
          [...seeds].sort((a, b) => a - b),
          here.filter((cell) => isReference(armOf(cell.settings))),
          published,
        );
      });
      return { settings, rows };
    })
    .sort((a, b) => a.settings.timesteps - b.settings.timesteps || order(a) - order(b));
}

function compareRows(a: RunSettings, b: RunSettings): number {
  return compareArms(armOf(a), armOf(b)) || a.lr - b.lr;
}

/** Blocks of the same number of time steps: the larger budget first. */
function order({ settings }: Condition): number {
  return -settings.epochs;
}

/** Mean over the cells of the accuracy on held-out images after the last epoch. */
export function heldOutAccuracy(cells: readonly CellRecord[]): number | undefined {
  const shares = cells.map(({ history }) => history.at(-1)?.validationAccuracy);
  return shares.length > 0 && shares.every((share) => share !== undefined) ? mean(shares) : undefined;
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
    const none = reference.find((other) => isPair(cell, other));
    return none === undefined ? [] : [cell.summary.testAccuracy - none.summary.testAccuracy];
  });
  const [first] = cells;
  const arm = armOf(settings);
  return {
    arm,
    lr: settings.lr,
    published: publishedAccuracy(settings, published),
    cells,
    missing,
    accuracy: cells.length > 0 ? mean(accuracies) : undefined,
    deviation: deviation(accuracies),
    heldOut: heldOutAccuracy(cells),
    difference: isReference(arm) ? undefined : pairedDifference(differences),
    imagesSeen: first === undefined ? undefined : first.images.train * first.settings.epochs,
    seconds: cells.length > 0 ? mean(cells.map((cell) => cell.summary.seconds)) : undefined,
  };
}
