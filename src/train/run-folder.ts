// A run's folder on disk (Node only): settings, metrics as JSON lines, checkpoint, model, report. Files that matter are
// written beside their place and renamed, so that a crash leaves the former one whole.

import { appendFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { check, SpikegradError } from '../errors';
import { type Checkpoint, decodeCheckpoint } from './checkpoint';

/** The names inside a run's folder. */
export const RUN_FILES = {
  settings: 'settings.json',
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  model: 'model.safetensors',
  summary: 'summary.json',
  report: 'report.html',
} as const;

/** One line of metrics.jsonl. */
export interface MetricsLine {
  readonly kind: 'step' | 'epoch';
  readonly step: number;
  readonly [key: string]: unknown;
}

/** Writes a file whole or not at all. @throws with the path, and with advice when the disk is full */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync(); // on the disk before the name points to it
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(path, cause);
  }
}

function writeError(path: string, cause: unknown): SpikegradError {
  const code = (cause as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOSPC'
      ? 'the disk is full; free some space and resume'
      : code === 'EACCES'
        ? 'no permission'
        : String(cause);
  return new SpikegradError('RunFolder', `cannot write ${path}: ${why}`, { cause });
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SpikegradError('RunFolder', `cannot read ${path}: ${String(cause)}`, { cause });
  }
}

/** Reads a checkpoint or model file. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) throw new SpikegradError('readCheckpoint', `no file ${path}`);
  try {
    return decodeCheckpoint(bytes);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SpikegradError('readCheckpoint', `${path}: ${message}`, { cause });
  }
}

export class RunFolder {
  private constructor(readonly path: string) {}

  /** A folder for a new run. @throws when it already holds one */
  static async create(path: string): Promise<RunFolder> {
    try {
      await mkdir(path, { recursive: true });
    } catch (cause) {
      throw writeError(path, cause);
    }
    const folder = new RunFolder(path);
    const existing = await readIfThere(folder.file('settings'));
    check(
      existing === undefined,
      'RunFolder',
      `${path} already holds a run: give another --out, or --resume to go on with it`,
    );
    return folder;
  }

  /** The folder of a run to go on with. @throws when it holds no checkpoint */
  static async resume(path: string): Promise<{ folder: RunFolder; checkpoint: Checkpoint }> {
    const folder = new RunFolder(path);
    const bytes = await readIfThere(folder.file('checkpoint'));
    check(bytes !== undefined, 'RunFolder', `${path} has no ${RUN_FILES.checkpoint} to resume from`);
    const checkpoint = await readCheckpoint(folder.file('checkpoint'));
    await folder.#dropMetricsAfter(checkpoint.progress?.step ?? 0);
    return { folder, checkpoint };
  }

  file(name: keyof typeof RUN_FILES): string {
    return join(this.path, RUN_FILES[name]);
  }

  write(name: keyof typeof RUN_FILES, content: Uint8Array | string): Promise<void> {
    return writeAtomically(this.file(name), content);
  }

  async appendMetrics(line: MetricsLine): Promise<void> {
    try {
      await appendFile(this.file('metrics'), `${JSON.stringify(line)}\n`);
    } catch (cause) {
      throw writeError(this.file('metrics'), cause);
    }
  }

  /** All whole lines; a last line cut off by a crash is left out. */
  async readMetrics(): Promise<MetricsLine[]> {
    const bytes = await readIfThere(this.file('metrics'));
    const lines = new TextDecoder().decode(bytes ?? new Uint8Array()).split('\n');
    return lines.flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as MetricsLine];
      } catch {
        return [];
      }
    });
  }

  /** Steps after the checkpoint will be done again: their lines go. */
  async #dropMetricsAfter(step: number): Promise<void> {
    const lines = (await this.readMetrics()).filter((line) => line.step <= step);
    await this.write('metrics', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
}
