// Rows as CSV (RFC 4180, with plain line feeds). The one place through which text from outside enters such a file.

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * One line for each row; a field that would be misread stands in quotes, and text that would be run behind an
 * apostrophe.
 */
export function csv(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `${[head, ...rows].map((row) => row.map(field).join(',')).join('\n')}\n`;
}

/** A number is a number, also a negative one, and as a text too. */
function field(value: string | number): string {
  const text = String(value);
  const isNumber =
    typeof value === 'number' || (text.trim() === text && text !== '' && Number.isFinite(Number(text)));
  return quoted(!isNumber && FORMULA.test(text) ? `'${text}` : text);
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
