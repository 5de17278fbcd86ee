// A shaded strip behind the data across the whole plot, such as the window of a surrogate gradient, with its name in
// it.

import { type OptionsOf, oneOf, optional, optionTable, required, text } from '../options';
import { number } from './charts/options';
import type { Frame } from './frame';
import { plottable } from './numbers';
import { el, label } from './svg';
import { fitText } from './text';
import { rolePaint } from './theme';

/** A shaded range of one axis. */
export interface Band {
  /** Which axis `from` and `to` lie on. */
  readonly axis: 'x' | 'y';
  readonly from: number;
  readonly to: number;
  readonly label?: string;
}

const NAME_SIZE = 11;

export const bandParts = optionTable({
  axis: required(oneOf(['x', 'y'])),
  from: required(number),
  to: required(number),
  label: optional(text),
} satisfies OptionsOf<Band>);

/** The strips as far as they lie inside the plot. Bounds that are not finite reach to its border. */
export function drawBands(bands: readonly Band[], area: Frame, x: (value: number) => number): string[] {
  return bands.flatMap(({ axis, from, to, label: name = '' }) => {
    const [low, high] = axis === 'x' ? [area.left, area.right] : [area.bottom, area.top];
    const inside = (at: number) => Math.max(Math.min(low, high), Math.min(Math.max(low, high), at));
    const ends = [from, to].map((bound, i) => {
      const at = (axis === 'x' ? x : area.y)(plottable(bound));
      return Number.isFinite(at) ? inside(at) : [low, high][i]!;
    });
    const [first, last] = [Math.min(...ends), Math.max(...ends)];
    if (last <= first) return [];
    const box =
      axis === 'x'
        ? { x: first, y: area.top, width: last - first, height: area.bottom - area.top }
        : { x: area.left, y: first, width: area.right - area.left, height: last - first };
    const text = fitText(name, NAME_SIZE, box.width - 8);
    return [
      el('rect', { ...rolePaint('axis'), ...box, 'fill-opacity': 0.14 }),
      ...(name === '' ? [] : [label(text, box.x + 5, box.y + NAME_SIZE + 3, { size: NAME_SIZE })]),
    ];
  });
}
