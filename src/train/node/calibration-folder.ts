// Calibrations as files in the user's cache folder, one for each piece of work on each machine.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Calibration, CalibrationStore } from '../../calibrate';
import { makeFolder } from '../../disk/folders';
import { sweep } from '../../disk/temporary';
import { writeAtomically } from '../../disk/write';
import { checkKind, text } from '../../options';

/** Where programs keep what can be made again: XDG_CACHE_HOME, or what the system has for it. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === 'win32') return LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}

/** Keeps calibrations in `folder`. A file that cannot be read counts as none. */
export function calibrationFolder(folder = join(cacheFolder(), 'spikegrad')): CalibrationStore {
  checkKind('calibrationFolder', 'folder', text, folder);
  const file = (key: string) =>
    join(folder, `calibration-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`);
  return {
    async load(key) {
      const found: unknown = JSON.parse(await readFile(file(key), 'utf8'));
      return isCalibration(found) && found.key === key ? found : undefined;
    },
    async save(key, calibration) {
      await makeFolder(folder);
      await sweep(folder);
      await writeAtomically(file(key), `${JSON.stringify({ key, ...calibration }, null, 2)}\n`);
    },
  };
}

function isCalibration(found: unknown): found is Calibration & { key: string } {
  if (typeof found !== 'object' || found === null) return false;
  const { key, fastest, milliseconds } = found as Record<string, unknown>;
  return typeof key === 'string' && typeof fastest === 'string' && typeof milliseconds === 'object';
}
