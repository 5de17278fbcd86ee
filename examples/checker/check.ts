// Runs an example as a reader does, in a process of its own, and compares what it prints with its comments.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { difference } from './difference';
import { expectedLines } from './expected';

/** The folder of the course. */
export const EXAMPLES = fileURLToPath(new URL('..', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** What became of an example. */
export interface Verdict {
  readonly name: string;
  readonly seconds: number;
  /** What is wrong, in lines to show; empty when it printed what its comments say. */
  readonly problems: readonly string[];
}

/** What an example printed, and how it ended. */
export interface Printed {
  readonly lines: readonly string[];
  readonly errors: string;
  readonly code: number | null;
}

/** Paths of all examples that say what they print, in order of their names. */
export function listExamples(folder = EXAMPLES): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const paths = files.sort().map((name) => join(folder, name));
  return paths.filter((path) => expectedLines(readFileSync(path, 'utf8')).length > 0);
}

/** Runs a TypeScript file with the given words behind it. */
export function runExample(path: string, words: readonly string[] = []): Promise<Printed> {
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...words], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  return new Promise((settle, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      const lines = out.split('\n').map((line) => line.trimEnd());
      if (lines.at(-1) === '') lines.pop();
      settle({ lines, errors, code });
    });
  });
}

/** Runs an example and says what is wrong with it. */
export async function checkExample(path: string): Promise<Verdict> {
  const expected = expectedLines(readFileSync(path, 'utf8'));
  const start = performance.now();
  const { lines, errors, code } = await runExample(path);
  const seconds = (performance.now() - start) / 1000;
  const problems: string[] = [];
  if (expected.length === 0) problems.push('it has no comment that says what it prints');
  if (code !== 0) problems.push(`it ended with exit code ${code}`, ...errors.trimEnd().split('\n'));
  const changes = difference(expected, lines);
  if (changes.length > 0)
    problems.push('its comments (-) and what it printed (+) differ:', ...changes.map((line) => `  ${line}`));
  return { name: basename(path, '.ts'), seconds, problems };
}
