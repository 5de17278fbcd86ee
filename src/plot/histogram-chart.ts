// Histograms of several distributions over one axis, laid over each other: membrane potentials before and after
// rectification.

import { emptyNotice, frame } from './frame';
import { axisDomain, extent, formatValue, plottable } from './numbers';
import { checkSize, el, label, svgDocument, tooltip } from './svg';
import { rolePaint, seriesPaint } from './theme';
import { X_TICK_HEIGHT, xAxis, xRightRoom, xTicks } from './x-axis';

export interface Distribution {
  readonly name: string;
  /** Bin borders, one more than counts, rising. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface HistogramChartOptions {
  readonly title: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly distributions: readonly Distribution[];
  /** A vertical line with a name, such as the firing threshold. */
  readonly marker?: { readonly x: number; readonly label: string };
  /** Px; default 440. */
  readonly width?: number;
  /** Px; default 290. */
  readonly height?: number;
}

/** Draws half-transparent bars; bins whose numbers are not finite are left out. */
export function histogramChart(options: HistogramChartOptions): string {
  const { title, xLabel, yLabel, distributions, marker, width = 440, height = 290 } = options;
  checkSize('histogramChart', width, height);
  const bins = distributions.map(({ edges, counts }) =>
    counts
      .map((count, i) => ({
        from: plottable(edges[i]!),
        to: plottable(edges[i + 1]!),
        count: plottable(count),
      }))
      .filter(({ from, to, count }) => from < to && count >= 0),
  );
  const all = bins.flat();
  const xDomain = axisDomain(extent(all.flatMap(({ from, to }) => [from, to])));
  const ticks = xTicks(xDomain, width, false);
  const area = frame({
    title,
    xLabel,
    yLabel,
    names: distributions.map(({ name }) => name),
    swatch: 'box',
    width,
    height,
    yDomain: axisDomain([0, Math.max(0, ...all.map(({ count }) => count))]),
    nice: true,
    xTickHeight: X_TICK_HEIGHT,
    rightRoom: xRightRoom(ticks),
    topRoom: marker === undefined ? 0 : 14,
  });
  const { x, markup } = xAxis(area, xDomain, ticks);
  const shapes = bins.map((list, i) =>
    el(
      'g',
      { ...seriesPaint(i), 'fill-opacity': 0.5 },
      ...list.map(({ from, to, count }) =>
        el(
          'rect',
          {
            x: x(from),
            y: area.y(count),
            width: x(to) - x(from),
            height: Math.max(0, area.y(0) - area.y(count)),
          },
          tooltip(
            `${distributions[i]!.name}, ${formatValue(from)} to ${formatValue(to)}: ${formatValue(count)}`,
          ),
        ),
      ),
    ),
  );
  const at = marker === undefined ? Number.NaN : plottable(marker.x);
  const line =
    marker !== undefined && at >= xDomain[0] && at <= xDomain[1]
      ? [
          el('line', {
            ...rolePaint('ink'),
            x1: x(at),
            x2: x(at),
            y1: area.top - 4,
            y2: area.bottom,
            stroke: 'currentColor',
            'stroke-dasharray': '4 3',
          }),
          label(marker.label, x(at), area.top - 8, { size: 12, anchor: 'middle' }),
        ]
      : [];
  const description = `Histogram of ${distributions.map(({ name }) => name).join(' and ')}.`;
  return svgDocument({ title, description, width: area.width, height: area.height }, [
    area.markup,
    markup,
    ...(all.length > 0 ? shapes : [emptyNotice(area)]),
    ...line,
  ]);
}
