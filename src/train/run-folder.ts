// A run's folder on disk (Node only), as it is written: settings, metrics as JSON lines, checkpoint, model, report. Files that matter are
// written beside their place and renamed, so that a crash leaves the former one whole.

import { access, appendFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SpikegradError } from '../errors';
import { checkKind, either, kind, text } from '../options';
import type { Checkpoint } from './checkpoint';
import type { RunSummary } from './report';
import { RUN_FILES, readCheckpoint, readIfThere, runsIn } from './run-files';
import { checkSameRun } from './run-identity';
import { takeLock } from './run-lock';

/** One line of metrics.jsonl. */
export interface MetricsLine {
  readonly kind: 'step' | 'epoch';
  readonly step: number;
  readonly [key: string]: unknown;
}

const bytes = kind<Uint8Array>('bytes', ArrayBuffer.isView);

/** Names beside a file, one for each write of this process: two at once must not share one. */
let writes = 0;

/** Writes a file whole or not at all. @throws with the path, and with advice when the disk is full */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  checkKind('writeAtomically', 'path', text, path);
  checkKind('writeAtomically', 'content', either(text, bytes), content);
  const temporary = `${path}.${process.pid}.${writes++}.tmp`;
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

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The lines of a metrics.jsonl that are lines of metrics; one that a crash cut off, or that says something else, is left out. */
export function parseMetrics(text: string): MetricsLine[] {
  return text.split('\n').flatMap((line) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return [];
    }
    if (typeof value !== 'object' || value === null) return [];
    const { kind, step } = value as Partial<MetricsLine>;
    return (kind === 'step' || kind === 'epoch') && typeof step === 'number' ? [value as MetricsLine] : [];
  });
}

/** A run's folder on disk, held by one process at a time. */
export class RunFolder {
  #giveBack: (() => Promise<void>) | undefined;

  private constructor(readonly path: string) {}

  /**
   * A folder for a new run, held by this process. What a run left that died before its first checkpoint is taken over:
   * there is nothing to go on with.
   * @throws when the folder already holds a run
   */
  static async create(path: string): Promise<RunFolder> {
    checkKind('RunFolder', 'path', text, path);
    const folder = await RunFolder.#hold(path);
    const kept = await Promise.all(
      (['checkpoint', 'model'] as const).map((name) => isThere(folder.file(name))),
    );
    if (!kept.includes(true)) {
      if (await isThere(folder.file('metrics'))) await folder.#dropMetricsAfter();
      return folder;
    }
    await folder.release();
    throw new SpikegradError(
      'RunFolder',
      `${path} already holds a run: give another --out, or --resume to go on with it`,
    );
  }

  /** The folder of a run to go on with, held by this process. @throws when it holds no checkpoint */
  static async resume(path: string): Promise<{ folder: RunFolder; checkpoint: Checkpoint }> {
    checkKind('RunFolder', 'path', text, path);
    const none = () => {
      const runs = runsIn(path);
      const inside = runs.length === 0 ? '' : `; the runs in it are ${runs.join(', ')}`;
      return new SpikegradError(
        'RunFolder',
        `${path} has no ${RUN_FILES.checkpoint} to resume from${inside}`,
      );
    };
    if (!(await isThere(path))) throw none(); // a mistyped name makes no folder
    const { folder, checkpoint } = await RunFolder.enter(path);
    if (checkpoint !== undefined) return { folder, checkpoint };
    await folder.release();
    throw none();
  }

  /** The folder of a run, begun or not, held by this process. */
  static async enter(path: string): Promise<{ folder: RunFolder; checkpoint: Checkpoint | undefined }> {
    checkKind('RunFolder', 'path', text, path);
    const folder = await RunFolder.#hold(path);
    try {
      const bytes = await readIfThere(folder.file('checkpoint'));
      const checkpoint = bytes === undefined ? undefined : await readCheckpoint(folder.file('checkpoint'));
      if (checkpoint !== undefined)
        await checkSameRun(
          {
            run: folder.file('run'),
            settings: folder.file('settings'),
            checkpoint: folder.file('checkpoint'),
          },
          checkpoint,
        );
      await folder.#dropMetricsAfter(checkpoint?.progress);
      return { folder, checkpoint };
    } catch (error) {
      await folder.release();
      throw error;
    }
  }

  static async #hold(path: string): Promise<RunFolder> {
    const folder = new RunFolder(path);
    try {
      await mkdir(path, { recursive: true });
      folder.#giveBack = await takeLock(folder.file('lock'));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
        throw new SpikegradError(
          'RunFolder',
          `${path} is a file; a run is a folder, such as ${dirname(path)}`,
          { cause },
        );
      throw cause instanceof SpikegradError ? cause : writeError(path, cause);
    }
    return folder;
  }

  /** Lets other processes in. */
  async release(): Promise<void> {
    await this.#giveBack?.();
    this.#giveBack = undefined;
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
    return parseMetrics(new TextDecoder().decode(bytes ?? new Uint8Array()));
  }

  /** What a finished run came to; undefined while it is not finished. */
  async readSummary(): Promise<RunSummary | undefined> {
    const bytes = await readIfThere(this.file('summary'));
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as RunSummary;
    } catch (cause) {
      throw new SpikegradError('RunFolder', `${this.file('summary')} is not JSON: ${String(cause)}`, {
        cause,
      });
    }
  }

  /** Steps and epochs after the checkpoint will be done again: their lines go. */
  async #dropMetricsAfter({ step, epoch } = { step: 0, epoch: 0 }): Promise<void> {
    const lines = (await this.readMetrics()).filter((line) =>
      line.kind === 'step' ? line.step <= step : Number(line.epoch) < epoch,
    );
    await this.write('metrics', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
}
