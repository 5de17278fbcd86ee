// The numeric x axis of line chart and histogram: as many round ticks as have room for their labels.

import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { type Frame, TICK_SIZE } from '../frame';
import { axisTicks, type Tick } from '../numbers';
import { el, label } from '../svg';
import { textWidth } from '../text';
import { rolePaint } from '../theme';

/** Px under the axis' line that the tick labels take. */
export const X_TICK_HEIGHT = 22;

/** Ticks of a domain, chosen before the plot's place is known from the width of the whole picture. */
export function xTicks(domain: readonly [number, number], width: number, integers: boolean): Tick[] {
  const scale = scaleLinear().domain(domain);
  const room = width - 100;
  for (let count = Math.max(2, Math.floor(room / 48)); count > 2; count--) {
    const ticks = axisTicks(scale, count, integers);
    const needed = ticks.reduce((sum, t) => sum + textWidth(t.label, TICK_SIZE) + 16, 0);
    if (needed <= room) return ticks;
  }
  return axisTicks(scale, 2, integers);
}

/** Half of the widest label: what the last one may stick out on the right. */
export function xRightRoom(ticks: readonly Tick[]): number {
  return Math.max(0, ...ticks.map((t) => textWidth(t.label, TICK_SIZE) / 2)) + 6;
}

/** The scale over the frame's width and the markup of its ticks. */
export function xAxis(
  frame: Pick<Frame, 'left' | 'right' | 'bottom'>,
  domain: readonly [number, number],
  ticks: readonly Tick[],
): { x: ScaleLinear<number, number>; markup: string } {
  const x = scaleLinear().domain(domain).range([frame.left, frame.right]);
  const parts: string[] = [];
  for (const { value, label: text } of ticks) {
    const at = x(value);
    parts.push(
      el('line', {
        ...rolePaint('axis'),
        x1: at,
        x2: at,
        y1: frame.bottom,
        y2: frame.bottom + 5,
        stroke: 'currentColor',
      }),
      label(text, at, frame.bottom + 18, { size: TICK_SIZE, anchor: 'middle' }),
    );
  }
  return { x, markup: parts.join('') };
}
