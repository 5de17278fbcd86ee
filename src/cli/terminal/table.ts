// Plain text tables and numbers for the terminal.

import { printableLine } from '../../printable';
import { columnsOf } from '.';
import { brokenLines } from './wrap';

const GAP = 2;
const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
const widthOf = (widths: readonly number[]) =>
  widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1));

/**
 * Columns aligned: numbers to the right, words to the left. What is too wide is broken between words; columns for
 * which even that does not make room follow in a table below, with the first column again.
 * @param width characters of a line; default: those of the terminal
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width = columnsOf(process.stdout),
): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => printableLine(String(cell))));
  const numeric = head.map(
    (_, c) =>
      rows.length > 0 &&
      rows.every(
        (row) =>
          typeof row[c] === 'number' || /^([-\d.,]+(e-?\d+)?( ?[%a-zA-Z]{0,3})?)?$/.test(String(row[c])),
      ),
  );
  const wishes = head.map((_, c) => longest(cells.map((row) => row[c]!)));
  const least = head.map((_, c) =>
    longest(cells.flatMap((row, r) => (numeric[c] && r > 0 ? [row[c]!] : brokenLines(row[c]!, 1)))),
  );
  const fit = head.findIndex((_, c) => c > 1 && widthOf(least.slice(0, c + 1)) > width);
  if (fit > 0) {
    const part = (columns: (c: number) => boolean) =>
      textTable(
        head.filter((_, c) => columns(c)),
        rows.map((row) => row.filter((_, c) => columns(c))),
        width,
      );
    return `${part((c) => c < fit)}\n\n${part((c) => c === 0 || c >= fit)}`;
  }
  const widths = narrowed(wishes, least, width);
  const line = (row: readonly string[], r: number) => {
    const broken = row.map((cell, c) =>
      cell.length <= widths[c]! || (numeric[c] && r > 0) ? [cell] : brokenLines(cell, widths[c]!),
    );
    return Array.from({ length: Math.max(...broken.map((lines) => lines.length)) }, (_, i) =>
      broken
        .map((lines, c) => (lines[i] ?? '')[numeric[c] ? 'padStart' : 'padEnd'](widths[c]!))
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  };
  const [names, ...body] = cells.map(line);
  return [...names!, widths.map((w) => '-'.repeat(w)).join(' '.repeat(GAP)), ...body.flat()].join('\n');
}

/** Widths that fit together: the widest column that can do with less gives way first. */
function narrowed(wishes: readonly number[], least: readonly number[], width: number): number[] {
  const widths = [...wishes];
  for (let over = widthOf(widths) - width; over > 0; over--) {
    const slack = widths.map((wish, c) => (wish > least[c]! ? wish : 0));
    const widest = slack.indexOf(Math.max(...slack));
    if (slack[widest] === 0) break;
    widths[widest]!--;
  }
  return widths;
}

/** 0.1234 as `12.3 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** 12345678 as `12,345,678`. */
export function thousands(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1 epoch`, `2 epochs`. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${thousands(count)} ${count === 1 ? thing : things}`;
}
