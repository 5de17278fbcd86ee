// Against another build of spikegrad: refuses a busy machine, measures the groups in turn, and writes the table with
// its record.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine, record } from '../record';
import { type BuildOutcome, type Conditions, compareBuilds, type Sides } from './against-build';
import { buildsTable } from './baseline-report';
import { type Build, readBuild } from './builds';
import { bundleFor, OURS } from './bundle';
import { againstBuild } from './comparisons';
import { Absent, type EntrantPlan } from './entrant';
import { foreignNow, QUIET } from './load';
import type { Comparison } from './round-robin';

export interface BaselineRun {
  readonly folder: string;
  readonly groups: readonly string[];
  readonly budget: number;
  readonly underLoad: boolean;
  /** Of the record; undefined to write none. */
  readonly name: string | undefined;
}

/** A comparison's own entrant, and what came out. */
export interface Row extends BuildOutcome {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
}

const OURSELVES = fileURLToPath(new URL('../../', import.meta.url));

/** @throws Error when other programs keep more than {@link QUIET} of a processor busy */
export async function refuseLoad(measure: () => Promise<number> = foreignNow): Promise<void> {
  const busy = await measure();
  if (busy <= QUIET) return;
  throw new Error(
    `other programs keep ${busy.toFixed(1)} processors busy; wait until they are done, or measure with --under-load`,
  );
}

/** Writes a program for each side into `folder`. */
async function programs(ours: Build, baseline: Build, folder: string): Promise<Sides> {
  const sides = { ours: join(folder, 'ours.mjs'), baseline: join(folder, 'baseline.mjs') };
  await bundleFor(ours.folder, sides.ours);
  await bundleFor(baseline.folder, sides.baseline);
  return sides;
}

/** All of a comparison that is ours: its own side, and one with another number of threads. */
function plansOf({ ours, peers }: Comparison): EntrantPlan[] {
  return [ours, ...peers.filter(({ command }) => command.includes(OURS))];
}

async function measure(groups: readonly string[], sides: Sides, conditions: Conditions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const make of groups.flatMap((group) => againstBuild[group]!)) {
    const comparison = await make();
    const plans = plansOf(comparison);
    for (const plan of plans) {
      const title = plans.length === 1 ? comparison.title : `${comparison.title}: ${plan.name}`;
      const { name, unit } = comparison;
      try {
        rows.push({ name, title, unit, ...(await compareBuilds(name, plan, sides, conditions)) });
      } catch (error) {
        if (!(error instanceof Absent)) throw error;
        console.error(`${title}: ${error.message}`);
        process.exitCode = 1;
      }
    }
  }
  return rows;
}

/** Rows of the groups, and what was compared. */
export async function rowsAgainst(
  folder: string,
  groups: readonly string[],
  { budget, underLoad }: Pick<Conditions, 'budget' | 'underLoad'>,
): Promise<{ readonly rows: readonly Row[]; readonly ours: Build; readonly baseline: Build }> {
  const ours = readBuild(OURSELVES);
  const baseline = readBuild(folder);
  if (!underLoad) await refuseLoad();
  const place = mkdtempSync(join(tmpdir(), 'spikegrad-baseline-'));
  try {
    const sides = await programs(ours, baseline, place);
    const tell = (line: string) => console.error(line);
    return { rows: await measure(groups, sides, { budget, underLoad, tell }), ours, baseline };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

export async function measureBuild({ folder, groups, budget, underLoad, name }: BaselineRun): Promise<void> {
  const { rows, ours, baseline } = await rowsAgainst(folder, groups, { budget, underLoad });
  const text = buildsTable(rows, { ours, baseline, machine: machine(), budget, underLoad });
  console.log(text);
  if (name === undefined) return;
  record(
    name,
    { ours: withoutFolder(ours), baseline: withoutFolder(baseline), budget, underLoad, comparisons: rows },
    text,
  );
}

/** A build as records keep it. */
export const withoutFolder = ({ folder: _, ...about }: Build): Omit<Build, 'folder'> => about;
