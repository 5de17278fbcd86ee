// The x axis of named places: categories of a bar chart, layers of a network along a line. Names lie on one or two
// lines where they find room, and stand upright where they do not.

import type { Frame } from '../frame';
import { label } from '../svg';
import { fitText, textWidth, wrapText } from '../text';

const SIZE = 11;
const LONGEST = 120;

export interface CategoryAxis {
  /** Px under the axis. */
  readonly height: number;
  readonly draw: (area: Frame) => string[];
}

/** Px from the left of the middle of category `i` of `count`. */
export function categoryPlace({ left, right }: Frame, i: number, count: number): number {
  return left + ((i + 0.5) * (right - left)) / count;
}

/** @param slot px of one category, about: the frame is laid out after its names */
export function categoryAxis(names: readonly string[], slot: number): CategoryAxis {
  const place = (area: Frame, i: number) => categoryPlace(area, i, names.length);
  const wrapped = names.map((name) => wrapText(name, SIZE, slot - 6, 2));
  if (!wrapped.some((lines) => lines.some((line) => line.endsWith('…')))) {
    const lines = Math.max(1, ...wrapped.map((w) => w.length));
    return {
      height: 10 + 13 * lines,
      draw: (area) =>
        wrapped.flatMap((texts, i) =>
          texts.map((text, k) =>
            label(text, place(area, i), area.bottom + 16 + 13 * k, { size: SIZE, anchor: 'middle' }),
          ),
        ),
    };
  }
  const fitted = names.map((name) => fitText(name, SIZE, LONGEST));
  // A line of upright text is about 13 px wide; beyond that only every second, third, … name is written.
  const every = Math.ceil(13 / slot);
  return {
    height: Math.max(...fitted.map((name) => textWidth(name, SIZE))) + 10,
    draw: (area) =>
      fitted.flatMap((name, i) => {
        if (i % every !== 0) return [];
        const x = place(area, i) + SIZE * 0.35;
        return [label(name, x, area.bottom + 7, { size: SIZE, anchor: 'end', rotate: -90 })];
      }),
  };
}
