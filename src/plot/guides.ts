// Straight dashed lines across a plot with a name, such as the firing threshold or a published number.

import { type OptionsOf, oneOf, optionTable, required, text } from '../options';
import { number } from './charts/options';
import { type Frame, TICK_SIZE } from './frame';
import { plottable } from './numbers';
import { el, label, tooltip } from './svg';
import { fitText, textWidth } from './text';
import { rolePaint } from './theme';

/** A named line across the plot, such as a threshold. */
export interface Guide {
  /** The axis that `at` lies on: `x` gives an upright line, `y` a level one. */
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly label: string;
}

export const guideParts = optionTable({
  axis: required(oneOf(['x', 'y'])),
  at: required(number),
  label: required(text),
} satisfies OptionsOf<Guide>);

/** Px above the plot for the names of upright lines. */
export function guideRoom(guides: readonly Guide[]): number {
  return guides.some(({ axis }) => axis === 'x') ? 16 : 0;
}

/**
 * The lines that lie inside the plot. Names of upright ones stand above it, as far as they find room side by side;
 * those of level ones at its right end. A pointer on the line shows the name in any case.
 */
export function drawGuides(guides: readonly Guide[], area: Frame, x: (value: number) => number): string[] {
  const placed = guides
    .map(({ axis, at, label: name }) => ({ axis, name, at: (axis === 'x' ? x : area.y)(plottable(at)) }))
    .filter(({ axis, at }) =>
      axis === 'x' ? at >= area.left && at <= area.right : at >= area.top && at <= area.bottom,
    )
    .sort((a, b) => a.at - b.at);
  let free = area.left;
  return placed.flatMap(({ axis, name, at }) => {
    const text = fitText(name, TICK_SIZE, area.right - area.left);
    if (axis === 'y') {
      const baseline = at - 5 < area.top + TICK_SIZE ? at + TICK_SIZE + 3 : at - 5;
      const level = guideLine(name, { x1: area.left, x2: area.right, y1: at, y2: at });
      return [level, label(text, area.right - 4, baseline, { role: 'ink', size: TICK_SIZE, anchor: 'end' })];
    }
    const half = textWidth(text, TICK_SIZE) / 2;
    const centre = Math.max(free + half, Math.min(area.right - half, at));
    const upright = guideLine(name, { x1: at, x2: at, y1: area.top - 5, y2: area.bottom });
    if (centre + half > area.right + 0.01) return [upright];
    free = centre + half + 8;
    return [upright, label(text, centre, area.top - 9, { role: 'ink', size: TICK_SIZE, anchor: 'middle' })];
  });
}

function guideLine(name: string, ends: Readonly<Record<'x1' | 'x2' | 'y1' | 'y2', number>>): string {
  const stroke = { stroke: 'currentColor', 'stroke-width': 1.5, 'stroke-dasharray': '5 3' };
  return el('line', { ...rolePaint('ink'), ...ends, ...stroke }, tooltip(name));
}
