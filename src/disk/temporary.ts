// Files beside their place, to be renamed into it. Their names say who writes them, so that those of killed processes
// can be told and removed. One whose writer cannot be seen from here goes too: a living one finds its file gone, and
// writes again.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { livesHere, spaceMark, thisProcess } from './process';

/** Two writes of one process at once must not share a name. */
let writes = 0;

/** A name beside a file that no other write has. */
export function temporaryName(path: string): string {
  const { pid, start } = thisProcess();
  return `${path}.spikegrad-${pid}-${start || 0}-${spaceMark()}-${writes++}.tmp`;
}

const TEMPORARY = /\.spikegrad-(\d+)-(\d+)-([0-9a-f]{8})-\d+\.tmp$/;

/** Whether a name is that of a temporary file which nobody will rename any more, as far as can be seen from here. */
export function isLeftBehind(name: string): boolean {
  const [, pid, start, mark] = TEMPORARY.exec(name) ?? [];
  if (pid === undefined) return false;
  return mark !== spaceMark() || !livesHere(Number(pid), start!);
}

/** Removes what killed processes left in a folder. One that cannot be read or changed is left as it is. */
export async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter(isLeftBehind).map((name) => join(folder, name));
  await Promise.all(left.map((path) => rm(path, { force: true }).catch(() => undefined)));
}
