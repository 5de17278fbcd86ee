// Training those cells of a grid that are not finished: progress on standard error, every record kept as soon as it is
// there, Ctrl-C. What is made of the records is other files' business.

import { type CellRecord, cellName, sameSettings } from '../../../paper/cell';
import type { GridFolder } from '../../../paper/node/store';
import type { RunSettings } from '../../../train';
import { tellsOfLostRun } from '../../../train/numbers/lost-run';
import { EXIT, plainMessage } from '../../exit';
import { say } from '../../terminal';
import { onInterrupt } from '../../terminal/interrupt';
import { duration } from '../../terminal/progress';
import { counted, percent } from '../../terminal/table';
import type { CellEvents, TrainCells } from '.';
import { GridProgress } from './progress';

export interface GridTraining {
  /** Name of the command, before every line of progress. */
  readonly label: string;
  readonly grid: GridFolder;
  /** Finished cells; those that get finished are added. */
  readonly cells: CellRecord[];
  readonly wanted: readonly RunSettings[];
  readonly trainCells: TrainCells;
  /** In words, for so many cells: `2 side by side`. */
  readonly how: (cells: number) => string;
  /** What Ctrl-C says. */
  readonly stopping: string;
  /** Called when one more cell is finished and its record kept. */
  readonly onKept?: () => Promise<void>;
  /** Called for a cell that failed because its numbers became not finite. */
  readonly onLost?: (settings: RunSettings) => void;
}

/** What came of it: EXIT.done, EXIT.failed when a cell failed, EXIT.interrupted when it was stopped. */
export async function trainGrid(training: GridTraining): Promise<number> {
  const { label, grid, cells, wanted, trainCells } = training;
  const isDone = (settings: RunSettings) => cells.some((cell) => sameSettings(cell.settings, settings));
  const todo = wanted.filter((settings) => !isDone(settings));
  say(
    `${label}: ${counted(wanted.length, 'cell')} wanted, ${wanted.length - todo.length} of them finished, ${todo.length} to train, ${training.how(todo.length)}`,
  );
  if (todo.length === 0) return EXIT.done;
  const interrupt = onInterrupt(training.stopping);
  const progress = new GridProgress(label, todo.length);
  const failures: string[] = [];
  const events: CellEvents = {
    onProgress: (settings, at) => progress.update(settings, at),
    onNote(settings, text) {
      progress.stop();
      say(`${cellName(settings)}: ${text}`);
    },
    async onDone(record) {
      progress.end(record.settings);
      say(describeCell(record));
      cells.push(record);
      await grid.keep(record);
      await training.onKept?.();
    },
    onFailed(settings, error) {
      progress.end(settings);
      failures.push(`${cellName(settings)}: ${plainMessage(error)}`);
      if (tellsOfLostRun(error.message)) training.onLost?.(settings);
      say(`failed: ${failures.at(-1)}`);
    },
  };
  try {
    await trainCells(todo, events, interrupt.signal);
  } finally {
    progress.stop();
    interrupt.release();
  }
  if (interrupt.signal.aborted) {
    say('stopped; the same command goes on');
    return EXIT.interrupted;
  }
  if (failures.length > 0) say(`${failures.length} of ${todo.length} cells failed:\n${failures.join('\n')}`);
  return failures.length > 0 ? EXIT.failed : EXIT.done;
}

/** `cifar10-…-k3-s0-…: 81.20 % in 48m02s`. */
function describeCell({ settings, summary }: CellRecord): string {
  return `${cellName(settings)}: test accuracy ${percent(summary.testAccuracy)} in ${duration(summary.seconds)}`;
}
