// The grid of table 1: which cells it has, in the order in which they are worth having. Arms of one seed stand side by
// side, so that a grid that is stopped early still holds whole pairs.

import { check } from '../errors';
import type { RunSettings } from '../train';
import { type Arm, armName, settingsOfArm } from './arm';

export interface GridAxes {
  readonly timesteps: readonly number[];
  /** Default: that of the base. */
  readonly dynamics?: readonly RunSettings['dynamics'][];
  readonly arms: readonly Arm[];
  /** Learning rates. Default: that of the base. */
  readonly rates?: readonly number[];
  readonly seeds: readonly number[];
}

/**
 * All cells: by time steps, then seed, then dynamics, then learning rate, then arm.
 * @param base the settings that all cells share
 * @throws for an empty axis, or a value given twice
 */
export function gridCells(base: RunSettings, axes: GridAxes): RunSettings[] {
  const { timesteps: steps, dynamics: forms = [base.dynamics], arms, rates = [base.lr], seeds } = axes;
  const named = { timesteps: steps, dynamics: forms, arms: arms.map(armName), rates, seeds };
  for (const [name, values] of Object.entries(named) as [string, readonly unknown[]][]) {
    check(values.length > 0, 'gridCells', () => `${name} must hold at least one value`);
    check(
      new Set(values).size === values.length,
      'gridCells',
      () => `${name} holds a value twice: ${values.map(String).join(', ')}`,
    );
  }
  return steps.flatMap((timesteps) =>
    seeds.flatMap((seed) =>
      forms.flatMap((dynamics) =>
        rates.flatMap((lr) =>
          arms.map((arm) => ({ ...base, timesteps, seed, dynamics, lr, ...settingsOfArm(arm) })),
        ),
      ),
    ),
  );
}
