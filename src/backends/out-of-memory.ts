// The error of a backend without room: what was asked for, what there is, who holds it, and what helps.

import { OutOfMemoryError } from '../errors';
import { live } from './live';

export const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MB`;

const SMALLER = 'a smaller batch, fewer time steps or a narrower network';

/**
 * @param wanted bytes of what did not fit
 * @param used bytes given out before
 * @param limit bytes that there are at most
 */
export function outOfMemory(where: string, wanted: number, used: number, limit: number): OutOfMemoryError {
  const ask = `no room for ${megabytes(wanted)} more`;
  if (wanted > limit)
    return new OutOfMemoryError(where, `${ask}: all the memory is ${megabytes(limit)}`, `Take ${SMALLER}`);
  const held = `${megabytes(used)} of ${megabytes(limit)} are in use, and ${tensorsThatLive()}`;
  return new OutOfMemoryError(where, `${ask}: ${held}`, ADVICE);
}

/** `1,021 tensors live`. */
export function tensorsThatLive(): string {
  return live.size === 1 ? '1 tensor lives' : `${live.size.toLocaleString('en')} tensors live`;
}

/** What gives memory back, and what takes less of it. */
export const ADVICE = `Wrap each step in scope(() => …), which frees what was made in it and not returned; dispose() of what is kept outside; compute in noGrad(() => …) what needs no gradient; or take ${SMALLER}`;

/** A typed array of `size` numbers that `make` makes. @throws OutOfMemoryError where JavaScript has no room for it */
export function roomFor<A>(where: string, size: number, make: () => A): A {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new OutOfMemoryError(
      where,
      `JavaScript has no room for ${size.toLocaleString('en')} numbers in one piece, and ${tensorsThatLive()}`,
      ADVICE,
      { cause: error },
    );
  }
}
