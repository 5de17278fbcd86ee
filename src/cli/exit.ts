// What the command line says when it ends: errors without a stack, and exit codes.

import { SpikegradError } from '../errors';

/** 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** What JavaScript says when an array has no room: nobody's fault but the sizes'. */
const NO_ROOM = /array buffer allocation failed|invalid (typed )?array (buffer )?length/i;

/** Prints an error as one line; those that nobody meant to raise keep their stack. */
export function reportError(error: unknown): number {
  if (error instanceof SpikegradError) process.stderr.write(`error: ${error.message}\n`);
  else if (error instanceof RangeError && NO_ROOM.test(error.message))
    process.stderr.write(
      `error: not enough memory (${error.message}). Take a smaller --batch, --timesteps, --width or --limit\n`,
    );
  else
    process.stderr.write(
      `error (please report it): ${error instanceof Error ? error.stack : String(error)}\n`,
    );
  return EXIT.failed;
}
