// What the command line says when it ends: errors without a stack, and exit codes.

import { OutOfMemoryError, SpikegradError } from '../errors';
import { printable } from '../printable';
import { say } from './terminal';

/** 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * An error's words without the names of functions, which a user of commands has never met. Files and options are
 * named in the words, not in `where`.
 */
export function plainMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof SpikegradError)) return error.message;
  const { problem, cause } = error;
  return cause instanceof Error ? problem.replace(cause.message, () => plainMessage(cause)) : problem;
}

/** What JavaScript says when an array has no room: nobody's mistake but the settings'. */
const NO_ROOM = /array buffer allocation failed|invalid (typed )?array (buffer )?length/i;

const noRoom = (facts: string) =>
  `error: the network or its images need more memory than there is (${facts}): take a smaller --width, --batch, --timesteps or --limit`;

/** Lines below the first stand in from the margin: no text of a file can pass for a message of its own. */
const indented = (text: string) => text.replaceAll('\n', '\n  ');

/** Prints an error; one that nobody meant to raise keeps its stack. */
export function reportError(error: unknown): number {
  // one that the training loop has not met, and so not told what to try
  if (error instanceof OutOfMemoryError && !(error.cause instanceof OutOfMemoryError))
    say(noRoom(error.facts));
  else if (error instanceof SpikegradError) say(`error: ${indented(plainMessage(error))}`);
  else if (error instanceof RangeError && NO_ROOM.test(error.message)) say(noRoom(error.message));
  else
    process.stderr.write(
      printable(`error (please report it): ${error instanceof Error ? error.stack : String(error)}\n`),
    );
  return EXIT.failed;
}
