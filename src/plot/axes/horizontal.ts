// The x axis of a line chart: numbers with ticks, or named places in the middles of equal slots.

import { scaleLinear } from 'd3-scale';
import type { Frame } from '../frame';
import { axisDomain, extent } from '../numbers';
import { categoryAxis } from './category';
import { X_TICK_HEIGHT, xAxis, xRightRoom, xTicks } from './numeric';

export interface HorizontalAxis {
  /** Px under the axis. */
  readonly height: number;
  readonly rightRoom: number;
  readonly draw: (area: Frame) => { x: (value: number) => number; markup: string };
}

/** @param xs what must have a place on the axis; `names` are those of 0, 1, 2, … */
export function horizontalAxis(
  names: readonly string[] | undefined,
  xs: readonly number[],
  width: number,
): HorizontalAxis {
  if (names !== undefined && names.length > 0) {
    const axis = categoryAxis(names, (width - 90) / names.length);
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
