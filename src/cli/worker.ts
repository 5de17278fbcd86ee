// `spikegrad worker`: trains cells that `spikegrad paper table1 --queue` has put into a queue.

import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { cellName } from '../paper/cell';
import type { RunSettings } from '../train';
import { savedStep } from '../train/node/run/saved';
import { type BackendChoice, backendOptions, forceOption, realNumber, wholeNumber } from './arguments';
import { EXIT } from './exit';
import { startCell } from './paper/cells/process';
import { type QueueWork, workFromQueue } from './paper/queue/work';
import { say } from './terminal';
import { onInterrupt } from './terminal/interrupt';
import { duration } from './terminal/progress';
import { percent } from './terminal/table';

interface WorkerOptions extends BackendChoice {
  queue: string;
  data?: string;
  runs: string;
  jobs: number;
  lease: number;
  untilEmpty?: boolean;
  force?: boolean;
}

const EXAMPLES = `
Examples:
  $ spikegrad worker --queue redis://localhost:6379 --data ./data --runs ./runs --jobs 2 --threads 1

Any number of workers share a queue. Ctrl-C saves a checkpoint and gives the cell back; a worker that dies loses its cell
to another one when the lease has run out, which goes on from the checkpoint where both see the same --runs. (What a dead
worker of another machine left in there counts as held for one minute.) A cell that dies --deaths times (of paper table1)
without a new checkpoint is given up; one that makes progress may die as often as it likes.`;

export function workerCommand(): Command {
  const command = new Command('worker')
    .requiredOption('--queue <url>', 'Redis, as redis://host:6379')
    .option('--data <dir>', "folder with a data set's files, or with a folder for each data set")
    .option('--runs <dir>', 'folder of the runs with their weights', 'runs')
    .option('--jobs <n>', 'cells side by side, each in a process of its own', wholeNumber(1), 1)
    .option(
      '--lease <seconds>',
      'silence after which a cell goes to another worker',
      realNumber(0, false),
      30,
    )
    .option('--until-empty', 'end when the queue is empty')
    .addOption(forceOption())
    .addHelpText('after', EXAMPLES)
    .action(async (options: WorkerOptions) => {
      process.exitCode = await work(options);
    });
  for (const option of backendOptions()) command.addOption(option);
  return command;
}

async function work({
  queue,
  data,
  runs,
  jobs,
  lease,
  untilEmpty = false,
  backend,
  threads,
  simd,
  force,
}: WorkerOptions) {
  const folderOf = (settings: RunSettings) => join(resolve(runs), cellName(settings));
  const saved: QueueWork['saved'] = (settings) => savedStep(folderOf(settings));
  const interrupt = onInterrupt('stopping each cell after its step…');
  const train: QueueWork['train'] = async (settings, onProgress, lost) => {
    const name = cellName(settings);
    say(`${name}: taken up`);
    const folder = folderOf(settings);
    const job = { settings, folder, data, backend, threads, simd, force };
    const cell = startCell(job, { onProgress, onNote: (text) => say(`${name}: ${text}`) });
    const stops = [interrupt.signal, lost];
    for (const signal of stops) {
      signal?.addEventListener('abort', cell.stop);
      if (signal?.aborted) cell.stop();
    }
    try {
      const record = await cell.done;
      if (record === undefined)
        say(`${name}: stopped, ${lost?.aborted ? 'another worker has it' : 'given back'}`);
      else {
        const { testAccuracy, seconds } = record.summary;
        say(`${name}: test accuracy ${percent(testAccuracy)} in ${duration(seconds)}`);
      }
      return record;
    } finally {
      for (const signal of stops) signal?.removeEventListener('abort', cell.stop);
    }
  };
  try {
    await workFromQueue(queue, { jobs, lease, untilEmpty, saved, train }, interrupt.signal);
  } finally {
    interrupt.release();
  }
  return interrupt.signal.aborted ? EXIT.interrupted : EXIT.done;
}
