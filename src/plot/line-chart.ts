// A line chart as a standalone SVG: loss and accuracy per epoch, a membrane over time. Values that are not finite leave a
// gap in the line and a note under the chart; they never reach the markup.

import { line } from 'd3-shape';
import { decimate, isGap, type Point } from './decimate';
import { emptyNotice, frame } from './frame';
import { axisDomain, chosenDomain, extent, formatValue, plottable } from './numbers';
import { checkSize, el, svgDocument, tooltip } from './svg';
import { seriesDash, seriesPaint } from './theme';
import { X_TICK_HEIGHT, xAxis, xRightRoom, xTicks } from './x-axis';

export interface LineSeries {
  readonly name: string;
  /** [x, y] in the order in which the line visits them. */
  readonly points: readonly (readonly [number, number])[];
}

export interface LineChartOptions {
  readonly title: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly series: readonly LineSeries[];
  /** Fixed range of the y axis; lines beyond it are cut. A bound that is not finite is taken from the data. */
  readonly yDomain?: readonly [number, number];
  /** Px; default 440. */
  readonly width?: number;
  /** Px; default 290. Grows where a long legend needs it. */
  readonly height?: number;
}

/** Up to this many points each one is marked, and shows its numbers under the pointer. */
const MARKED = 24;

/**
 * Draws lines over a numeric x axis.
 *
 * @throws SpikegradError for a width or height that no chart fits in
 */
export function lineChart(options: LineChartOptions): string {
  const { title, xLabel, yLabel, series, width = 440, height = 290 } = options;
  checkSize('lineChart', width, height);
  const lines = series.map(({ points }) => points.map(([x, y]): Point => [plottable(x), plottable(y)]));
  const drawn = lines.flatMap((points) => points.filter((p) => !isGap(p)));
  const missing = lines.reduce((sum, points) => sum + points.length, 0) - drawn.length;

  const xs = drawn.map(([x]) => x);
  const xDomain = axisDomain(extent(xs));
  const ticks = xTicks(xDomain, width, xs.every(Number.isInteger));
  const area = frame({
    title,
    xLabel,
    yLabel,
    names: series.map((s) => s.name),
    swatch: 'line',
    width,
    height,
    yDomain: chosenDomain(options.yDomain, extent(drawn.map(([, y]) => y))),
    nice: options.yDomain === undefined,
    xTickHeight: X_TICK_HEIGHT,
    rightRoom: xRightRoom(ticks),
    note: missing > 0 ? `${missing} of ${missing + drawn.length} points are not finite` : undefined,
  });
  const { x, markup } = xAxis(area, xDomain, ticks);

  // A line that leaves a fixed y range runs far outside; 20 heights keep its slope and SVG's numbers small.
  const far = 20 * area.height;
  const toPixels = (p: Point): Point =>
    isGap(p) ? [Number.NaN, Number.NaN] : [x(p[0]), Math.max(-far, Math.min(far, area.y(p[1])))];
  const isDense = (points: readonly Point[]) => points.length > 2 * (area.right - area.left);
  const shapes = lines.map((points, i) =>
    drawLine(points.map(toPixels), i, isDense(points), (k) => {
      const [atX, atY] = series[i]!.points[k]!;
      return `${series[i]!.name}: ${formatValue(atX)}, ${formatValue(atY)}`;
    }),
  );
  // A line with several points for every pixel is a band; it goes under the lines that one can follow.
  const order = [...lines.keys()].sort((a, b) => Number(isDense(lines[b]!)) - Number(isDense(lines[a]!)));
  const [clipX, clipY, margin] = [area.left - 6, area.top - 4, { x: 12, y: 8 }];
  const clipped = el(
    'svg',
    {
      x: clipX,
      y: clipY,
      width: area.right - area.left + margin.x,
      height: area.bottom - area.top + margin.y,
      viewBox: [clipX, clipY, area.right - area.left + margin.x, area.bottom - area.top + margin.y].join(' '),
      overflow: 'hidden',
    },
    ...order.map((i) => shapes[i]!),
  );
  return svgDocument(
    { title, description: describe(options, lines), width: area.width, height: area.height },
    [area.markup, markup, drawn.length > 0 ? clipped : emptyNotice(area)],
  );
}

function drawLine(
  points: readonly Point[],
  index: number,
  dense: boolean,
  numbers: (point: number) => string,
): string {
  const path = line<Point>()
    .defined((p) => !isGap(p))
    .digits(2)(decimate(points));
  const marks: string[] = [];
  for (const [i, point] of points.entries()) {
    if (isGap(point)) continue;
    const alone = (i === 0 || isGap(points[i - 1]!)) && (i === points.length - 1 || isGap(points[i + 1]!));
    if (!alone && points.length > MARKED) continue;
    marks.push(el('circle', { cx: point[0], cy: point[1], r: alone ? 3.5 : 2.75 }, tooltip(numbers(i))));
  }
  const stroke = el('path', {
    d: path ?? undefined,
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': dense ? 1 : 2,
    'stroke-opacity': dense ? 0.5 : undefined,
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
    'stroke-dasharray': seriesDash(index),
  });
  return el('g', { ...seriesPaint(index) }, stroke, ...marks);
}

function describe(options: LineChartOptions, lines: readonly (readonly Point[])[]): string {
  const parts = lines.map((points, i) => {
    const ys = points.filter((p) => !isGap(p)).map(([, y]) => y);
    const range = extent(ys);
    const name = options.series[i]!.name;
    if (!range) return `${name}: no data.`;
    const [low, high] = range.map(formatValue);
    return `${name}: ${ys.length} points from ${low} to ${high}, the last ${formatValue(ys.at(-1)!)}.`;
  });
  const axes = `Line chart${options.yLabel ? ` of ${options.yLabel}` : ''}${options.xLabel ? ` over ${options.xLabel}` : ''}.`;
  return [axes, ...parts].join(' ');
}
