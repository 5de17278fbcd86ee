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

/** The runs that held, or the counterexample. */
export type LawOutcome = { readonly runs: number } | Counterexample;

export interface Law<O extends LawOutcome | Promise<LawOutcome> = LawOutcome> {
  readonly name: string;
  readonly words: string;
  attempt(trial: Trial): O;
}

/** A law of what answers later. */
export type LaterLaw = Law<Promise<LawOutcome>>;

/** Lines that hold the numbers of a failure, or undefined where the law holds. */
type Broken = readonly string[] | undefined;

const UNSTEADY = ['failed once and held when tried again: what is tested does not depend on its input alone'];

const thrown = (error: unknown): string[] => [
  `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
];

const parametersOf = ({ seed, runs, path, shrink = true }: Trial) => ({
  seed,
  numRuns: runs,
  endOnFailure: !shrink,
  ...(path !== undefined && { path }),
});

/** What was drawn where the law failed, or undefined where it held. @throws when too few draws could be judged */
function failed<T>(name: string, { runs }: Trial, details: fc.RunDetails<[T]>) {
  if (!details.failed) return undefined;
  const { counterexample, counterexamplePath: path, numRuns } = details;
  if (counterexample === null || path === null)
    throw new SpikegradError(name, `only ${numRuns} of ${runs} draws could be judged`);
  return { drawn: counterexample[0], path };
}

export function law<T>(
  name: string,
  words: string,
  draws: fc.Arbitrary<T>,
  broken: (drawn: T) => Broken,
): Law {
  const numbersOf = (drawn: T): readonly string[] => {
    try {
      return broken(drawn) ?? UNSTEADY;
    } catch (error) {
      return thrown(error);
    }
  };
  return {
    name,
    words,
    attempt(trial) {
      const property = fc.property(draws, (drawn) => broken(drawn) === undefined);
      const details = fc.check(property, parametersOf(trial));
      const found = failed(name, trial, details);
      if (found === undefined) return { runs: details.numRuns };
      return { law: name, words, ...found, numbers: numbersOf(found.drawn) };
    },
  };
}

/** The same of what answers later: one draw is tried after the other. */
export function laterLaw<T>(
  name: string,
  words: string,
  draws: fc.Arbitrary<T>,
  broken: (drawn: T) => Promise<Broken>,
): LaterLaw {
  return {
    name,
    words,
    async attempt(trial) {
      const property = fc.asyncProperty(draws, async (drawn) => (await broken(drawn)) === undefined);
      const details = await fc.check(property, parametersOf(trial));
      const found = failed(name, trial, details);
      if (found === undefined) return { runs: details.numRuns };
      const numbers = await broken(found.drawn).then((lines) => lines ?? UNSTEADY, thrown);
      return { law: name, words, ...found, numbers };
    },
  };
}
