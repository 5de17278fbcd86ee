// Where the reference vectors and data sets lie. They are not part of the project: suites that need them skip without.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const shared = resolve(process.env.SPIKEGRAD_SHARED ?? '../shared');

/** A folder beside the project, with a reason for skipping where it is absent. */
export function sharedFolder(
  name: string,
  override?: string,
): { path: string; missing: boolean; note: string } {
  const path = override === undefined ? resolve(shared, name) : resolve(override);
  const missing = !existsSync(path);
  return { path, missing, note: missing ? ` (skipped: no folder ${path})` : '' };
}
