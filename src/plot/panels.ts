// Several charts in one picture, in rows of equal columns: a figure of a paper with its parts (a), (b), …

import { check } from '../errors';
import { type OptionsOf, option, optional, optionTable, required, text } from '../options';
import { columnCount, words } from './charts/options';
import { heading, PAD } from './frame';
import { px, svgDocument } from './svg';

/** What {@link panels} puts side by side. */
export interface PanelsOptions {
  /** Over all panels; each has its own title too. Default none. */
  readonly title?: string;
  /** Smaller lines under the title. */
  readonly subtitle?: string;
  /** From the chart functions, in reading order. */
  readonly charts: readonly string[];
  /** Default: all in one row. */
  readonly columns?: number;
}

/** Sizes stand in the first tag of a chart, as `svgDocument` writes them. */
const SIZE = /^<svg [^>]*? width="([\d.]+)" height="([\d.]+)"/;

export const panelsOptions = optionTable({
  title: option(text, '', 'none'),
  subtitle: optional(text),
  charts: required(words),
  columns: optional(columnCount, 'all in one row'),
} satisfies OptionsOf<PanelsOptions>);

/**
 * One standalone SVG. A column is as wide as its widest chart, a row as high as its highest.
 * @throws SpikegradError for a text that is no chart, or without any
 */
export function panels(options: PanelsOptions): string {
  const given = panelsOptions.read('panels', options);
  const { title, subtitle, charts, columns = charts.length } = given;
  check(charts.length > 0, 'panels', 'needs at least one chart');
  const sizes = charts.map((chart) => {
    const found = SIZE.exec(chart);
    check(found, 'panels', () => `expects charts as SVG text, got ${JSON.stringify(chart.slice(0, 20))}`);
    return { width: Number(found[1]), height: Number(found[2]) };
  });
  const widths = Array.from({ length: Math.min(columns, charts.length) }, (_, c) =>
    Math.max(...sizes.filter((_, i) => i % columns === c).map(({ width }) => width)),
  );
  const width = widths.reduce((sum, one) => sum + one, 0);
  const head = heading(title, width, subtitle);
  const placed: string[] = [];
  let top = head.height;
  for (let first = 0; first < charts.length; first += columns) {
    let left = 0;
    for (const [c, chart] of charts.slice(first, first + columns).entries()) {
      placed.push(chart.replace('<svg ', `<svg x="${px(left)}" y="${px(top)}" `));
      left += widths[c]!;
    }
    top += Math.max(...sizes.slice(first, first + columns).map(({ height }) => height));
  }
  const description = `${charts.length} charts.`;
  return svgDocument({ title, description, width, height: top + PAD / 2, role: 'group' }, [
    head.markup,
    ...placed,
  ]);
}
