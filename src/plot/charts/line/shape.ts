// One line of a chart with the region around it and the marks on its points, in px.

import { line } from 'd3-shape';
import type { LegendItem } from '../../legend';
import { el, tooltip } from '../../svg';
import { decimate, isGap, type Point } from './decimate';
import { PENS, type Pen } from './pens';
import { drawRegion, type RegionPoint } from './region';

/** Up to this many points each one is marked, and shows its numbers under the pointer. */
const MARKED = 24;

export function drawLine(
  points: readonly Point[],
  region: readonly RegionPoint[],
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
  return el('g', { ...paint }, drawRegion(region), stroke, ...marks);
}
