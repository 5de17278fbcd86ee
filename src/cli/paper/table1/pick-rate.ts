// `--pick-rate`: each arm's own learning rate, chosen by a short run at each rate on training images that are held out,
// never on test images. What is chosen goes into the settings of the long runs, with the rule.

import { SpikegradError } from '../../../errors';
import { type Arm, armOf, armWords, isOfArm } from '../../../paper/arm';
import { type CellRecord, sameSettings } from '../../../paper/cell';
import { type GridAxes, gridCells } from '../../../paper/grid';
import { rateStudies } from '../../../paper/rates';
import type { RunSettings } from '../../../train';
import { counted } from '../../terminal/table';

/** The share of the training images that decides: 5,000 of CIFAR's 50,000. */
const HELD_OUT = 0.1;

/** What a grid is made of before its arms have their rates. */
export interface Picking {
  /** The settings that all long runs share. */
  readonly base: RunSettings;
  readonly timesteps: readonly number[];
  readonly arms: readonly Arm[];
  readonly rates: readonly number[];
  readonly seeds: readonly number[];
  /** Epochs of the short runs. */
  readonly epochs: number;
}

/** The short runs: every arm at every rate, one seed. */
export function shortRuns({ base, timesteps, arms, rates, seeds, epochs }: Picking): RunSettings[] {
  const axes: GridAxes = { timesteps, arms, rates, seeds: seeds.slice(0, 1) };
  return gridCells({ ...base, epochs, validation: HELD_OUT }, axes);
}

/** The rule in words, as it is written into the settings of every long run. */
export function ruleOf({ rates, seeds, epochs }: Picking): string {
  return `best of ${rates.join(', ')} after ${counted(epochs, 'epoch')} on a tenth of the training images, held out, seed ${seeds[0]}`;
}

/**
 * The long runs, arms of one seed side by side, each arm at its rate.
 * @param cells finished cells, with all short runs among them that were not lost
 * @param lost short runs whose numbers became not finite: a rate that no arm is given
 * @returns undefined while a short run is missing
 * @throws for an arm that was lost at every rate
 */
export function longRuns(
  picking: Picking,
  cells: readonly CellRecord[],
  lost: readonly RunSettings[],
): RunSettings[] | undefined {
  const { base, timesteps, arms, seeds, rates } = picking;
  const short = shortRuns(picking).filter((settings) => !lost.some((one) => sameSettings(one, settings)));
  const done = short.flatMap((settings) => cells.find((cell) => sameSettings(cell.settings, settings)) ?? []);
  if (done.length < short.length) return undefined;
  const rateOf = (steps: number, arm: Arm): number => {
    const own = done.filter(({ settings }) => settings.timesteps === steps && isOfArm(settings, arm));
    if (own.length === 0)
      throw new SpikegradError(
        'table1',
        `${armWords(arm)} was lost at every rate of ${rates.join(', ')} with T = ${steps}: give --lr smaller ones, or --clip`,
      );
    return rateStudies(own)[0]?.arms[0]?.best ?? own[0]!.settings.lr;
  };
  const rule = ruleOf(picking);
  return timesteps.flatMap((steps) =>
    seeds.flatMap((seed) =>
      arms.flatMap((arm) =>
        gridCells(
          { ...base, lr: rateOf(steps, arm), rateRule: rule },
          { timesteps: [steps], arms: [arm], seeds: [seed] },
        ),
      ),
    ),
  );
}

/** `none at 0.1, k = 3 at 0.03`, a line for each number of time steps. */
export function pickedInWords(long: readonly RunSettings[]): string[] {
  const lines = new Map<number, Set<string>>();
  for (const settings of long) {
    const line = lines.get(settings.timesteps) ?? new Set<string>();
    lines.set(settings.timesteps, line.add(`${armWords(armOf(settings))} at ${settings.lr}`));
  }
  return [...lines].map(([steps, line]) => `T = ${steps}: ${[...line].join(', ')}`);
}
