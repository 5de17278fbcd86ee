// A line chart as a standalone SVG: loss and accuracy per epoch, a membrane over time. Values that are not finite leave a
// gap in the line and a note under the chart; they never reach the markup.

import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { type Band, drawBands } from './bands';
import { type CategoryAxis, categoryAxis } from './category-axis';
import { decimate, isGap, type Point } from './decimate';
import { emptyNotice, type Frame, frame } from './frame';
import type { LegendItem } from './legend';
import { familyItems, isFamily, type LineSeries, PENS, type Pen, penItems } from './line-pens';
import { axisDomain, chosenDomain, extent, formatValue, logDomain, plottable } from './numbers';
import { checkSize, el, svgDocument, tooltip } from './svg';
import { X_TICK_HEIGHT, xAxis, xRightRoom, xTicks } from './x-axis';

export type { LineSeries };

export interface LineChartOptions {
  readonly title: string;
  /** Smaller lines under the title. */
  readonly subtitle?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly series: readonly LineSeries[];
  /**
   * The series are one family in order: their colours run along a scale instead of telling each apart, and many of them
   * are named together. Default false.
   */
  readonly ordered?: boolean;
  /** Names of x = 0, 1, 2, … where these are places and no numbers. */
  readonly xNames?: readonly string[];
  /** Fixed range of the y axis; lines beyond it are cut. A bound that is not finite is taken from the data. */
  readonly yDomain?: readonly [number, number];
  /** `log`: equal steps for equal ratios; what is not above 0 is left out. Default `linear`. */
  readonly yScale?: 'linear' | 'log';
  /** Shaded strips behind the lines. */
  readonly bands?: readonly Band[];
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
  const { title, subtitle, xLabel, yLabel, series, bands = [], width = 440, height = 290 } = options;
  checkSize('lineChart', width, height);
  const yLog = options.yScale === 'log';
  const drawable = (y: number) => (yLog && !(y > 0) ? Number.NaN : plottable(y));
  const lines = series.map(({ points }) => points.map(([x, y]): Point => [plottable(x), drawable(y)]));
  const drawn = lines.flatMap((points) => points.filter((p) => !isGap(p)));
  const missing = lines.reduce((sum, points) => sum + points.length, 0) - drawn.length;
  const ys = drawn.map(([, y]) => y);
  const pens = penItems(options);
  const thin = isFamily(options);
  const horizontal = horizontalAxis(
    options.xNames,
    drawn.map(([x]) => x),
    width,
  );
  const area = frame({
    title,
    subtitle,
    xLabel,
    yLabel,
    legend: thin ? familyItems(options, pens) : pens,
    swatch: 'line',
    width,
    height,
    yDomain: yLog ? logDomain(options.yDomain, ys) : chosenDomain(options.yDomain, extent(ys)),
    yLog,
    nice: options.yDomain === undefined,
    xTickHeight: horizontal.height,
    rightRoom: horizontal.rightRoom,
    note:
      missing > 0
        ? `${missing} of ${missing + drawn.length} points ${yLog ? 'are not above 0' : 'are not finite'}`
        : undefined,
  });
  const { x, markup } = horizontal.draw(area);

  // A line that leaves a fixed y range runs far outside; 20 heights keep its slope and SVG's numbers small.
  const far = 20 * area.height;
  const toPixels = (p: Point): Point =>
    isGap(p) ? [Number.NaN, Number.NaN] : [x(p[0]), Math.max(-far, Math.min(far, area.y(p[1])))];
  const isDense = (points: readonly Point[]) => points.length > 2 * (area.right - area.left);
  const shapes = lines.map((points, i) => {
    const { name, reference, points: numbers } = series[i]!;
    const pen = reference ? PENS.reference : isDense(points) ? PENS.dense : thin ? PENS.thin : PENS.plain;
    return drawLine(points.map(toPixels), pens[i]!, pen, (k) => {
      const [atX, atY] = numbers[k]!;
      return `${name}: ${options.xNames?.[atX] ?? formatValue(atX)}, ${formatValue(atY)}`;
    });
  });
  // A reference goes under everything; a line with several points for every pixel under those that one can follow.
  const layer = (i: number) => (series[i]!.reference ? 0 : isDense(lines[i]!) ? 1 : 2);
  const order = [...lines.keys()].sort((a, b) => layer(a) - layer(b));
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
    [...drawBands(bands, area, x), area.markup, markup, drawn.length > 0 ? clipped : emptyNotice(area)],
  );
}

interface HorizontalAxis {
  readonly height: number;
  readonly rightRoom: number;
  readonly draw: (area: Frame) => { x: (value: number) => number; markup: string };
}

/** Numbers with ticks, or named places in the middles of equal slots. */
function horizontalAxis(
  names: readonly string[] | undefined,
  xs: readonly number[],
  width: number,
): HorizontalAxis {
  if (names !== undefined && names.length > 0) {
    const axis: CategoryAxis = categoryAxis(names, (width - 90) / names.length);
    return {
      height: axis.height,
      rightRoom: 14,
      draw: (area) => ({
        x: scaleLinear()
          .domain([-0.5, names.length - 0.5])
          .range([area.left, area.right]),
        markup: axis.draw(area).join(''),
      }),
    };
  }
  const domain = axisDomain(extent(xs));
  const ticks = xTicks(domain, width, xs.every(Number.isInteger));
  return {
    height: X_TICK_HEIGHT,
    rightRoom: xRightRoom(ticks),
    draw: (area) => xAxis(area, domain, ticks),
  };
}

function drawLine(
  points: readonly Point[],
  { paint, dash }: LegendItem,
  pen: Pen,
  numbers: (point: number) => string,
): string {
  const path = line<Point>()
    .defined((p) => !isGap(p))
    .digits(2)(decimate(points));
  const marks: string[] = [];
  for (const [i, point] of points.entries()) {
    if (isGap(point) || pen === PENS.reference) continue;
    const alone = (i === 0 || isGap(points[i - 1]!)) && (i === points.length - 1 || isGap(points[i + 1]!));
    if (!alone && points.length > MARKED) continue;
    marks.push(
      el('circle', { cx: point[0], cy: point[1], r: pen.width + (alone ? 1.5 : 0.75) }, tooltip(numbers(i))),
    );
  }
  const stroke = el('path', {
    d: path ?? undefined,
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': pen.width,
    'stroke-opacity': pen.opacity,
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
    'stroke-dasharray': dash,
  });
  return el('g', { ...paint }, stroke, ...marks);
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
