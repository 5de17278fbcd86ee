// A table of numbers as colours, with the numbers in it where they fit: a confusion matrix, firing rates by layer and
// time step. One hue from the background to blue, so that it reads in light, in dark and without colour.

import { check } from '../../errors';
import {
  callback,
  finite,
  kind,
  type OptionsOf,
  option,
  optional,
  optionTable,
  pair,
  required,
  text,
} from '../../options';
import { emptyNotice, heading, LABEL_SIZE, PAD } from '../frame';
import { chosenDomain, extent, formatValue, plottable } from '../numbers';
import { checkSize, el, label, svgDocument, tooltip } from '../svg';
import { fitText, textWidth } from '../text';
import { type Role, rolePaint } from '../theme';
import { plotNumbers, words } from './options';

/** What {@link heatmap} draws. */
export interface HeatmapOptions {
  readonly title: string;
  /** Smaller lines under the title. */
  readonly subtitle?: string;
  /** Names of the rows. */
  readonly rows: readonly string[];
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** `values[row][column]`. */
  readonly values: readonly (readonly number[])[];
  readonly rowLabel?: string;
  readonly columnLabel?: string;
  /** How a number is written in its cell. Default: four significant digits. */
  readonly format?: (value: number) => string;
  /** Numbers of the palest and the darkest cell. A bound that is not given or not finite comes from the data and 0. */
  readonly domain?: readonly [number, number];
  /** In px; the height follows from the rows. Default 440. */
  readonly width?: number;
}

export const heatmapOptions = optionTable({
  title: required(text),
  subtitle: optional(text),
  rows: required(words),
  columns: required(words),
  values: required(kind<HeatmapOptions['values']>('a list of lists of numbers', isTable)),
  rowLabel: optional(text),
  columnLabel: optional(text),
  format: option(
    callback<(value: number) => string>('a function (value)'),
    () => formatValue,
    'four significant digits',
  ),
  domain: optional(pair),
  width: option(finite(), 440),
} satisfies OptionsOf<HeatmapOptions>);

function isTable(value: unknown): boolean {
  return Array.isArray(value) && value.every(plotNumbers.holds);
}

const SIZE = 11;
/** Names are cut at this many px, those of rows also at 30 % of the picture. */
const LONGEST_NAME = 120;
/** Above this many cells a tooltip each would outweigh the picture. */
const MAX_TOOLTIPS = 2500;
const SCALE_HEIGHT = 34;

/** Where the cells lie, in px, and the names around them. */
interface Grid {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly rowNames: readonly string[];
  readonly columnNames: readonly string[];
  /** Column names stand upright, because one of them is wider than a cell. */
  readonly upright: boolean;
}

/**
 * Draws a cell for each number, the darker the larger; a number that is not finite is a dash. Where the numbers do
 * not fit into the cells a colour scale stands under them.
 *
 * @throws SpikegradError where values are not rows x columns, or for a width that no chart fits in
 */
export function heatmap(options: HeatmapOptions): string {
  const given = heatmapOptions.read('heatmap', options);
  const { title, rows, columns, values, rowLabel, columnLabel, format, width } = given;
  checkSize('heatmap', width, 120);
  check(
    values.length === rows.length && values.every((row) => row.length === columns.length),
    'heatmap',
    () =>
      `values must be ${rows.length} rows of ${columns.length}, got ${values.length} of ${values.map((row) => row.length).slice(0, 8)}`,
  );
  const numbers = values.map((row) => row.map(plottable));
  const [low, high] = valueDomain(numbers.flat(), options.domain);
  const texts = numbers.map((row) => row.map((value) => (Number.isNaN(value) ? '–' : format(value))));

  const head = heading(title, width, options.subtitle);
  const grid = layOut(options, head.height, width);
  const { left, right, top, bottom, cellWidth, cellHeight } = grid;
  const empty = rows.length === 0 || columns.length === 0;
  const written = cellHeight >= 14 && texts.flat().every((text) => textWidth(text, SIZE) <= cellWidth - 4);
  const height = bottom + (empty || written ? 0 : SCALE_HEIGHT) + PAD;
  const tips = rows.length * columns.length <= MAX_TOOLTIPS;

  const shares = numbers.map((row) =>
    row.map((value) => Math.max(0, Math.min(1, (value - low) / (high - low)))),
  );
  const boxes = shares.flatMap((row, r) =>
    row.flatMap((share, c) => {
      if (Number.isNaN(share) || (share === 0 && !tips)) return [];
      const tip = tips ? [tooltip(`${rows[r]}, ${columns[c]}: ${texts[r]![c]}`)] : [];
      return [drawBox(grid, r, c, share, tip)];
    }),
  );
  const words = shares.flatMap((row, r) =>
    row.flatMap((share, c) => {
      if (Number.isNaN(share)) return [drawText(grid, r, c, texts[r]![c]!, 'muted')];
      return written ? [drawText(grid, r, c, texts[r]![c]!, textRole(share))] : [];
    }),
  );
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const axes = [
    columnLabel ? label(columnLabel, middle.x, head.height + 12, { size: LABEL_SIZE, anchor: 'middle' }) : '',
    rowLabel ? label(rowLabel, PAD + 8, middle.y, { size: LABEL_SIZE, anchor: 'middle', rotate: -90 }) : '',
  ];
  return svgDocument({ title, description: describe(options, numbers, format), width, height }, [
    head.markup,
    ...axes,
    ...drawNames(grid),
    empty ? emptyNotice(grid) : el('g', { ...rolePaint('heat') }, ...boxes) + words.join(''),
    empty || written ? '' : colourScale(grid, format(low), format(high)),
  ]);
}

