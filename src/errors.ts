// The one error type of the library. A message reads `conv2d: weight expects 16 input channels, input [2,8,8,3] has 3`:
// the function first, then what it got and what to do.

import { printable } from './printable';

/** An error that spikegrad raises on purpose: bad input, a bad file, a missing backend. */
export class SpikegradError extends Error {
  override readonly name = 'SpikegradError';
  readonly where: string;
  /** What it got, and what to do instead; text from files in it is escaped for terminals. */
  readonly problem: string;

  /**
   * @param where the public function or command that was called; a file or an option is named in `problem`
   * @param problem what it got, and what to do instead
   */
  constructor(where: string, problem: string, options?: ErrorOptions) {
    const [name, words] = [printable(String(where)), printable(String(problem))];
    super(`${name}: ${words}`, options);
    this.where = name;
    this.problem = words;
  }
}

/** A backend has no room for a buffer. Whoever knows what the buffer was for says so and throws it on. */
export class OutOfMemoryError extends SpikegradError {
  /**
   * @param facts what did not fit, and what there is
   * @param advice sentences on what gives memory back; whoever knows better tells the facts alone
   */
  constructor(
    where: string,
    readonly facts: string,
    advice?: string,
    options?: ErrorOptions,
  ) {
    super(where, advice === undefined ? facts : `${facts}. ${advice}`, options);
  }
}

/**
 * There is no GPU to compute on, or nothing installed that reaches one: the machine is as it is, and nothing is broken.
 */
export class NoDeviceError extends SpikegradError {}

/** Throws a {@link SpikegradError} unless `condition` holds. The message is built only when it is needed. */
export function check(
  condition: unknown,
  where: string,
  problem: string | (() => string),
): asserts condition {
  if (!condition) throw new SpikegradError(where, typeof problem === 'string' ? problem : problem());
}
