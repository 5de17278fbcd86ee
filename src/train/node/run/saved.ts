// How far a run has been saved in its folder (Node only), for those who do not work there themselves.

import { join } from 'node:path';
import { decodeCheckpoint } from '../../checkpoint';
import { RUN_FILES, readIfThere } from './files';

/** @returns undefined where there is no checkpoint, or none that can be read: who goes on with the run says why */
export async function savedStep(folder: string): Promise<{ run: string; step: number } | undefined> {
  try {
    const bytes = await readIfThere(join(folder, RUN_FILES.checkpoint));
    const { run, progress } = bytes === undefined ? {} : decodeCheckpoint(bytes);
    return progress && { run: run ?? '', step: progress.step };
  } catch {
    return undefined;
  }
}
