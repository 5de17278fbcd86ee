// Whether what lies in a folder is a run's (Node only): a run writes over nothing else.

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { SpikegradError } from '../../../errors';
import { readSafetensors } from '../../../interop/safetensors';
import { isCheckpoint } from '../../checkpoint';
import { isMetrics } from '../../metrics';
import { SETTING_NAMES } from '../../settings';
import { RUN_FILES, readIfThere } from './files';

type Name = keyof typeof RUN_FILES;

const NAMES = Object.keys(RUN_FILES) as Name[];

export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A run's files that may be there without a checkpoint, told by what stands in them. */
const MARKS: Readonly<Record<string, (bytes: Uint8Array) => boolean>> = {
  model: (bytes) => isCheckpoint(readSafetensors(bytes).metadata),
  run: (bytes) => Object.keys(JSON.parse(textOf(bytes)) as object).join() === 'id',
  metrics: (bytes) => isMetrics(textOf(bytes)),
  settings(bytes) {
    const settings: unknown = JSON.parse(textOf(bytes));
    return (
      typeof settings === 'object' &&
      settings !== null &&
      Object.keys(settings).every((name) => (SETTING_NAMES as readonly string[]).includes(name))
    );
  },
};

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function isRuns(name: Name, path: string): Promise<boolean> {
  const bytes = await readIfThere(path);
  try {
    return bytes === undefined || MARKS[name]?.(bytes) === true;
  } catch {
    return false;
  }
}

/**
 * Whether a folder holds a run with something to go on from.
 * @throws where it does not, naming a file that a run would write over and that no run has left there
 */
export async function holdsRun(folder: string): Promise<boolean> {
  const paths = NAMES.map((name) => [name, join(folder, RUN_FILES[name])] as const);
  const there = new Set<Name>();
  for (const [name, path] of paths) if (await isThere(path)) there.add(name);
  if (there.has('checkpoint')) return true;
  if (there.has('model') && (await isRuns('model', join(folder, RUN_FILES.model)))) return true;
  for (const [name, path] of paths)
    if (name !== 'lock' && there.has(name) && !(await isRuns(name, path)))
      throw new SpikegradError(
        'RunFolder',
        `${path} is there and is no run's: give another --out, or move it away`,
      );
  return false;
}
