// A run's folder on disk (Node only), as it is written: settings, metrics as JSON lines, checkpoint, model, report.
// Files that matter are written beside their place and renamed, so that a crash leaves the former one whole.

import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, writeError } from '../../../disk/errors';
import { makeFolder, syncFolder } from '../../../disk/folders';
import { type Lock, takeLock } from '../../../disk/lock';
import { sweep } from '../../../disk/temporary';
import { writeGuarded } from '../../../disk/write';
import { SpikegradError } from '../../../errors';
import { notice } from '../../../notices';
import {
  aStopSignal,
  callback,
  checkKind,
  type OptionsOf,
  optional,
  optionTable,
  type StopSignal,
  text,
} from '../../../options';
import type { Checkpoint } from '../../checkpoint';
import { type MetricsLine, metricsOfCheckpoint, metricsText, parseMetrics } from '../../metrics';
import type { RunSummary } from '../../report';
import type { TrainerProgress } from '../../trainer/events';
import { RUN_FILES, readCheckpoint, readIfThere, runsIn } from './files';
import { checkSameRun } from './identity';
import { holdsRun, isThere } from './marks';

/** How a folder is entered that another process may hold. */
export interface HoldOptions {
  /** Ends the waiting for a holder that cannot be seen from here, with the signal's reason. */
  readonly signal?: StopSignal;
  /** Called before such a holder is watched, with the most seconds that it takes. */
  readonly onWatch?: (seconds: number) => void;
}

export const holdOptions = optionTable({
  signal: optional(aStopSignal),
  onWatch: optional(callback<NonNullable<HoldOptions['onWatch']>>('a function (seconds)')),
} satisfies OptionsOf<HoldOptions>);

/** Files that count on the metrics written before them. */
const COUNTING = new Set<keyof typeof RUN_FILES>(['checkpoint', 'model', 'report', 'summary']);

/** A run's folder on disk, held by one process at a time. */
export class RunFolder {
  #lock: Lock | undefined;
  /** Whether the name of the metrics is on the disk for good. */
  #metricsNamed = false;

  private constructor(readonly path: string) {}

  /**
   * A folder for a new run, held by this process. What a run left that died before its first checkpoint is taken over:
   * there is nothing to go on with.
   * @throws when the folder already holds a run, or files that a run would write over and that are no run's
   */
  static async create(path: string, options: HoldOptions = {}): Promise<RunFolder> {
    const folder = await RunFolder.#hold('RunFolder.create', path, options);
    try {
      if (await holdsRun(path))
        throw new SpikegradError(
          'RunFolder',
          `${path} already holds a run: give another --out, or --resume to go on with it`,
        );
      if (await isThere(folder.file('metrics'))) await folder.#keepMetricsOf(undefined);
      return folder;
    } catch (error) {
      await folder.release();
      throw error;
    }
  }

  /** The folder of a run to go on with, held by this process. @throws when it holds no checkpoint */
  static async resume(
    path: string,
    options: HoldOptions = {},
  ): Promise<{ folder: RunFolder; checkpoint: Checkpoint }> {
    checkKind('RunFolder.resume', 'path', text, path);
    const wanting = holdOptions.read('RunFolder.resume', options);
    const none = () => {
      const runs = runsIn(path);
      const inside = runs.length === 0 ? '' : `; the runs in it are ${runs.join(', ')}`;
      return new SpikegradError(
        'RunFolder',
        `${path} has no ${RUN_FILES.checkpoint} to resume from${inside}`,
      );
    };
    if (!(await isThere(path))) throw none(); // a mistyped name makes no folder
    const { folder, checkpoint } = await RunFolder.enter(path, wanting);
    if (checkpoint !== undefined) return { folder, checkpoint };
    await folder.release();
    throw none();
  }

  /**
   * The folder of a run, begun or not, held by this process.
   * @throws where none was begun and there are files that a run would write over
   */
  static async enter(
    path: string,
    options: HoldOptions = {},
  ): Promise<{ folder: RunFolder; checkpoint: Checkpoint | undefined }> {
    const folder = await RunFolder.#hold('RunFolder.enter', path, options);
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
      // a model without a checkpoint is a finished run's, whose metrics stay as they are
      if (checkpoint !== undefined || !(await holdsRun(path)))
        await folder.#keepMetricsOf(checkpoint?.progress);
      return { folder, checkpoint };
    } catch (error) {
      await folder.release();
      throw error;
    }
  }

  static async #hold(where: string, path: string, options: HoldOptions): Promise<RunFolder> {
    checkKind(where, 'path', text, path);
    const { signal, onWatch } = holdOptions.read(where, options);
    const folder = new RunFolder(path);
    try {
      await makeFolder(path);
      folder.#lock = await takeLock(folder.file('lock'), {
        signal: signal as AbortSignal | undefined,
        onWatch,
      });
    } catch (cause) {
      if (errorCode(cause) === 'EEXIST')
        throw new SpikegradError(
          'RunFolder',
          `${path} is a file; a run is a folder, such as ${dirname(path)}`,
          { cause },
        );
      if (signal?.aborted) throw cause;
      throw writeError('RunFolder', path, cause);
    }
    await sweep(path);
    return folder;
  }

  /** Fires when another process has taken the folder, because this one stood still: it then writes nothing more. */
  get lost(): StopSignal | undefined {
    return this.#lock?.lost;
  }

  /** Lets other processes in. */
  async release(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  file(name: keyof typeof RUN_FILES): string {
    return join(this.path, RUN_FILES[name]);
  }

  /** Writes a file whole or not at all, for good. @throws FolderLostError when another process has taken the folder */
  async write(name: keyof typeof RUN_FILES, content: Uint8Array | string): Promise<void> {
    if (COUNTING.has(name)) await this.#syncMetrics();
    await writeGuarded(this.file(name), content, () => this.#lock?.check());
  }

  async appendMetrics(line: MetricsLine): Promise<void> {
    this.#lock?.check();
    try {
      const file = await open(this.file('metrics'), 'a');
      try {
        // again: whoever takes the folder puts other metrics in their place, and this file is no longer them
        this.#lock?.check();
        await file.appendFile(metricsText([line]));
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw writeError('RunFolder', this.file('metrics'), cause);
    }
  }

  /** Puts the metrics on the disk. */
  async #syncMetrics(): Promise<void> {
    try {
      const file = await open(this.file('metrics'), 'r+'); // Windows syncs what may be written
      try {
        await file.datasync();
      } finally {
        await file.close();
      }
      if (!this.#metricsNamed) await syncFolder(this.path);
      this.#metricsNamed = true;
    } catch (cause) {
      if (errorCode(cause) !== 'ENOENT') throw writeError('RunFolder', this.file('metrics'), cause);
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

  /** Leaves the lines that the checkpoint counts. The file is another one then: see {@link appendMetrics}. */
  async #keepMetricsOf(progress: TrainerProgress | undefined): Promise<void> {
    const { lines, lost } = metricsOfCheckpoint(
      await this.readMetrics(),
      progress ?? { step: 0, epoch: 0, history: [] },
    );
    if (lost > 0)
      notice(
        `${this.file('metrics')} lacks ${lost} of the ${progress?.step} steps of its checkpoint: their losses are lost, the weights are not`,
      );
    await this.write('metrics', metricsText(lines));
  }
}
