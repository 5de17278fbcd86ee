// Plain text tables and numbers for the terminal.

/** Columns aligned: numbers to the right, words to the left. */
export function textTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  const numeric = head.map(
    (_, c) =>
      rows.length > 0 &&
      rows.every(
        (row) => typeof row[c] === 'number' || /^[-\d.,]+(e-?\d+)?( ?[%a-zA-Z]{0,3})?$/.test(String(row[c])),
      ),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, c) => (numeric[c] ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
      .join('  ')
      .trimEnd();
  return [line(cells[0]!), widths.map((w) => '-'.repeat(w)).join('  '), ...cells.slice(1).map(line)].join(
    '\n',
  );
}

/** 0.1234 as `12.3 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** 12345678 as `12,345,678`. */
export function thousands(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}
