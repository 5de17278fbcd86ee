// Mutants that no test can notice, since they are the same program by other words, or one that differs in what is promised to
// nobody (time, memory). They are not counted. Each is named by its file, its line as it was, and what it was changed to.

interface Equivalent {
  readonly file: string;
  readonly text: string;
  readonly change: string;
  readonly reason: string;
}

export const EQUIVALENT: readonly Equivalent[] = [];
