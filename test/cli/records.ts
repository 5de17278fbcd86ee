// Records of cells in the folders of grids that a test has trained.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellRecord } from '../../src/paper/cell';
import type { MetricsLine } from '../../src/train/metrics';

/** In the order of their files' names. */
export function recordsIn(grid: string): CellRecord[] {
  const folder = join(grid, 'cells');
  return readdirSync(folder)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CellRecord);
}

/** What two trainings of the same cell have in common, bit for bit: all but times. */
export function computed({ finished, summary: { seconds, ...summary }, ...record }: CellRecord) {
  return { ...record, summary };
}

/** The lines of a run's metrics that steps wrote. */
export function stepsIn(run: string): MetricsLine[] {
  return readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MetricsLine)
    .filter(({ kind }) => kind === 'step');
}
