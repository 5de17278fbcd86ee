// The files of a run on disk (Node only): their names, which of them a path means, and reading a checkpoint. Nothing is
// written here.

import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeFolder } from '../../../data/node/found/forms';
import { check, SpikegradError } from '../../../errors';
import { checkKind, suggestion, text } from '../../../options';
import { type Checkpoint, decodeCheckpoint } from '../../checkpoint';

/** The names inside a run's folder. */
export const RUN_FILES = {
  run: 'run.json',
  settings: 'settings.json',
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  model: 'model.safetensors',
  best: 'best.safetensors',
  summary: 'summary.json',
  report: 'report.html',
  lock: 'lock.json',
} as const;

/** @returns undefined where there is no such file */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SpikegradError('RunFolder', `cannot read ${path}: ${String(cause)}`, { cause });
  }
}

/**
 * Reads a checkpoint or model file.
 * @param path of the file, or a run's folder, or a folder with one run: of a run its model is taken, else its
 *   checkpoint
 * @throws when there is none, or several, naming them; or when the file is another
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const file = checkpointFile(path);
  return decoding(file, decodeCheckpoint, await readWhole(file));
}

/** The bytes of a file that is there. */
export async function readWhole(file: string): Promise<Uint8Array> {
  const bytes = await readIfThere(file);
  if (bytes === undefined) throw new SpikegradError('readCheckpoint', `no file ${file}${otherName(file)}`);
  return bytes;
}

/** Puts the file's name in front of what a decoder complains about. */
export function decoding<T>(file: string, decode: (bytes: Uint8Array) => T, bytes: Uint8Array): T {
  try {
    return decode(bytes);
  } catch (cause) {
    throw misread(file, cause);
  }
}

/** The same for decoders that take their time. */
export async function decodingLater<T>(
  file: string,
  decode: (bytes: Uint8Array) => Promise<T>,
  bytes: Uint8Array,
): Promise<T> {
  try {
    return await decode(bytes);
  } catch (cause) {
    throw misread(file, cause);
  }
}

function misread(file: string, cause: unknown): SpikegradError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new SpikegradError(
    'readCheckpoint',
    `${file}: ${message.replaceAll("'FILE'", `'${basename(file)}'`)}`,
    {
      cause,
    },
  );
}

/** The file that a path means: itself, or of a folder the model or checkpoint of its run. */
export function checkpointFile(path: string): string {
  const where = 'readCheckpoint';
  checkKind(where, 'path', text, path);
  if (!isFolder(path)) return path;
  const own = weightsIn(path);
  if (own !== undefined) return own;
  const runs = runsIn(path);
  check(runs.length <= 1, where, () => `${path} holds several runs: ${listed(runs)}; give one of them`);
  const [only] = runs;
  if (only !== undefined) return weightsIn(only)!;
  const others = entriesOf(path).filter(({ name }) => name.endsWith('.safetensors'));
  throw new SpikegradError(
    where,
    `${path} holds neither ${RUN_FILES.model} nor ${RUN_FILES.checkpoint}: ${
      others.length > 0
        ? `give one of ${listed(others.map(({ name }) => join(path, name)))}`
        : describeFolder(path)
    }`,
  );
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

function weightsIn(folder: string): string | undefined {
  const files = [RUN_FILES.model, RUN_FILES.checkpoint].map((name) => join(folder, name));
  return files.find((file) => existsSync(file));
}

/** Folders of runs in a folder, and in the folders there, as a grid has them in `runs`. */
export function runsIn(folder: string, depth = 2): string[] {
  const inside = entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
  return inside.flatMap((path) => {
    if (weightsIn(path) !== undefined) return [path];
    return depth > 1 ? runsIn(path, depth - 1) : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // of somebody else
  }
}

const MOST_LISTED = 12;

function listed(paths: readonly string[]): string {
  const more = paths.length - MOST_LISTED;
  return paths.slice(0, MOST_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** For a mistyped name: what is called nearly so. */
function otherName(file: string): string {
  const names = entriesOf(dirname(file)).map(({ name }) => name);
  return suggestion(basename(file), names);
}
