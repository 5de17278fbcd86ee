// Why a file was not understood, in words for who chose it: the library tells by its first bytes what it is.

import { SpikegradError } from 'spikegrad';

/** @param error of the library, which read it */
export function misread(name: string, error: unknown): Error {
  return new Error(`${name}: ${inWords(error)}`, {
    cause: error,
  });
}

/** An error without the name of the library's function. */
export const inWords = (error: unknown): string =>
  error instanceof SpikegradError ? error.problem : error instanceof Error ? error.message : String(error);
