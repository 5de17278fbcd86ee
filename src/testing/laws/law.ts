// A law: a sentence, what to draw to try it, and what the numbers say where it fails.

import fc from 'fast-check';
import { SpikegradError } from '../../errors';

/** How a law is tried. */
export interface Trial {
  readonly seed: number;
  readonly runs: number;
  /** Whether a counterexample is made simple. */
  readonly shrink?: boolean;
  /** Begin at this counterexample of the same seed. */
  readonly path?: string;
}

/** The simplest input found for which a law fails. */
export interface Counterexample {
  /** Name of the law. */
  readonly law: string;
  /** The law in words. */
  readonly words: string;
  /** The input. */
  readonly drawn: unknown;
  /** Its numbers, a line each. */
  readonly numbers: readonly string[];
  /** With the seed, where to find it again. */
  readonly path: string;
}

export interface Law {
  readonly name: string;
  readonly words: string;
  /** @returns the runs that held, or the counterexample */
  attempt(trial: Trial): { readonly runs: number } | Counterexample;
}

function numbersOf<T>(broken: (drawn: T) => readonly string[] | undefined, drawn: T): readonly string[] {
  try {
    return (
      broken(drawn) ?? [
        'failed once and held when tried again: what is tested does not depend on its input alone',
      ]
    );
  } catch (error) {
    return [`threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`];
  }
}

/**
 * @param broken lines that hold the numbers of a failure, or undefined where the law holds
 */
export function law<T>(
  name: string,
  words: string,
  draws: fc.Arbitrary<T>,
  broken: (drawn: T) => readonly string[] | undefined,
): Law {
  return {
    name,
    words,
    attempt({ seed, runs, path, shrink = true }) {
      const details = fc.check(
        fc.property(draws, (drawn) => broken(drawn) === undefined),
        { seed, numRuns: runs, endOnFailure: !shrink, ...(path !== undefined && { path }) },
      );
      if (!details.failed) return { runs: details.numRuns };
      const { counterexample, counterexamplePath } = details;
      if (counterexample === null || counterexamplePath === null)
        throw new SpikegradError(name, `only ${details.numRuns} of ${runs} draws could be judged`);
      const [drawn] = counterexample;
      return { law: name, words, drawn, numbers: numbersOf(broken, drawn), path: counterexamplePath };
    },
  };
}
