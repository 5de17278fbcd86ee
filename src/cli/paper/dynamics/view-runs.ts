// Looking into the trained networks of a grid, as far as their runs are still there: a record has no weights.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../../data/dataset';
import { SpikegradError } from '../../../errors';
import { type CellRecord, cellName, sameSettings } from '../../../paper/cell';
import { type DynamicsRun, type NetworkView, viewNetwork } from '../../../paper/dynamics';
import type { GradientBatches } from '../../../paper/gradients';
import type { GridFolder } from '../../../paper/node/store';
import { buildNetwork, restoreModel } from '../../../train';
import { RUN_FILES, readCheckpoint } from '../../../train/node/run/files';
import { say } from '../../terminal';
import { startProgress } from '../../terminal/progress';
import { counted } from '../../terminal/table';

export interface ViewWork {
  readonly grid: GridFolder;
  readonly images: { readonly train: Dataset; readonly test: Dataset };
  readonly batches: GradientBatches;
  readonly signal: AbortSignal;
}

/**
 * Views each run, and says on standard error which have no weights and how to get them. The backend is chosen before.
 * @returns undefined when it was stopped
 */
export async function viewRuns(
  records: readonly CellRecord[],
  { signal, ...work }: ViewWork,
): Promise<DynamicsRun[] | undefined> {
  say(`looking into ${counted(records.length, 'network')}`);
  const bar = startProgress('looking into networks', records.length);
  const runs: DynamicsRun[] = [];
  try {
    for (const record of records) {
      if (signal.aborted) return undefined;
      runs.push({ record, view: await viewRun(record, work) });
      bar.update(runs.length, [cellName(record.settings)]);
    }
  } finally {
    bar.stop();
  }
  for (const { record, view } of runs) {
    if (view === undefined) say(weightsMissing(record, work.grid));
  }
  return runs;
}

async function viewRun(
  { settings }: CellRecord,
  { grid, images, batches }: Omit<ViewWork, 'signal'>,
): Promise<NetworkView | undefined> {
  const file = join(grid.runPath(settings), RUN_FILES.model);
  if (!existsSync(file)) return undefined;
  const model = await readCheckpoint(file);
  if (!sameSettings(model.settings, settings))
    throw new SpikegradError('paper', `${file} is of a run with other settings; move it away`);
  const network = buildNetwork(settings);
  restoreModel(network, model);
  try {
    return await viewNetwork(network, images, batches);
  } finally {
    network.dispose();
  }
}

function weightsMissing({ settings }: CellRecord, grid: GridFolder): string {
  return `${cellName(settings)}: finished, but its weights are not here (no ${join(grid.runPath(settings), RUN_FILES.model)}), so that firing rates by time step and gradients are left out. Name the folder of the runs with --runs, or delete ${grid.recordPath(settings)} and give the same command: it trains the cell anew.`;
}
