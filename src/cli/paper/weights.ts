// The weights of a run, from its folder or from one of its files.

import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SpikegradError } from '../../errors';
import type { Checkpoint } from '../../train';
import { RUN_FILES, readCheckpoint } from '../../train/run-folder';

/**
 * @param path a run's folder, whose model is taken or else its last checkpoint, or a safetensors file
 * @throws when there is neither
 */
export async function readWeights(path: string): Promise<Checkpoint> {
  const kind = async (file: string) => stat(file).catch(() => undefined);
  if (!(await kind(path))?.isDirectory()) return readCheckpoint(path);
  for (const name of [RUN_FILES.model, RUN_FILES.checkpoint]) {
    const file = join(path, name);
    if ((await kind(file)) !== undefined) return readCheckpoint(file);
  }
  throw new SpikegradError(
    'readWeights',
    `${path} holds neither ${RUN_FILES.model} nor ${RUN_FILES.checkpoint}`,
  );
}

/** What a report calls those weights: the run's folder, without the path to it, which means nothing elsewhere. */
export function weightsName(path: string): string {
  const full = resolve(path);
  const name = basename(full);
  return name === RUN_FILES.model || name === RUN_FILES.checkpoint ? basename(dirname(full)) : name;
}
