// Grouped bars over named categories: firing rate or quantization error by layer.

import { check } from '../../errors';
import { type OptionsOf, optional, optionTable, required, text } from '../../options';
import { categoryAxis } from '../axes/category';
import { emptyNotice, type Frame, frame } from '../frame';
import { seriesItems } from '../legend';
import { axisDomain, extent, formatValue, plottable } from '../numbers';
import { checkSize, el, label, svgDocument, tooltip } from '../svg';
import { textWidth } from '../text';
import { type Quantity, quantityKind, quantityPaint, rolePaint } from '../theme';
import { captions, partsKind, plotNumbers, sizes, words } from './options';

/** Bars of one colour, one for each category. */
export interface BarGroup {
  readonly name: string;
  /** What is drawn, where it has a colour of its own. */
  readonly quantity?: Quantity;
  /** One for each category. */
  readonly values: readonly number[];
}

/** What {@link barChart} draws. */
export interface BarChartOptions {
  readonly title: string;
  /** Smaller lines under the title. */
  readonly subtitle?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly categories: readonly string[];
  readonly groups: readonly BarGroup[];
  /** In px. Default 440. */
  readonly width?: number;
  /** In px; grows where long names need it. Default 320. */
  readonly height?: number;
}

const groupParts = optionTable({
  name: required(text),
  values: required(plotNumbers),
  quantity: optional(quantityKind),
} satisfies OptionsOf<BarGroup>);

export const barChartOptions = optionTable({
  ...captions,
  categories: required(words),
  groups: required(partsKind<BarGroup>('groups')),
  ...sizes(320),
} satisfies OptionsOf<BarChartOptions>);

const NUMBER_SIZE = 11;

/**
 * Draws bars from 0. Values that are not finite leave a gap and are counted in a note. Where there is room, each bar
 * carries its number.
 *
 * @throws SpikegradError where a group has not one value for each category, or for a size that no chart fits in
 */
export function barChart(options: BarChartOptions): string {
  const given = barChartOptions.read('barChart', options);
  const { title, subtitle, xLabel, yLabel, categories, groups, width, height } = given;
  groupParts.readEach('barChart', 'groups', groups);
  checkSize('barChart', width, height);
  for (const { name, values } of groups) {
    check(
      values.length === categories.length,
      'barChart',
      () => `${name} has ${values.length} values for ${categories.length} categories`,
    );
  }
  const values = groups.map((group) => group.values.map(plottable));
  const drawn = values.flat().filter((value) => !Number.isNaN(value));
  const missing = groups.length * categories.length - drawn.length;
  const [low, high] = extent([...drawn, 0])!;

  const names = categoryAxis(categories, (width - 90) / Math.max(1, categories.length));
  const area = frame({
    title,
    subtitle,
    xLabel,
    yLabel,
    legend: seriesItems(groups),
    swatch: 'box',
    width,
    height,
    yDomain: low === high ? [0, 1] : axisDomain([low, high]),
    nice: true,
    xTickHeight: names.height,
    rightRoom: 14,
    note: missing > 0 ? `${missing} of ${missing + drawn.length} values are not finite` : undefined,
  });
  const bars = values.map((row, g) =>
    el('g', { ...quantityPaint(groups[g]!.quantity, g) }, ...drawGroup(row, g, groups.length, area, options)),
  );
  const zero = el('line', {
    ...rolePaint('axis'),
    x1: area.left,
    x2: area.right,
    y1: area.y(0),
    y2: area.y(0),
    stroke: 'currentColor',
  });
  return svgDocument(
    { title, description: describe(options, values), width: area.width, height: area.height },
    [
      area.markup,
      ...names.draw(area),
      ...(drawn.length > 0 ? [...bars, ...barNumbers(values, area), zero] : [emptyNotice(area)]),
    ],
  );
}

/** Where a category's bars lie: 80 % of its slot, side by side. */
function barPlace(area: Frame, categories: number, groups: number) {
  const slot = (area.right - area.left) / Math.max(1, categories);
  const bar = Math.min(48, (slot * 0.8) / Math.max(1, groups));
  return { bar, at: (i: number, g: number) => area.left + (i + 0.5) * slot + (g - groups / 2) * bar };
}

function drawGroup(
  row: readonly number[],
  g: number,
  count: number,
  area: Frame,
  { categories, groups }: BarChartOptions,
): string[] {
  const { bar, at } = barPlace(area, row.length, count);
  const gap = bar > 6 ? 1 : 0;
  return row.flatMap((value, i) => {
    if (Number.isNaN(value)) return [];
    const [from, to] = [area.y(0), area.y(value)];
    const box = {
      x: at(i, g) + gap / 2,
      y: Math.min(from, to),
      width: bar - gap,
      height: Math.abs(to - from),
    };
    return [el('rect', box, tooltip(`${categories[i]}, ${groups[g]!.name}: ${formatValue(value)}`))];
  });
}

/** The number of each bar over or under it, if all of them fit. */
function barNumbers(values: readonly (readonly number[])[], area: Frame): string[] {
  const texts = values.map((row) =>
    row.map((value) => (Number.isNaN(value) ? '' : formatValue(value).replace(/^-/, '−'))),
  );
  const widest = Math.max(
    0,
    ...texts.map((row) => Math.max(0, ...row.map((t) => textWidth(t, NUMBER_SIZE)))),
  );
  const { bar, at } = barPlace(area, values[0]!.length, values.length);
  if (widest > bar - 2) return [];
  return texts.flatMap((row, g) =>
    row.flatMap((text, i) => {
      if (text === '') return [];
      const value = values[g]![i]!;
      const end = area.y(value);
      const baseline = value < 0 ? end + 12 : end - 4;
      // A bar up to the very top carries its number inside the frame's upper margin, one down to the axis inside
      // itself.
      const y = Math.min(baseline, area.bottom - 3);
      const role = y === baseline ? 'ink' : 'onHeat';
      return [label(text, at(i, g) + bar / 2, y, { role, size: NUMBER_SIZE, anchor: 'middle' })];
    }),
  );
}

function describe(
  { categories, groups, yLabel }: BarChartOptions,
  values: readonly (readonly number[])[],
): string {
  const parts = values.map((row, g) => {
    const range = extent(row);
    if (!range) return `${groups[g]!.name}: no data.`;
    const at = (value: number) => `${formatValue(value)} (${categories[row.indexOf(value)]})`;
    return `${groups[g]!.name}: from ${at(range[0])} to ${at(range[1])}.`;
  });
  return [`Bars${yLabel ? ` of ${yLabel}` : ''} for ${categories.length} categories.`, ...parts].join(' ');
}
