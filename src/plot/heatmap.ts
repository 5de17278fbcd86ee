// A table of numbers as colours, with the numbers in it: a confusion matrix, firing rates by layer and time step.

import { heading } from './frame';
import { formatValue, plottable } from './numbers';
import { checkSize, el, label, svgDocument, tooltip } from './svg';
import { fitText, textWidth } from './text';
import { rolePaint } from './theme';

export interface HeatmapOptions {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** values[row][column], from 0 up. */
  readonly values: readonly (readonly number[])[];
  readonly rowLabel?: string;
  readonly columnLabel?: string;
  /** How a number is written in its cell. Default: four significant digits. */
  readonly format?: (value: number) => string;
  /** Px; default 440. The height follows from the rows. */
  readonly width?: number;
}

const SIZE = 11;
const LONGEST_NAME = 120;
const PAD = 14;

/** The darkest cell is the largest number; what is not finite stays empty. */
export function heatmap(options: HeatmapOptions): string {
  const { title, rows, columns, values, rowLabel, columnLabel, format = formatValue, width = 440 } = options;
  checkSize('heatmap', width, 120);
  const head = heading(title, width);
  const rowNames = rows.map((name) => fitText(name, SIZE, LONGEST_NAME));
  const left = PAD + (rowLabel ? 18 : 0) + Math.max(0, ...rowNames.map((name) => textWidth(name, SIZE))) + 8;
  const cell = { width: (width - PAD - left) / Math.max(1, columns.length), height: 24 };
  const columnNames = columns.map((name) => fitText(name, SIZE, 90));
  const widest = Math.max(0, ...columnNames.map((name) => textWidth(name, SIZE)));
  const upright = widest + 6 > cell.width;
  const top = head.height + (columnLabel ? 18 : 0) + (upright ? widest : SIZE) + 10;
  const height = Math.max(120, top + rows.length * cell.height + PAD);
  const grid = rows.map((_, r) => columns.map((_, c) => plottable(values[r]?.[c] ?? Number.NaN)));
  const largest = Math.max(0, ...grid.flat().filter((value) => !Number.isNaN(value)));

  const cells = grid.flatMap((row, r) =>
    row.flatMap((value, c) => {
      if (Number.isNaN(value)) return [];
      const share = largest > 0 ? Math.max(0, value) / largest : 0;
      const [x, y] = [left + c * cell.width, top + r * cell.height];
      const text = format(value);
      const fill = el(
        'rect',
        {
          ...rolePaint('heat'),
          x: x + 0.5,
          y: y + 0.5,
          width: Math.max(0, cell.width - 1),
          height: cell.height - 1,
          'fill-opacity': share,
          rx: 2,
        },
        tooltip(`${rows[r]}, ${columns[c]}: ${text}`),
      );
      const fits = value !== 0 && textWidth(text, SIZE) <= cell.width - 2;
      const number = label(text, x + cell.width / 2, y + cell.height / 2 + 4, {
        size: SIZE,
        anchor: 'middle',
        role: share > 0.45 ? 'onHeat' : 'ink',
      });
      return fits ? [fill, number] : [fill];
    }),
  );
  const names = [
    ...rowNames.map((name, r) =>
      label(name, left - 8, top + (r + 0.5) * cell.height + 4, { size: SIZE, anchor: 'end' }),
    ),
    ...columnNames.map((name, c) => {
      const x = left + (c + 0.5) * cell.width;
      return upright
        ? label(name, x + SIZE * 0.35, top - 6, { size: SIZE, rotate: -90 })
        : label(name, x, top - 6, { size: SIZE, anchor: 'middle' });
    }),
  ];
  const middle = { x: (left + width - PAD) / 2, y: top + (rows.length * cell.height) / 2 };
  if (columnLabel)
    names.push(label(columnLabel, middle.x, head.height + 12, { size: 12.5, anchor: 'middle' }));
  if (rowLabel) names.push(label(rowLabel, PAD + 8, middle.y, { size: 12.5, anchor: 'middle', rotate: -90 }));
  if (cells.length === 0)
    names.push(label('no data', middle.x, Math.max(middle.y, 70), { size: 13, anchor: 'middle' }));
  const description = `Heatmap of ${rows.length} rows and ${columns.length} columns, up to ${format(largest)}.`;
  return svgDocument({ title, description, width, height }, [head.markup, ...names, ...cells]);
}
