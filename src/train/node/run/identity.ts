// Which run a folder belongs to (Node only): an id of its own in run.json and in the run's checkpoint, so that the
// checkpoint of another run, copied or moved there, is not taken for its own.

import { SpikegradError } from '../../../errors';
import type { Checkpoint } from '../../checkpoint';
import { SETTING_NAMES } from '../../settings';
import { readIfThere } from './files';

const decoder = new TextDecoder();

/** JSON of a file; undefined where there is none, or something that a user has written there. */
async function jsonIn(path: string): Promise<Record<string, unknown> | undefined> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The id in a run.json; undefined in folders of older versions. */
export async function idIn(path: string): Promise<string | undefined> {
  const id = (await jsonIn(path))?.id;
  return typeof id === 'string' ? id : undefined;
}

/** A new run.json. */
export function newIdentity(id: string = globalThis.crypto.randomUUID()): { id: string; text: string } {
  return { id, text: `${JSON.stringify({ id })}\n` };
}

const none = (value: unknown) =>
  value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;

/** The first setting that two runs do not share; epochs may have been changed on the way. */
function firstDifference(a: Readonly<Record<string, unknown>>, b: object): string | undefined {
  return SETTING_NAMES.find(
    (name) =>
      name !== 'continued' &&
      JSON.stringify(none(a[name])) !== JSON.stringify(none((b as Record<string, unknown>)[name])),
  );
}

/**
 * @param files the folder's run.json and settings.json
 * @throws where the checkpoint is another run's
 */
export async function checkSameRun(
  files: { readonly run: string; readonly settings: string; readonly checkpoint: string },
  checkpoint: Checkpoint,
): Promise<void> {
  const refuse = (why: string) => {
    throw new SpikegradError(
      'RunFolder',
      `${files.checkpoint} is another run's: ${why}; put back the one that belongs here, or give the other run a folder of its own`,
    );
  };
  const id = await idIn(files.run);
  if (id !== undefined && checkpoint.run !== undefined) {
    if (id !== checkpoint.run) refuse(`it is of run ${checkpoint.run}, the folder of run ${id}`);
    return;
  }
  const settings = await jsonIn(files.settings);
  const name = settings && firstDifference(settings, checkpoint.settings);
  if (name === undefined) return;
  const [here, there] = [settings![name], checkpoint.settings[name as keyof typeof checkpoint.settings]];
  refuse(`its ${name} is ${JSON.stringify(there)}, that in settings.json ${JSON.stringify(here)}`);
}
