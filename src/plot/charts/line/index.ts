// A line chart as a standalone SVG: loss and accuracy per epoch, a membrane over time. Values that are not finite
// leave a gap in the line and a note under the chart; they never reach the markup.

import { check } from '../../../errors';
import {
  flag,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  pair,
  pairList,
  required,
  text,
} from '../../../options';
import { horizontalAxis } from '../../axes/horizontal';
import { type Band, bandParts, drawBands } from '../../bands';
import { emptyNotice, type Frame, frame } from '../../frame';
import { drawGuides, type Guide, guideParts, guideRoom } from '../../guides';
import { chosenDomain, extent, formatValue, logDomain, plottable, plottableRatio } from '../../numbers';
import { checkSize, el, svgDocument } from '../../svg';
import { quantityKind } from '../../theme';
import { captions, partsKind, sizes, words } from '../options';
import { isGap, type Point } from './decimate';
import { familyItems, isFamily, type LineSeries, PENS, penItems } from './pens';
import type { RegionPoint } from './region';
import { drawLine } from './shape';

export type { LineSeries };

const seriesParts = optionTable({
  name: required(text),
  points: required(pairList),
  reference: option(flag, false),
  dashed: option(flag, false),
  quantity: optional(quantityKind),
  ranges: optional(pairList),
} satisfies OptionsOf<LineSeries>);

/** What {@link lineChart} draws. */
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
  /** `log`: equal steps for equal ratios; what is not above 0 is a gap, counted in the note. Default `linear`. */
  readonly yScale?: 'linear' | 'log';
  /** Shaded strips behind the lines. Default none. */
  readonly bands?: readonly Band[];
  /** Straight lines with a name; the axes reach to them, where their range is not fixed. Default none. */
  readonly guides?: readonly Guide[];
  /** In px. Default 440. */
  readonly width?: number;
  /** In px; grows where a long legend needs it. Default 290. */
  readonly height?: number;
}

export const lineChartOptions = optionTable({
  ...captions,
  series: required(partsKind<LineSeries>('series')),
  ordered: option(flag, false),
  xNames: optional(words),
  yDomain: optional(pair),
  yScale: option(oneOf(['linear', 'log']), 'linear'),
  bands: option(partsKind<Band>('bands'), () => [], 'none'),
  guides: option(partsKind<Guide>('guides'), () => [], 'none'),
  ...sizes(290),
} satisfies OptionsOf<LineChartOptions>);

/**
 * Draws lines over an x axis of numbers or of named places.
 *
 * @throws SpikegradError for a width or height that no chart fits in, or ranges that are not one for each point
 */
export function lineChart(options: LineChartOptions): string {
  const given = lineChartOptions.read('lineChart', options);
  const { title, subtitle, xLabel, yLabel, series, bands, width, height } = given;
  seriesParts.readEach('lineChart', 'series', series);
  bandParts.readEach('lineChart', 'bands', bands);
  guideParts.readEach('lineChart', 'guides', given.guides);
  checkSize('lineChart', width, height);
  for (const { name, points, ranges } of series) {
    check(
      ranges === undefined || ranges.length === points.length,
      'lineChart',
      () => `${name} has ${points.length} points and ${ranges?.length} ranges`,
    );
  }
  const yLog = options.yScale === 'log';
  const drawable = yLog ? plottableRatio : plottable;
  const lines = series.map(({ points }) => points.map(([x, y]): Point => [plottable(x), drawable(y)]));
  const drawn = lines.flatMap((points) => points.filter((p) => !isGap(p)));
  const missing = lines.reduce((sum, points) => sum + points.length, 0) - drawn.length;
  const guides = drawn.length > 0 ? (options.guides ?? []) : [];
  const guided = (axis: Guide['axis']) => guides.filter((guide) => guide.axis === axis).map(({ at }) => at);
  const bounds = series.flatMap(({ ranges = [] }) => ranges.flat());
  const ys = [...drawn.map(([, y]) => y), ...[...bounds, ...guided('y')].map(drawable)];
  const pens = penItems(options);
  const thin = isFamily(options);
  const horizontal = horizontalAxis(options.xNames, [...drawn.map(([x]) => x), ...guided('x')], width);
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
    topRoom: guideRoom(guides),
    note:
      missing > 0
        ? `${missing} of ${missing + drawn.length} points are not finite${yLog ? ' and above 0' : ''}`
        : undefined,
  });
  const { x, markup } = horizontal.draw(area);

  // What leaves a fixed range runs far outside; 20 widths or heights keep its slope and SVG's numbers small.
  const near = (at: number, size: number) => Math.max(-20 * size, Math.min(20 * size, at));
  const toX = (value: number) => near(x(value), area.width);
  const toPixels = (p: Point): Point =>
    isGap(p) ? [Number.NaN, Number.NaN] : [toX(p[0]), near(area.y(p[1]), area.height)];
  const regionPoint = ([atX]: Point, pair: readonly [number, number]): RegionPoint => {
    const [low, high] = [Math.min(...pair), Math.max(...pair)];
    // On a logarithmic axis 0 lies endlessly far down: the region goes on to the plot's border.
    const bottom = yLog && low <= 0 ? area.bottom : near(area.y(drawable(low)), area.height);
    return { x: toX(atX), low: bottom, high: near(area.y(drawable(high)), area.height) };
  };
  const isDense = (points: readonly Point[]) => points.length > 2 * (area.right - area.left);
  const shapes = lines.map((points, i) => {
    const { name, reference, points: numbers, ranges = [] } = series[i]!;
    const pen = reference ? PENS.reference : isDense(points) ? PENS.dense : thin ? PENS.thin : PENS.plain;
    const region = ranges.map((pair, k) => regionPoint(points[k]!, pair));
    return drawLine(points.map(toPixels), region, pens[i]!, pen, (k) => {
      const [atX, atY] = numbers[k]!;
      return `${name}: ${options.xNames?.[atX] ?? formatValue(atX)}, ${formatValue(atY)}`;
    });
  });
  // A reference goes under everything; a line with several points for every pixel under those that one can follow.
  const layer = (i: number) => (series[i]!.reference ? 0 : isDense(lines[i]!) ? 1 : 2);
  const order = [...lines.keys()].sort((a, b) => layer(a) - layer(b));
  const body = order.map((i) => shapes[i]!);
  return svgDocument(
    { title, description: describe(options, lines), width: area.width, height: area.height },
    [
      ...drawBands(bands, area, x),
      area.markup,
      markup,
      ...drawGuides(guides, area, x),
      drawn.length > 0 ? clip(body, area) : emptyNotice(area),
    ],
  );
}

/** Lets nothing be seen beyond the plot but half a line's width and a mark. */
function clip(body: readonly string[], { left, right, top, bottom }: Frame): string {
  const box = { x: left - 6, y: top - 4, width: right - left + 12, height: bottom - top + 8 };
  const viewBox = [box.x, box.y, box.width, box.height].join(' ');
  return el('svg', { ...box, viewBox, overflow: 'hidden' }, ...body);
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
