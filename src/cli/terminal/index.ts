// Everything that the command line says to people: results on standard output, all else on standard error, no line
// wider than the terminal, and nothing in them that a terminal would do instead of show.

import { printable, printableJson } from '../../printable';
import { wrap } from './wrap';

/** What is taken for the width where there is no terminal, and nobody says otherwise with COLUMNS. */
const USUAL = 80;

export function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.columns || Number(process.env.COLUMNS) || USUAL;
}

/** Words about the work, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${wrap(printable(text), columnsOf(process.stderr))}\n`);
}

/** What was asked for, on standard output. */
export function print(text: string): void {
  process.stdout.write(`${wrap(printable(text), columnsOf(process.stdout))}\n`);
}

/** What was asked for as JSON, on one line of standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${printableJson(value)}\n`);
}
