// Which laws a check found broken. Not a test itself.

import { LawBroken } from '../../../src/testing';

/** The error of a check that fails. @throws when it passes, or fails for another reason */
export function failure(check: () => unknown): LawBroken {
  try {
    check();
  } catch (error) {
    if (error instanceof LawBroken) return error;
    throw error;
  }
  throw new Error('no law was broken');
}

export function brokenBy(check: () => unknown): string[] {
  return failure(check).counterexamples.map(({ law }) => law);
}
