// A self-contained HTML page around facts, figures and tables: no script, nothing loaded from elsewhere, light and
// dark. It is well-formed XML too, and its content policy forbids what it does not need.

import { check } from '../../errors';
import {
  anObject,
  type Kind,
  kind,
  type OptionsOf,
  option,
  optional,
  optionTable,
  required,
  text,
} from '../../options';
import { partsKind, words } from '../charts/options';
import { formatValue } from '../numbers';
import { escapeXml } from '../svg/escape';
import { reportCss } from './css';

/** A figure of a report and the text under it. */
export interface ReportFigure {
  /** From one of the chart functions; it goes into the page as it is. */
  readonly svg: string;
  readonly caption: string;
}

/** A table of a report. */
export interface ReportTable {
  readonly head: readonly string[];
  /** The first cell names its row. Integers are written whole, other numbers to four digits; else pass text. */
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A part of a report under its heading. */
export interface ReportSection {
  readonly heading: string;
  /** Empty lines part paragraphs. */
  readonly text?: string;
  readonly figures?: readonly ReportFigure[];
  readonly table?: ReportTable;
  /** Shown as it is, in a fixed-width font. */
  readonly pre?: string;
}

/** What {@link htmlReport} puts on a page. */
export interface ReportOptions {
  readonly title: string;
  readonly subtitle?: string;
  /** Large numbers at the top. */
  readonly facts: readonly { readonly label: string; readonly value: string | number }[];
  readonly sections: readonly ReportSection[];
}

const cell = kind<string | number>(
  'a text or a number',
  (value) => typeof value === 'string' || typeof value === 'number',
);

const aFact = optionTable({
  label: required(text),
  value: required(cell),
});

const figureParts = optionTable({
  svg: required(text),
  caption: required(text),
} satisfies OptionsOf<ReportFigure>);

const tableParts = optionTable({
  head: required(words),
  rows: required(
    kind<ReportTable['rows']>(
      'a list of lists of texts and numbers',
      (value) => Array.isArray(value) && value.every((row) => Array.isArray(row) && row.every(cell.holds)),
    ),
  ),
} satisfies OptionsOf<ReportTable>);

const sectionParts = optionTable({
  heading: required(text),
  text: optional(text),
  figures: option(partsKind<ReportFigure>('figures'), () => [], 'none'),
  table: optional(anObject as Kind<object> as Kind<ReportTable>),
  pre: optional(text),
} satisfies OptionsOf<ReportSection>);

export const reportOptions = optionTable({
  title: required(text),
  subtitle: optional(text),
  facts: required(partsKind<ReportOptions['facts'][number]>('facts')),
  sections: required(partsKind<ReportSection>('sections')),
} satisfies OptionsOf<ReportOptions>);

/** Nothing may be loaded or run, only the page's own styles apply: a hostile figure could draw, but do nothing else. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Figures wider than this many px take a whole row of the page. */
const WIDE = 620;

/**
 * The page as text, ready to be written to a file. All words are escaped; figures are taken as they are.
 *
 * @throws SpikegradError for a figure that is not an SVG document
 */
export function htmlReport(options: ReportOptions): string {
  const where = 'htmlReport';
  const { title, subtitle, facts, sections } = reportOptions.read(where, options);
  aFact.readEach(where, 'facts', facts);
  for (const [i, { figures, table }] of sectionParts.readEach(where, 'sections', sections).entries()) {
    figureParts.readEach(`${where}: sections[${i}]`, 'figures', figures);
    if (table !== undefined) tableParts.check(`${where}: sections[${i}].table`, table);
  }
  const list = facts.map(
    ({ label, value }) => `<div><dt>${escapeXml(label)}</dt><dd>${cellText(value)}</dd></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta http-equiv="Content-Security-Policy" content="${escapeXml(POLICY)}" />
<title>${escapeXml(title)}</title>
<style>${reportCss}</style>
</head>
<body>
<main>
<header><h1>${escapeXml(title)}</h1>${subtitle === undefined ? '' : `<p class="subtitle">${escapeXml(subtitle)}</p>`}</header>
${list.length > 0 ? `<dl class="facts">${list.join('')}</dl>` : ''}
${sections.map(section).join('\n')}
</main>
</body>
</html>
`;
}

function section({ heading, text, figures = [], table: cells, pre }: ReportSection): string {
  const parts = [`<h2>${escapeXml(heading)}</h2>`];
  for (const paragraph of (text ?? '').split(/\n\s*\n/)) {
    if (paragraph.trim() !== '') parts.push(`<p>${escapeXml(paragraph.trim())}</p>`);
  }
  if (figures.length > 0) parts.push(`<div class="figures">${figures.map(figure).join('')}</div>`);
  if (cells !== undefined) parts.push(table(cells, heading));
  if (pre !== undefined) parts.push(`<pre tabindex="0">${escapeXml(pre)}</pre>`);
  return `<section>${parts.join('\n')}</section>`;
}

function figure({ svg, caption }: ReportFigure): string {
  check(
    /^<svg[\s>]/.test(svg),
    'htmlReport',
    () =>
      `the figure "${caption}" must be the <svg> text of a chart, got ${JSON.stringify(svg.slice(0, 20))}`,
  );
  const width = Number(/^<svg[^>]* width="(\d+(?:\.\d+)?)"/.exec(svg)?.[1] ?? 0);
  const wide = width > WIDE ? ' class="wide"' : '';
  return `<figure${wide}><div class="chart">${svg}</div><figcaption>${escapeXml(caption)}</figcaption></figure>`;
}

/** A table that scrolls sideways on its own. Columns of numbers are aligned to the right. */
function table({ head, rows }: ReportTable, heading: string): string {
  const numeric = head.map(
    (_, c) => c > 0 && rows.length > 0 && rows.every((row) => looksNumeric(row[c] ?? '')),
  );
  const align = (c: number) => (numeric[c] ? ' class="number"' : '');
  const headCells = head.map((cell, c) => `<th scope="col"${align(c)}>${escapeXml(cell)}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((cell, c) =>
      c === 0 ? `<th scope="row">${cellText(cell)}</th>` : `<td${align(c)}>${cellText(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  const region = `class="scroll" tabindex="0" role="region" aria-label="${escapeXml(heading)}"`;
  return `<div ${region}><table><thead><tr>${headCells.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function cellText(cell: string | number): string {
  if (typeof cell === 'string') return escapeXml(cell);
  return Number.isSafeInteger(cell) ? String(cell) : formatValue(cell);
}

/** A number, or text such as `12,345`, `9.5 %`, `1.2e-3 nJ` or a dash for nothing. */
function looksNumeric(cell: string | number): boolean {
  return (
    typeof cell === 'number' || /^([-−–—]?|[+\-−]?\d[\d.,]*(e[+-]?\d+)?(\s?\S{1,4})?)$/.test(cell.trim())
  );
}
