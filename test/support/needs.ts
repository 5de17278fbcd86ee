// What a few suites need that not every machine gives: root, loop devices, … They are listed with their suites in
// .ci/may-skip.json, which .ci/run reads, too: a suite that is skipped where its needs are met fails there.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface MaySkip {
  readonly needs: Readonly<Record<string, { readonly why: string; readonly probe: string }>>;
  readonly suites: Readonly<Record<string, readonly string[]>>;
}

export const maySkip = JSON.parse(readFileSync('.ci/may-skip.json', 'utf8')) as MaySkip;

/** Whether a suite must be skipped here; the note goes into its title. @param suite as the list has it */
export function needsOf(suite: string): { missing: boolean; note: string } {
  const needs = maySkip.suites[suite];
  if (needs === undefined) throw new Error(`${suite} is not in .ci/may-skip.json`);
  const lacking = needs.filter((need) => spawnSync('sh', ['-c', maySkip.needs[need]!.probe]).status !== 0);
  return {
    missing: lacking.length > 0,
    note: lacking.length > 0 ? ` (skipped: needs ${lacking.join(', ')})` : '',
  };
}
