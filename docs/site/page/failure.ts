// What went wrong, for the reader of a program: with its line, where the program and not its check is at fault.

import { PROGRAM } from './interpreter';

/** Lines that JavaScript puts before the text of a function that is made of text. */
const BEFORE = 2;

/** The line of the program that was running, by the error's stack; undefined where a check found something wrong. */
function lineOf({ stack = '' }: Error): number | undefined {
  const [, name, line] = /\b([\w-]+)\.course:(\d+)/.exec(stack) ?? [];
  return name === PROGRAM ? Number(line) - BEFORE : undefined;
}

const inLine = (line: number | string, words: string) => `line ${line} of the program: ${words}`;

/** An error as the page shows it. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // sucrase writes "Error transforming program.course: Unexpected token (3:7)"
  const untaken = /^Error transforming \S+: (.*) \((\d+):\d+\)$/s.exec(error.message);
  if (untaken !== null) return inLine(untaken[2]!, untaken[1]!);
  // and calls what is imported by another name
  const words = error.message.replace(/\b_\w+\.(\w+)\.call is not a function/, '$1 is not a function');
  const line = lineOf(error);
  return line === undefined ? words : inLine(line, words);
}
