// What line chart, histogram and bar chart share: title, legend, y axis with its grid, the x axis' line and label,
// and the rectangle that is left for data. Knows nothing of what will be drawn in it.

import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { type LegendItem, legend } from './legend';
import { axisTicks, logTicks } from './numbers';
import { el, label } from './svg';
import { fitText, textWidth, wrapText } from './text';
import { rolePaint } from './theme';

export const TICK_SIZE = 12;
export const LABEL_SIZE = 12.5;
const TITLE_SIZE = 15;
const SUBTITLE_SIZE = 12.5;
/** Px between the picture's border and everything in it. */
export const PAD = 14;
const MIN_PLOT_HEIGHT = 90;

export interface FrameOptions {
  readonly title: string;
  readonly subtitle?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly legend: readonly LegendItem[];
  readonly swatch: 'line' | 'box';
  readonly width: number;
  readonly height: number;
  readonly yDomain: readonly [number, number];
  /** Equal steps for equal ratios; the domain is above 0. */
  readonly yLog?: boolean;
  /** Round the y axis up to full ticks. */
  readonly nice: boolean;
  /** Px that the x axis' tick labels take. */
  readonly xTickHeight: number;
  /** Px kept free to the right of the plot for half of the last tick label. */
  readonly rightRoom: number;
  /** Px kept free above the plot for a mark's name. */
  readonly topRoom?: number;
  /** A small line under everything. */
  readonly note?: string;
}

/** The place for data, in px from the top left corner, its y scale, and the markup of everything around it. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly y: ScaleContinuousNumeric<number, number>;
  readonly markup: string;
}

/** Lays a frame out. Where title and legend leave too little for data, the picture grows beyond the asked height. */
export function frame(options: FrameOptions): Frame {
  const { width, xLabel, yLabel, note } = options;
  const parts: string[] = [];
  const head = heading(options.title, width, options.subtitle);
  parts.push(head.markup);
  const key = legend(options.legend, options.swatch, PAD, head.height, width - 2 * PAD);
  parts.push(key.markup);

  const top = head.height + key.height + 8 + (options.topRoom ?? 0);
  const under = options.xTickHeight + (xLabel ? 20 : 0) + (note ? 16 : 0) + 10;
  const height = Math.max(options.height, top + MIN_PLOT_HEIGHT + under);
  const bottom = height - under;

  const tickCount = Math.max(2, Math.floor((bottom - top) / 36));
  const { y, ticks } = yScale(options, tickCount);
  y.range([bottom, top]);
  const labelWidth = Math.max(12, ...ticks.map((t) => textWidth(t.label, TICK_SIZE)));
  const left = PAD + (yLabel ? 18 : 0) + labelWidth + 8;
  const right = width - Math.max(PAD, options.rightRoom);

  for (const { value, label: text } of ticks) {
    const at = y(value);
    parts.push(horizontal(left, right, at, 'grid'));
    parts.push(label(text, left - 8, at + TICK_SIZE * 0.35, { size: TICK_SIZE, anchor: 'end' }));
  }
  parts.push(horizontal(left, right, bottom, 'axis'));
  if (yLabel) {
    const x = PAD + LABEL_SIZE * 0.7;
    const fitted = fitText(yLabel, LABEL_SIZE, bottom - top + 20);
    parts.push(label(fitted, x, (top + bottom) / 2, { size: LABEL_SIZE, anchor: 'middle', rotate: -90 }));
  }
  if (xLabel) {
    const fitted = fitText(xLabel, LABEL_SIZE, right - left);
    const at = bottom + options.xTickHeight + 14;
    parts.push(label(fitted, (left + right) / 2, at, { size: LABEL_SIZE, anchor: 'middle' }));
  }
  if (note) {
    parts.push(
      label(fitText(note, 11, width - 2 * PAD), width - PAD, height - 8, { size: 11, anchor: 'end' }),
    );
  }
  return { width, height, left, right, top, bottom, y, markup: parts.join('') };
}

function yScale({ yDomain, yLog, nice }: FrameOptions, count: number) {
  if (yLog) {
    const y = scaleLog().domain(yDomain);
    if (nice) y.nice();
    return { y, ticks: logTicks(y, count) };
  }
  const y = scaleLinear().domain(yDomain);
  if (nice) y.nice(count);
  return { y, ticks: axisTicks(y, count) };
}

/** The title in at most two lines, each line of the subtitle in two, and where the next thing may start. */
export function heading(title: string, width: number, subtitle = ''): { height: number; markup: string } {
  // Semibold letters are about a tenth wider than those that textWidth knows.
  const lines = wrapText(title, TITLE_SIZE * 1.1, width - 2 * PAD, 2);
  const markup = lines.map((line, i) =>
    label(line, PAD, 24 + i * 19, { role: 'ink', size: TITLE_SIZE, weight: 600 }),
  );
  const height = lines.length === 0 ? 8 : 14 + lines.length * 19;
  const small = subtitle.split('\n').flatMap((text) => wrapText(text, SUBTITLE_SIZE, width - 2 * PAD, 2));
  const under = small.map((line, i) => label(line, PAD, height + 8 + i * 16, { size: SUBTITLE_SIZE }));
  return { height: height + small.length * 16, markup: [...markup, ...under].join('') };
}

/** Says so in the middle of a plot that has nothing to show. */
export function emptyNotice(area: Pick<Frame, 'left' | 'right' | 'top' | 'bottom'>): string {
  const { left, right, top, bottom } = area;
  return label('no data', (left + right) / 2, (top + bottom) / 2 + 4, { size: 13, anchor: 'middle' });
}

function horizontal(x1: number, x2: number, at: number, role: 'grid' | 'axis'): string {
  return el('line', { ...rolePaint(role), x1, x2, y1: at, y2: at, stroke: 'currentColor' });
}
