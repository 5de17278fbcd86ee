// Set up before each test file of the first pass: which mutants' places the file reaches, told along with its outcome.

import { afterEach } from 'vitest';

declare global {
  var mutantReached: ((index: number) => void) | undefined;
}
declare module 'vitest' {
  interface TaskMeta {
    reached?: number[];
  }
}

const reached = new Set<number>();
globalThis.mutantReached = (index) => void reached.add(index);

afterEach(({ task }) => {
  task.file.meta.reached = [...reached];
});
