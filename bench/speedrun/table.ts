// The cells of a screening as a table: each beside the base of its length and seed.

import type { Cell } from './cell';
import { kindOfStep } from './cost';

/** Steps times milliseconds a step, in seconds; undefined where a kind of step was not measured. */
function costOf({ settings, steps }: Cell, costs: Readonly<Record<string, number>>): number | undefined {
  let sum = 0;
  for (const [timesteps, count] of Object.entries(steps)) {
    const each = costs[kindOfStep(settings, Number(timesteps))];
    if (each === undefined) return undefined;
    sum += (count * each) / 1000;
  }
  return sum;
}

const length = ({ settings, images, seed }: Cell) => `${settings.epochs} x ${images.train}, seed ${seed}`;

/** @param costs milliseconds of a step by its kind */
export function tableOf(cells: readonly Cell[], costs: Readonly<Record<string, number>>): string {
  const lines = [
    '| arm | epochs x images | held-out accuracy | against the base | loss | steps at T | cost, s | processor seconds in all |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  const sorted = [...cells].sort(
    (a, b) => length(a).localeCompare(length(b)) || b.accuracy - a.accuracy || a.arm.localeCompare(b.arm),
  );
  for (const cell of sorted) {
    const base = cells.find((other) => other.arm === 'base' && length(other) === length(cell));
    const points = base === undefined ? '' : (100 * (cell.accuracy - base.accuracy)).toFixed(2);
    const steps = Object.entries(cell.steps).map(([timesteps, count]) => `${count} at ${timesteps}`);
    const cost = costOf(cell, costs);
    lines.push(
      `| ${cell.arm} | ${length(cell)} | ${(100 * cell.accuracy).toFixed(2)} % | ${points} | ${cell.loss.toFixed(3)} | ${steps.join(', ')} | ${cost?.toFixed(0) ?? ''} | ${cell.processorSeconds.toFixed(0)} |`,
    );
  }
  const kinds = Object.entries(costs).map(([kind, each]) => `${kind}: ${each.toFixed(1)} ms`);
  return [...lines, '', ...(kinds.length > 0 ? [`A step: ${kinds.join('; ')}.`] : [])].join('\n');
}
