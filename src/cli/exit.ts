// What the command line says when it ends: errors without a stack, and exit codes.

import { OutOfMemoryError, SpikegradError } from '../errors';
import { say } from './terminal';

/** 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** An error's words without the names of functions that a user of commands has never met; options they have typed stay. */
export function plainMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof SpikegradError)) return error.message;
  const { where, problem, cause } = error;
  const own = cause instanceof Error ? problem.replace(cause.message, () => plainMessage(cause)) : problem;
  return where.startsWith('--') ? `${where}: ${own}` : own;
}

/** JavaScript's own word for an array that no memory holds: nobody's mistake but the settings'. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof OutOfMemoryError ||
    (error instanceof RangeError && /array length|array buffer allocation|invalid array/i.test(error.message))
  );
}

/** Prints an error; one that nobody meant to raise keeps its stack. */
export function reportError(error: unknown): number {
  if (error instanceof SpikegradError) say(`error: ${plainMessage(error)}`);
  else if (isOutOfMemory(error))
    say(
      `error: the network or its images need more memory than there is (${plainMessage(error)}): take a smaller --width, --batch, --timesteps or --limit`,
    );
  else
    process.stderr.write(
      `error (please report it): ${error instanceof Error ? error.stack : String(error)}\n`,
    );
  return EXIT.failed;
}
