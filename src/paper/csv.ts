// Rows as CSV (RFC 4180, with plain line feeds).

/** One line for each row; a field that would be misread stands in quotes. */
export function csv(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `${[head, ...rows].map((row) => row.map((field) => quoted(String(field))).join(',')).join('\n')}\n`;
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
