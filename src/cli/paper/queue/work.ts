// Cells through a queue on Redis (BullMQ), the side that works: trains whatever cells are there, on any machine. A job
// whose worker falls silent goes to the next one when its lease has run out.

import { setTimeout } from 'node:timers/promises';
import type { Job, Queue } from 'bullmq';
import { check, SpikegradError } from '../../../errors';
import { type CellRecord, cellName } from '../../../paper/cell';
import { checkRunSettings, type RunSettings } from '../../../train';
import { plainMessage } from '../../exit';
import { say } from '../../terminal';
import { counted } from '../../terminal/table';
import { CellDiedError } from '../cells/died';
import type { CellProgress } from '../cells/run';
import { connect, type JobData, jobData, QUEUE, type QueueServer, tellTrouble } from './connection';
import { type Deaths, lookAt, processDied, type SavedAt } from './deaths';

/** Milliseconds between two messages about a cell's progress. */
const TELL_AGAIN = 1000;

export interface QueueWork {
  readonly jobs: number;
  /** Seconds after which a silent worker's cell goes to another. */
  readonly lease: number;
  /** End when the queue is empty, instead of waiting for more. */
  readonly untilEmpty: boolean;
  /** The checkpoint that a cell would go on from here. */
  readonly saved: (settings: RunSettings) => Promise<SavedAt | undefined>;
  /**
   * @param lost fires when the cell was given to somebody else
   * @returns undefined when it was stopped: the cell goes back to the queue
   */
  readonly train: (
    settings: RunSettings,
    onProgress: (progress: CellProgress) => void,
    lost: AbortSignal | undefined,
  ) => Promise<CellRecord | undefined>;
}

/** Trains cells of the queue until the signal, or until none is left. */
export async function workFromQueue(url: string, work: QueueWork, signal: AbortSignal): Promise<void> {
  const server = await connect(url);
  const { redis, bullmq } = server;
  const queue = new bullmq.Queue<JobData>(QUEUE, { connection: redis });
  const worker = new bullmq.Worker<JobData, CellRecord>(
    QUEUE,
    async (job, token, lost) => {
      const record = await trainJob(job, work, server, lost);
      if (record !== undefined) return record;
      await job.moveToWait(token);
      throw new bullmq.WaitingError();
    },
    {
      connection: redis,
      concurrency: work.jobs,
      lockDuration: work.lease * 1000,
      stalledInterval: work.lease * 1000,
      maxStalledCount: Number.MAX_SAFE_INTEGER, // deaths.ts counts
    },
  );
  queue.on('error', () => {}); // the worker says it
  worker.on('error', (error) => {
    if (!/\block\b/i.test(error.message)) tellTrouble(error); // of a lost lease: the cell says it, once
  });
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id);
  });
  try {
    if (work.untilEmpty) await emptied(queue, signal);
    else await new Promise((done) => signal.addEventListener('abort', done));
  } finally {
    await worker.close(); // waits for the cells in progress
    await queue.close();
    redis.disconnect();
  }
}

/** Cells that others are training count: they come back when those die. */
async function emptied(queue: Queue<JobData>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await queue.getJobCountByTypes('wait', 'active', 'delayed')) > 0)
    await setTimeout(500);
}

async function trainJob(
  job: Job<JobData, CellRecord>,
  work: QueueWork,
  { bullmq }: QueueServer,
  lost: AbortSignal | undefined,
): Promise<CellRecord | undefined> {
  let last = 0;
  let images = 0;
  let deaths: Deaths = {};
  try {
    const data = jobData.read('queue', job.data);
    const settings = checkRunSettings(data.settings, 'queue');
    const name = cellName(settings);
    check(job.id === name, 'queue', () => `the job "${job.id}" holds the cell ${name}`);
    const { kept, inVain } = lookAt(data.deaths, job.stalledCounter, await work.saved(settings));
    if (inVain >= data.mostDeaths)
      throw new SpikegradError('queue', `given up: died ${counted(inVain, 'time')} without a new checkpoint`);
    deaths = kept;
    await job.updateData({ ...job.data, deaths });
    return await work.train(
      settings,
      (progress) => {
        images += progress.images;
        if (performance.now() - last < TELL_AGAIN && progress.step < progress.steps) return;
        last = performance.now();
        // the next one comes soon; a lost one is no loss
        void job.updateProgress({ ...progress, images }).catch(() => undefined);
        images = 0;
      },
      lost,
    );
  } catch (error) {
    const reason = plainMessage(error);
    if (error instanceof CellDiedError) {
      say(`${job.id}: given back: ${reason}`);
      if (!lost?.aborted) await job.updateData({ ...job.data, deaths: processDied(deaths) });
      return undefined;
    }
    say(`${String(job.id).replace(/[^\w.-]/g, '?')}: failed: ${reason}`);
    throw new bullmq.UnrecoverableError(reason);
  }
}
