// The shaded region around a line: from the lowest to the highest of several seeds, or a mean and its deviation.

import { el, px } from '../../svg';
import { decimate, type Point } from './decimate';

/** Where the region lies at one place, in px; NaN in any of them is a gap. */
export interface RegionPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** One filled path with a part for each run without gaps. Empty where there is nothing to fill. */
export function drawRegion(points: readonly RegionPoint[]): string {
  const runs: RegionPoint[][] = [[]];
  for (const point of points) {
    if (Number.isNaN(point.x + point.low + point.high)) runs.push([]);
    else runs.at(-1)!.push(point);
  }
  const parts = runs.filter((run) => run.length > 0).map(outline);
  if (parts.length === 0) return '';
  return el('path', {
    d: parts.join(''),
    stroke: 'currentColor',
    'stroke-width': 1,
    'stroke-opacity': 0.3,
    'fill-opacity': 0.18,
  });
}

/** Along the upper border and back along the lower one. */
function outline(run: readonly RegionPoint[]): string {
  const border = (side: 'low' | 'high') => decimate(run.map((point): Point => [point.x, point[side]]));
  const around = [...border('high'), ...border('low').reverse()];
  return `M${around.map(([x, y]) => `${px(x)},${px(y)}`).join('L')}Z`;
}
