// Grouped bars over named categories: firing rate or quantization error by layer. Category names stand upright when they
// find no room side by side.

import { emptyNotice, frame } from './frame';
import { axisDomain, formatValue, plottable } from './numbers';
import { checkSize, el, label, svgDocument, tooltip } from './svg';
import { fitText, textWidth } from './text';
import { seriesPaint } from './theme';

export interface BarGroup {
  readonly name: string;
  /** One for each category. */
  readonly values: readonly number[];
}

export interface BarChartOptions {
  readonly title: string;
  readonly yLabel?: string;
  readonly categories: readonly string[];
  readonly groups: readonly BarGroup[];
  /** Px; default 440. */
  readonly width?: number;
  /** Px; default 320. */
  readonly height?: number;
}

const NAME_SIZE = 11;
const LONGEST_NAME = 110;

/** Bars from 0; values that are not finite leave a gap. */
export function barChart(options: BarChartOptions): string {
  const { title, yLabel, categories, groups, width = 440, height = 320 } = options;
  checkSize('barChart', width, height);
  const values = groups.map((group) => categories.map((_, i) => plottable(group.values[i] ?? Number.NaN)));
  const finite = values.flat().filter((value) => !Number.isNaN(value));
  const names = categories.map((name) => fitText(name, NAME_SIZE, LONGEST_NAME));
  const widest = Math.max(0, ...names.map((name) => textWidth(name, NAME_SIZE)));
  const upright = categories.length > 0 && widest + 8 > (width - 80) / categories.length;
  const area = frame({
    title,
    yLabel,
    names: groups.map(({ name }) => name),
    swatch: 'box',
    width,
    height,
    yDomain: axisDomain([Math.min(0, ...finite), Math.max(0, ...finite)]),
    nice: true,
    xTickHeight: upright ? widest + 14 : 22,
    rightRoom: 14,
  });
  const slot = (area.right - area.left) / Math.max(1, categories.length);
  const bar = (slot * 0.76) / Math.max(1, groups.length);
  const zero = area.y(0);
  const bars = values.map((row, g) =>
    el(
      'g',
      { ...seriesPaint(g) },
      ...row.flatMap((value, i) => {
        if (Number.isNaN(value)) return [];
        const top = Math.min(zero, area.y(value));
        const note = tooltip(`${categories[i]}, ${groups[g]!.name}: ${formatValue(value)}`);
        const x = area.left + i * slot + slot * 0.12 + g * bar;
        return [el('rect', { x, y: top, width: bar, height: Math.abs(area.y(value) - zero) }, note)];
      }),
    ),
  );
  const texts = names.map((name, i) => {
    const x = area.left + (i + 0.5) * slot;
    return upright
      ? label(name, x + NAME_SIZE * 0.35, area.bottom + 8, { size: NAME_SIZE, anchor: 'end', rotate: -90 })
      : label(name, x, area.bottom + 16, { size: NAME_SIZE, anchor: 'middle' });
  });
  const description = `Bars of ${groups.map(({ name }) => name).join(' and ')} for ${categories.length} categories.`;
  return svgDocument({ title, description, width: area.width, height: area.height }, [
    area.markup,
    ...texts,
    ...(finite.length > 0 ? bars : [emptyNotice(area)]),
  ]);
}
