// What a mutant is: a program that differs from ours in one small place, which its room's tests are to notice.

/** The folders of `src` that are mutated, and the tests of each. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: ['test/core'],
  ops: ['test/ops'],
  snn: ['test/snn', 'test/properties', 'test/golden'],
  train: ['test/train'],
};

/** What is changed: an operator, a bound, a condition, a number, a statement that is left out, two arguments. */
export type Kind =
  | 'arithmetic'
  | 'comparison'
  | 'boundary'
  | 'boolean'
  | 'condition'
  | 'constant'
  | 'statement'
  | 'arguments';

export interface Mutant {
  /** Tells it from all others, and from itself in another text: file, line, column, what was and what is. */
  readonly key: string;
  readonly room: string;
  /** From the project's root. */
  readonly file: string;
  readonly kind: Kind;
  readonly line: number;
  /** The line as it was. */
  readonly text: string;
  /** Characters of the file that are replaced, and by what. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** The expression or statement that a run has reached when it could differ. */
  readonly reached: { readonly start: number; readonly end: number; readonly statement: boolean };
}

/**
 * What became of one. `missed` has run and was not noticed, `unreached` is met by no test, `gone` is one whose line
 * is no longer in the texts.
 */
export interface Outcome {
  readonly result: 'killed' | 'timeout' | 'missed' | 'unreached' | 'gone';
  /** The first test that failed. */
  readonly by?: string;
  readonly seconds: number;
  /** The day on which it ran once more, after tests were written for it. */
  readonly again?: string;
}
