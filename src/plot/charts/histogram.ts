// Histograms of several distributions over one axis, laid over each other: membrane potentials before and after
// rectification. Takes counted bins; it does not count.

import { check } from '../../errors';
import { anObject, type Kind, type OptionsOf, optional, optionTable, required, text } from '../../options';
import { X_TICK_HEIGHT, xAxis, xRightRoom, xTicks } from '../axes/numeric';
import { emptyNotice, frame } from '../frame';
import { drawGuides, type Guide, guideRoom } from '../guides';
import { seriesItems } from '../legend';
import { axisDomain, extent, formatValue, plottable } from '../numbers';
import { checkSize, el, px, svgDocument, tooltip } from '../svg';
import { type Quantity, quantityKind, quantityPaint } from '../theme';
import { captions, number, partsKind, plotNumbers, sizes } from './options';

/** Counts between bin borders, under one name. */
export interface Distribution {
  readonly name: string;
  /** What is counted, where it has a colour of its own. */
  readonly quantity?: Quantity;
  /** Bin borders, one more than counts, rising. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** What {@link histogramChart} draws. */
export interface HistogramChartOptions {
  readonly title: string;
  /** Smaller lines under the title. */
  readonly subtitle?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly distributions: readonly Distribution[];
  /** The count that the y axis reaches at least, so that charts can be compared. Default: the highest. */
  readonly highest?: number;
  /** A vertical line with a name, such as the firing threshold. It is shown wherever it lies. */
  readonly marker?: { readonly x: number; readonly label: string };
  /** In px. Default 440. */
  readonly width?: number;
  /** In px; grows where a long legend needs it. Default 290. */
  readonly height?: number;
}

const distributionParts = optionTable({
  name: required(text),
  edges: required(plotNumbers),
  counts: required(plotNumbers),
  quantity: optional(quantityKind),
} satisfies OptionsOf<Distribution>);

const markerParts = optionTable({
  x: required(number),
  label: required(text),
} satisfies OptionsOf<NonNullable<HistogramChartOptions['marker']>>);

export const histogramChartOptions = optionTable({
  ...captions,
  distributions: required(partsKind<Distribution>('distributions')),
  highest: optional(number, 'the highest'),
  marker: optional(anObject as Kind<object> as Kind<NonNullable<HistogramChartOptions['marker']>>),
  ...sizes(290),
} satisfies OptionsOf<HistogramChartOptions>);

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * Draws see-through histograms with outlines. Bins that cannot be drawn (borders not finite or not rising, a count
 * that is negative or not finite) are left out and counted in a note.
 *
 * @throws SpikegradError where counts and edges do not fit each other, or for a size that no chart fits in
 */
export function histogramChart(options: HistogramChartOptions): string {
  const given = histogramChartOptions.read('histogramChart', options);
  const { title, subtitle, xLabel, yLabel, distributions, marker, width, height } = given;
  distributionParts.readEach('histogramChart', 'distributions', distributions);
  if (marker !== undefined) markerParts.check('histogramChart: marker', marker);
  checkSize('histogramChart', width, height);
  const bins = distributions.map(readBins);
  const all = bins.flat();
  const missing = distributions.reduce((sum, { counts }) => sum + counts.length, 0) - all.length;
  const mark = all.length > 0 ? plottable(marker?.x ?? Number.NaN) : Number.NaN;
  const guides: Guide[] = Number.isNaN(mark) ? [] : [{ axis: 'x', at: mark, label: marker!.label }];

  const borders = all.flatMap(({ from, to }) => [from, to]);
  const xDomain = axisDomain(extent([...borders, mark]));
  const ticks = xTicks(xDomain, width, false);
  const area = frame({
    title,
    subtitle,
    xLabel,
    yLabel,
    legend: seriesItems(distributions),
    swatch: 'box',
    width,
    height,
    yDomain: countDomain(all, options.highest),
    nice: true,
    xTickHeight: X_TICK_HEIGHT,
    rightRoom: xRightRoom(ticks),
    topRoom: guideRoom(guides),
    note: missing > 0 ? `${missing} of ${missing + all.length} bins cannot be drawn` : undefined,
  });
  const { x, markup } = xAxis(area, xDomain, ticks);
  const shapes = bins.map((list, i) =>
    el(
      'g',
      { ...quantityPaint(distributions[i]!.quantity, i) },
      ...drawBins(list, distributions[i]!.name, x, area.y),
    ),
  );
  return svgDocument(
    { title, description: describe(options, bins), width: area.width, height: area.height },
    [area.markup, markup, ...(all.length > 0 ? shapes : [emptyNotice(area)]), ...drawGuides(guides, area, x)],
  );
}

function readBins({ name, edges, counts }: Distribution): Bin[] {
  check(
    edges.length === counts.length + 1 || (edges.length === 0 && counts.length === 0),
    'histogramChart',
    () =>
      `${name} has ${counts.length} counts and ${edges.length} edges; ${counts.length + 1} edges are needed`,
  );
  return counts
    .map((count, i) => ({
      from: plottable(edges[i]!),
      to: plottable(edges[i + 1]!),
      count: plottable(count),
    }))
    .filter(({ from, to, count }) => from < to && count >= 0);
}

function countDomain(bins: readonly Bin[], wanted = 0): [number, number] {
  const [, highest] = extent([0, wanted, ...bins.map((bin) => bin.count)])!;
  return [0, highest || 1];
}

/** One filled outline for each run of touching bins, and over it unseen bars with the tooltips. */
function drawBins(
  bins: readonly Bin[],
  name: string,
  x: (value: number) => number,
  y: (value: number) => number,
): string[] {
  const base = y(0);
  const bars = bins.map(({ from, to, count }) =>
    el(
      'rect',
      {
        x: x(from),
        y: y(count),
        width: x(to) - x(from),
        height: base - y(count),
        // Only for the pointer: see-through bars side by side would show a seam.
        'fill-opacity': 0,
      },
      tooltip(`${name}, ${formatValue(from)} to ${formatValue(to)}: ${formatValue(count)}`),
    ),
  );
  let path = '';
  let end = Number.NaN;
  for (const { from, to, count } of bins) {
    path += from === end ? 'V' : `${path && `V${px(base)}`}M${px(x(from))},${px(base)}V`;
    path += `${px(y(count))}H${px(x(to))}`;
    end = to;
  }
  if (path === '') return [];
  const outline = el('path', {
    d: `${path}V${px(base)}`,
    'fill-opacity': 0.3,
    stroke: 'currentColor',
    'stroke-width': 1.5,
    'stroke-linejoin': 'round',
  });
  return [outline, ...bars];
}

function describe({ distributions, xLabel, marker }: HistogramChartOptions, bins: readonly Bin[][]): string {
  const parts = bins.map((list, i) => {
    const { name } = distributions[i]!;
    const fullest = list.reduce<Bin | undefined>((a, b) => (a && a.count >= b.count ? a : b), undefined);
    if (!fullest) return `${name}: no data.`;
    return `${name}: fullest from ${formatValue(fullest.from)} to ${formatValue(fullest.to)}.`;
  });
  const line = marker && Number.isFinite(marker.x) ? [`${marker.label} at ${formatValue(marker.x)}.`] : [];
  return [`Histogram${xLabel ? ` of ${xLabel}` : ''}.`, ...parts, ...line].join(' ');
}
