// Tables in Markdown.

const row = (cells: readonly string[]) =>
  `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;

/** The first column to the left, the others to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');
}