function layOut({ rows, columns, rowLabel, columnLabel }: HeatmapOptions, from: number, width: number): Grid {
  const rowNames = rows.map((name) => fitText(name, SIZE, Math.min(LONGEST_NAME, width * 0.3)));
  const columnNames = columns.map((name) => fitText(name, SIZE, LONGEST_NAME));
  const widest = (names: readonly string[]) => Math.max(0, ...names.map((name) => textWidth(name, SIZE)));
  const left = PAD + (rowLabel ? 18 : 0) + widest(rowNames) + 8;
  const right = width - PAD;
  const cellWidth = (right - left) / Math.max(1, columns.length);
  const cellHeight = rows.length <= 24 ? 24 : Math.max(4, 576 / rows.length);
  const upright = widest(columnNames) + 6 > cellWidth;
  const top = from + (columnLabel ? 20 : 4) + (upright ? widest(columnNames) : SIZE) + 8;
  const bottom = top + Math.max(2, rows.length) * cellHeight;
  return { left, right, top, bottom, cellWidth, cellHeight, rowNames, columnNames, upright };
}

function valueDomain(values: readonly number[], asked: HeatmapOptions['domain']): [number, number] {
  const data = extent([...values, 0])!;
  return chosenDomain(asked, data[0] === data[1] ? [0, 1] : data);
}

function drawBox(grid: Grid, r: number, c: number, share: number, tip: string[]): string {
  const { left, top, cellWidth, cellHeight } = grid;
  const gap = Math.min(cellWidth, cellHeight) >= 8 ? 1 : 0;
  return el(
    'rect',
    {
      x: left + c * cellWidth + gap / 2,
      y: top + r * cellHeight + gap / 2,
      width: cellWidth - gap,
      height: cellHeight - gap,
      'fill-opacity': share,
      rx: gap ? 2 : undefined,
    },
    ...tip,
  );
}

function drawText(
  { left, top, cellWidth, cellHeight }: Grid,
  r: number,
  c: number,
  text: string,
  role: Role,
) {
  const [x, y] = [left + (c + 0.5) * cellWidth, top + (r + 0.5) * cellHeight + SIZE * 0.36];
  return label(text, x, y, { size: SIZE, anchor: 'middle', role });
}

/** The text colour with contrast 4:1 or nearly so on a cell filled to `share`, in light and in dark. */
export function textRole(share: number): Role {
  if (share < 0.55) return 'ink';
  return share < 0.7 ? 'midHeat' : 'onHeat';
}

/** Row and column names; only every second, third, … where they would lie on each other. */
function drawNames({ left, top, cellWidth, cellHeight, rowNames, columnNames, upright }: Grid): string[] {
  const everyRow = Math.ceil(13 / cellHeight);
  const everyColumn = upright ? Math.ceil(13 / cellWidth) : 1;
  return [
    ...rowNames.flatMap((name, r) => {
      if (r % everyRow !== 0) return [];
      return [
        label(name, left - 7, top + (r + 0.5) * cellHeight + SIZE * 0.36, { size: SIZE, anchor: 'end' }),
      ];
    }),
    ...columnNames.flatMap((name, c) => {
      if (c % everyColumn !== 0) return [];
      const x = left + (c + 0.5) * cellWidth;
      return upright
        ? [label(name, x + SIZE * 0.36, top - 5, { size: SIZE, rotate: -90 })]
        : [label(name, x, top - 6, { size: SIZE, anchor: 'middle' })];
    }),
  ];
}

function colourScale({ left, right, bottom }: Grid, low: string, high: string): string {
  const steps = 24;
  const width = Math.min(160, right - left) / steps;
  const strips = Array.from({ length: steps }, (_, i) =>
    el('rect', {
      x: left + i * width,
      y: bottom + 10,
      width: width + (i < steps - 1 ? 0.3 : 0),
      height: 8,
      'fill-opacity': i / (steps - 1),
    }),
  );
  return [
    el('g', { ...rolePaint('heat') }, ...strips),
    label(low, left, bottom + 31, { size: SIZE }),
    label(high, left + steps * width, bottom + 31, { size: SIZE, anchor: 'end' }),
  ].join('');
}

function describe(
  { rows, columns, rowLabel, columnLabel }: HeatmapOptions,
  numbers: readonly (readonly number[])[],
  format: (value: number) => string,
): string {
  const axes = `Heatmap of ${rows.length} rows${rowLabel ? ` (${rowLabel})` : ''} and ${columns.length} columns${columnLabel ? ` (${columnLabel})` : ''}.`;
  const range = extent(numbers.flat());
  if (!range) return `${axes} No data.`;
  const r = numbers.findIndex((row) => row.includes(range[1]));
  const c = numbers[r]!.indexOf(range[1]);
  return `${axes} Numbers from ${format(range[0])} to ${format(range[1])}, the largest at ${rows[r]}, ${columns[c]}.`;
}
