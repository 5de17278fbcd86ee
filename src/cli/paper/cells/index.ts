// Many cells on this machine, several side by side, each in a process of its own.

import type { CellRecord } from '../../../paper/cell';
import type { RunSettings } from '../../../train';
import { startCell } from './process';
import type { CellJob, CellProgress } from './run';

/** What whoever trains cells tells about them. Each is waited for. */
export interface CellEvents {
  onProgress(settings: RunSettings, progress: CellProgress): void;
  onNote(settings: RunSettings, text: string): void;
  onDone(record: CellRecord): Promise<void>;
  onFailed(settings: RunSettings, error: Error): void;
}

/** Trains all cells that can be trained; a cell that fails leaves the others alone. */
export type TrainCells = (
  cells: readonly RunSettings[],
  events: CellEvents,
  signal: AbortSignal,
) => Promise<void>;

/** @param jobOf the rest of what a cell's process needs */
export function trainHere(
  jobs: number,
  jobOf: (settings: RunSettings) => Omit<CellJob, 'settings'>,
): TrainCells {
  return async (cells, events, signal) => {
    const waiting = [...cells];
    const work = async () => {
      for (let settings = waiting.shift(); settings && !signal.aborted; settings = waiting.shift()) {
        const current = settings;
        const cell = startCell(
          { ...jobOf(current), settings: current },
          {
            onProgress: (progress) => events.onProgress(current, progress),
            onNote: (text) => events.onNote(current, text),
          },
        );
        signal.addEventListener('abort', cell.stop);
        try {
          const record = await cell.done;
          if (record !== undefined) await events.onDone(record);
        } catch (error) {
          events.onFailed(current, error instanceof Error ? error : new Error(String(error)));
        } finally {
          signal.removeEventListener('abort', cell.stop);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(jobs, cells.length) }, work));
  };
}
