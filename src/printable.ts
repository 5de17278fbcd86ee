// Text from files, queues and names on its way to a terminal. Escape sequences move the cursor and colour, carriage
// returns write over what stood there, marks of direction turn what follows around: all of them are shown as \u....
// instead of done.

/**
 * Control characters but the line feed, invisible marks of format and direction, separators of lines, halves of pairs.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const escaped = (character: string) =>
  [...Array(character.length).keys()]
    .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('');

/** Text that a terminal shows as it is. Line feeds stay: lines are for whoever prints. */
export function printable(text: string): string {
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)));
}

/** The same on one line, for a cell of a table, a label, a name. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n');
}

/** JSON that a terminal shows as it is, and that says the same. */
export function printableJson(value: unknown): string {
  return printable(JSON.stringify(value));
}
