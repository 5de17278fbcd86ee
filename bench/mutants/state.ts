// What has been found so far, kept after each mutant, so that a stopped run goes on where it was.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Mutant, Outcome } from './mutant';

export interface State {
  readonly seed: number;
  /** Of all that could have been drawn. */
  readonly places: number;
  /** Of the texts that the places are in. */
  readonly sources: string;
  readonly mutants: readonly Mutant[];
  /** Test files that are run; default those of each room. */
  readonly tests?: readonly string[];
  /** Test files that reach a mutant by its key, and what each file takes in milliseconds. */
  reach?: { readonly files: Record<string, string[]>; readonly milliseconds: Record<string, number> };
  readonly outcomes: Record<string, Outcome>;
}

export function readState(path: string): State | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as State;
  } catch {
    return undefined;
  }
}

export function writeState(path: string, state: State): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}
