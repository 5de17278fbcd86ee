// The legend: rows of swatch and name between title and plot, so that it never covers data.

import { el, label } from './svg';
import { fitText, textWidth } from './text';
import { type Paint, type Quantity, quantityPaint } from './theme';

const SIZE = 12.5;
const ROW = 20;
const SWATCH = 18;
/** Of a family's colours side by side. */
const SCALE = 72;
const GAP = 18;
const MAX_ROWS = 4;

/** A name and how what it names is drawn. */
export interface LegendItem {
  readonly name: string;
  readonly paint: Paint;
  /** stroke-dasharray of a line. */
  readonly dash?: string;
  /** The colours of a whole family of lines, named together. */
  readonly scale?: readonly Paint[];
}

/** The legend of series that take their colours from their quantity, or by position. */
export function seriesItems(
  series: readonly { readonly name: string; readonly quantity?: Quantity }[],
): LegendItem[] {
  return series.map(({ name, quantity }, i) => ({ name, paint: quantityPaint(quantity, i) }));
}

export interface Legend {
  readonly height: number;
  readonly markup: string;
}

/** A legend of at most four rows that starts at (x, y); names that find no place are counted at its end. */
export function legend(
  items: readonly LegendItem[],
  swatch: 'line' | 'box',
  x: number,
  y: number,
  width: number,
): Legend {
  if (items.length < 2 && items[0]?.scale === undefined) return { height: 0, markup: '' };
  const parts: string[] = [];
  let atX = 0;
  let row = 0;
  for (const [i, item] of items.entries()) {
    const swatchWidth = item.scale === undefined ? SWATCH : SCALE;
    const name = fitText(item.name, SIZE, Math.min(width, 260) - swatchWidth - 6);
    const itemWidth = swatchWidth + 6 + textWidth(name, SIZE) + GAP;
    const more = `+${items.length - i} more`;
    const keep = row === MAX_ROWS - 1 && i < items.length - 1 ? textWidth(more, SIZE) + GAP : 0;
    if (atX > 0 && atX + itemWidth - GAP + keep > width) {
      if (row === MAX_ROWS - 1) {
        parts.push(label(more, x + atX, y + row * ROW + 14, { size: SIZE }));
        break;
      }
      row++;
      atX = 0;
    }
    parts.push(drawSwatch(swatch, item, x + atX, y + row * ROW + 10));
    parts.push(label(name, x + atX + swatchWidth + 6, y + row * ROW + 14, { role: 'ink', size: SIZE }));
    atX += itemWidth;
  }
  return { height: (row + 1) * ROW + 4, markup: parts.join('') };
}

function drawSwatch(
  swatch: 'line' | 'box',
  { paint, dash, scale }: LegendItem,
  x: number,
  middle: number,
): string {
  if (scale !== undefined) {
    const width = SCALE / scale.length;
    const strips = scale.map((colour, i) =>
      el('rect', { ...colour, x: x + i * width, y: middle - 4, width, height: 8 }),
    );
    return strips.join('');
  }
  if (swatch === 'box') {
    return el('rect', { ...paint, x: x + 3, y: middle - 6, width: 12, height: 12, rx: 2 });
  }
  return el('line', {
    ...paint,
    x1: x,
    x2: x + SWATCH,
    y1: middle,
    y2: middle,
    stroke: 'currentColor',
    'stroke-width': 3,
    'stroke-linecap': 'round',
    'stroke-dasharray': dash,
  });
}
