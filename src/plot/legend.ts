// The legend: rows of swatch and name between title and plot, so that it never covers data.

import { el, label } from './svg';
import { fitText, textWidth } from './text';
import { seriesDash, seriesPaint } from './theme';

const SIZE = 12.5;
const ROW = 20;
const SWATCH = 18;
const GAP = 18;
const MAX_ROWS = 4;

export interface Legend {
  readonly height: number;
  readonly markup: string;
}

/** A legend of at most four rows that starts at (x, y); names that find no place are counted at its end. */
export function legend(
  names: readonly string[],
  swatch: 'line' | 'box',
  x: number,
  y: number,
  width: number,
): Legend {
  if (names.length < 2) return { height: 0, markup: '' };
  const parts: string[] = [];
  let atX = 0;
  let row = 0;
  for (const [i, full] of names.entries()) {
    const name = fitText(full, SIZE, Math.min(width, 260) - SWATCH - 6);
    const itemWidth = SWATCH + 6 + textWidth(name, SIZE) + GAP;
    const more = `+${names.length - i} more`;
    const keep = row === MAX_ROWS - 1 && i < names.length - 1 ? textWidth(more, SIZE) + GAP : 0;
    if (atX > 0 && atX + itemWidth - GAP + keep > width) {
      if (row === MAX_ROWS - 1) {
        parts.push(label(more, x + atX, y + row * ROW + 14, { size: SIZE }));
        break;
      }
      row++;
      atX = 0;
    }
    parts.push(drawSwatch(swatch, i, x + atX, y + row * ROW + 10));
    parts.push(label(name, x + atX + SWATCH + 6, y + row * ROW + 14, { role: 'ink', size: SIZE }));
    atX += itemWidth;
  }
  return { height: (row + 1) * ROW + 4, markup: parts.join('') };
}

function drawSwatch(swatch: 'line' | 'box', index: number, x: number, middle: number): string {
  if (swatch === 'box') {
    return el('rect', { ...seriesPaint(index), x: x + 3, y: middle - 6, width: 12, height: 12, rx: 2 });
  }
  return el('line', {
    ...seriesPaint(index),
    x1: x,
    x2: x + SWATCH,
    y1: middle,
    y2: middle,
    stroke: 'currentColor',
    'stroke-width': 3,
    'stroke-linecap': 'round',
    'stroke-dasharray': seriesDash(index),
  });
}
