// A picture of differences with their intervals, a row for each: a dot with its whiskers is measured, a ring is what
// the paper prints or a prediction's bounds. What lies beyond the axis is cut, and said in the figures on the right.

import { scaleLinear } from 'd3-scale';
import { heading } from '../../plot/frame';
import { axisTicks } from '../../plot/numbers';
import { el, label, svgDocument, tooltip } from '../../plot/svg';
import { fitText, textWidth } from '../../plot/text';
import { rolePaint, seriesPaint } from '../../plot/theme';

export interface ForestRow {
  readonly name: string;
  /** Undefined: not measured yet. */
  readonly value: number | undefined;
  readonly interval?: readonly [number, number] | undefined;
  /** What the paper prints. */
  readonly ring?: number | undefined;
  /** Bounds of a prediction, as a bar behind the dot. */
  readonly bounds?: readonly [number, number] | undefined;
  /** What stands at the right. */
  readonly note: string;
}

export interface ForestOptions {
  readonly title: string;
  readonly subtitle?: string;
  readonly xLabel: string;
  readonly domain: readonly [number, number];
  /** Where an upright line stands: no difference. */
  readonly zero: number;
  readonly rows: readonly ForestRow[];
}

const WIDTH = 860;
const ROW = 24;
const SIZE = 12;
const PAD = 14;
const MEASURED = seriesPaint(0);
const PAPER = seriesPaint(1);

/** An SVG as every chart of this library. */
export function forest({ title, subtitle, xLabel, domain, zero, rows }: ForestOptions): string {
  const head = heading(title, WIDTH, subtitle);
  const left = Math.min(320, Math.max(...rows.map(({ name }) => textWidth(name, SIZE))) + PAD + 14);
  const notes = Math.max(...rows.map(({ note }) => textWidth(note, SIZE)));
  const right = Math.max(left + 240, WIDTH - PAD - 14 - notes);
  const top = head.height + 12;
  const bottom = top + rows.length * ROW;
  const x = scaleLinear().domain(domain).range([left, right]);
  const upright = (at: number, role: 'grid' | 'axis') =>
    el('line', { ...rolePaint(role), x1: at, x2: at, y1: top, y2: bottom, stroke: 'currentColor' });
  const ticks = axisTicks(x, 8).flatMap(({ value, label: text }) => [
    upright(x(value), 'grid'),
    label(text.replace(/^-/, '−'), x(value), bottom + 18, { size: SIZE, anchor: 'middle' }),
  ]);
  const drawn = rows.map((row, i) => drawRow(row, top + (i + 0.5) * ROW, x, right));
  const height = bottom + 46;
  const description = rows.map(({ name, note }) => `${name}: ${note}.`).join(' ');
  return svgDocument({ title, description, width: WIDTH, height }, [
    head.markup,
    ...ticks,
    upright(x(zero), 'axis'),
    label(xLabel, (left + right) / 2, bottom + 38, { size: SIZE, anchor: 'middle' }),
    ...drawn,
  ]);
}

type Scale = ((value: number) => number) & { domain(): number[] };

function drawRow(row: ForestRow, y: number, x: Scale, right: number): string {
  const { name, value, interval, ring, bounds, note } = row;
  const [low, high] = x.domain() as [number, number];
  const inside = (at: number) => x(Math.max(low, Math.min(high, at)));
  const isIn = (at: number) => at >= low && at <= high;
  const level = (from: number, to: number, width: number, opacity = 1) =>
    el('line', {
      ...{ x1: inside(from), x2: inside(to), y1: y, y2: y },
      stroke: 'currentColor',
      'stroke-width': width,
      'stroke-opacity': opacity,
    });
  const marks = [
    ...(bounds === undefined ? [] : [el('g', { ...PAPER }, level(bounds[0], bounds[1], 10, 0.35))]),
    ...(ring === undefined || !isIn(ring)
      ? []
      : [
          el('circle', {
            ...PAPER,
            cx: x(ring),
            cy: y,
            r: 5,
            'fill-opacity': 0,
            stroke: 'currentColor',
            'stroke-width': 2,
          }),
        ]),
    ...(interval === undefined
      ? []
      : [
          el(
            'g',
            { ...MEASURED },
            level(interval[0], interval[1], 2),
            ...interval.map((at) => end(inside(at), y, isIn(at), at < high)),
          ),
        ]),
    ...(value === undefined || !isIn(value)
      ? []
      : [el('circle', { ...MEASURED, cx: x(value), cy: y, r: 4 })]),
  ];
  return el(
    'g',
    {},
    tooltip(`${name}: ${note}`),
    label(fitText(name, SIZE, 306), PAD, y + 4, { role: 'ink', size: SIZE }),
    ...marks,
    label(fitText(note, SIZE, WIDTH - right - 24), right + 14, y + 4, {
      role: value === undefined ? 'muted' : 'ink',
      size: SIZE,
    }),
  );
}

/** The end of a whisker: a stroke, or an arrow where it goes on beyond the axis. */
function end(x: number, y: number, isInside: boolean, isLow: boolean): string {
  if (isInside)
    return el('line', { x1: x, x2: x, y1: y - 5, y2: y + 5, stroke: 'currentColor', 'stroke-width': 2 });
  const to = isLow ? x + 7 : x - 7;
  return el('path', { d: `M${x},${y}L${to},${y - 5}L${to},${y + 5}Z` });
}
