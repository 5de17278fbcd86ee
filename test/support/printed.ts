// What a module prints when it is loaded in this process, as the examples and the programs of documents are: a
// process for each would load and compile the library anew each time.

import { format } from 'node:util';
import { vi } from 'vitest';

/** The lines, without blanks at their ends. */
export async function printedBy(path: string): Promise<string[]> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...values) => {
    const text = format(...values).split('\n');
    lines.push(...text.map((line) => line.trimEnd()));
  });
  try {
    await import(/* @vite-ignore */ path);
  } finally {
    log.mockRestore();
  }
  return lines;
}
