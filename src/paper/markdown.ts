// Markdown of tables and sentences. The one place through which text from outside enters such a file: what it says is
// shown, whatever marks it has.

import { printable } from '../printable';

/** Signs that begin emphasis, code, links, HTML or cells anywhere in a line. */
const MARKS = /[\\`*_|<>]|\]\(|!\[/g;

/** Text as Markdown that shows exactly this text, on one line. */
export function markdownText(text: string): string {
  return printable(text.replaceAll('\n', ' '))
    .replaceAll('&', '&amp;')
    .replace(MARKS, (mark) =>
      mark === '<' ? '&lt;' : mark === '>' ? '&gt;' : mark === '](' ? ']\\(' : `\\${mark}`,
    )
    .replace(/^(\s*)([#=~]|[+-](?=\s))/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s)/, '$1\\$2');
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** The first column to the left, the others to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map((cells) => row(cells.map(markdownText)));
  return [row(head.map(markdownText)), row(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...lines].join(
    '\n',
  );
}
