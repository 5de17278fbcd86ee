// What a user of the training loop can do when memory does not suffice: there a batch is the first thing to make
// smaller.

import { OutOfMemoryError } from '../errors';

/**
 * @param what did not fit, as a subject
 * @param images how many were taken at once
 * @returns the error with what to try; any other one as it is
 */
export function noRoomFor(where: string, what: string, images: number, error: unknown): unknown {
  if (!(error instanceof OutOfMemoryError)) return error;
  const less = 'fewer time steps or a narrower network';
  const half = Math.floor(images / 2);
  return new OutOfMemoryError(
    where,
    `${what} does not fit (${error.where}: ${error.facts})`,
    half === 0 ? `Try ${less}` : `Try batch ${half}, ${less}`,
    { cause: error },
  );
}
