// Cells through a queue on Redis (BullMQ): `paper table1 --queue` puts them in and collects records, `spikegrad worker`
// trains them, on any machine. A job is named by its cell, so that a cell is in the queue once however often it is asked
// for; a job whose worker falls silent goes to the next one when its lease has run out.

import type { Job, Queue, QueueEvents, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { SpikegradError } from '../../errors';
import { type CellRecord, cellName, parseCell, sameSettings } from '../../paper/cell';
import { checkRunSettings, type RunSettings } from '../../train';
import type { CellEvents, TrainCells } from './cells';
import type { CellProgress } from './run-cell';

const QUEUE = 'spikegrad-cells';

/** Milliseconds between two looks at jobs whose event may have been missed. */
const LOOK_AGAIN = 15_000;
/** Seconds to wait for a server's first answer. */
const PATIENCE = 5;
/** A cell may lose so many workers, one after the other, before it is given up. */
const MOST_DEATHS = 1000;

interface JobData {
  readonly settings: RunSettings;
}

type Libraries = { bullmq: typeof import('bullmq'); ioredis: typeof import('ioredis') };

async function libraries(): Promise<Libraries> {
  try {
    return { bullmq: await import('bullmq'), ioredis: await import('ioredis') };
  } catch (cause) {
    throw new SpikegradError('queue', 'a queue needs two packages more: npm i bullmq ioredis', { cause });
  }
}

/** @throws when the URL is none, or nobody answers there */
async function connect(url: string, { ioredis }: Libraries): Promise<Redis> {
  if (!/^rediss?:\/\//.test(url))
    throw new SpikegradError('queue', `--queue must look like redis://host:6379, got "${url}"`);
  const redis = new ioredis.Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null, // BullMQ's blocking reads wait for ever
    connectTimeout: PATIENCE * 1000,
    retryStrategy: (times) => Math.min(200 * times, 5000),
  });
  let reason = 'no answer';
  const note = (error: Error) => {
    reason = error.message || (error as NodeJS.ErrnoException).code || reason;
  };
  redis.on('error', note);
  let patience: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      redis.connect().then(() => redis.ping()),
      new Promise((_, fail) => {
        patience = setTimeout(() => fail(new Error(reason)), PATIENCE * 1000);
      }),
    ]);
  } catch {
    redis.disconnect();
    throw new SpikegradError('queue', `no Redis at ${url} (${reason}); is redis-server running there?`);
  } finally {
    clearTimeout(patience);
  }
  return redis;
}

/** A record from a queue is as little trusted as one from a file. */
function receivedCell(value: unknown, settings: RunSettings): CellRecord {
  const record = parseCell(JSON.stringify(value ?? null), `what the queue gave for ${cellName(settings)}`);
  if (!sameSettings(record.settings, settings))
    throw new SpikegradError('queue', `the record of ${cellName(settings)} has other settings`);
  return record;
}

/**
 * Lets workers train the cells and collects the records. Stopping leaves the cells in the queue: whoever asks for them
 * later gets what was finished meanwhile.
 */
export function trainThroughQueue(url: string): TrainCells {
  return async (cells, events, signal) => {
    const found = await libraries();
    const connection = await connect(url, found);
    const queue = new found.bullmq.Queue<JobData>(QUEUE, { connection });
    const news = new found.bullmq.QueueEvents(QUEUE, { connection: connection.duplicate() });
    try {
      await news.waitUntilReady();
      await collect(new Map(cells.map((settings) => [cellName(settings), settings])), events, signal, {
        queue,
        news,
      });
    } finally {
      await news.close();
      await queue.close();
      connection.disconnect();
    }
  };
}

async function collect(
  waiting: Map<string, RunSettings>,
  events: CellEvents,
  signal: AbortSignal,
  { queue, news }: { queue: Queue<JobData>; news: QueueEvents },
): Promise<void> {
  /** Takes a job that has ended out of the queue, once. */
  const settle = async (id: string) => {
    const settings = waiting.get(id);
    const job = settings && (await queue.getJob(id));
    if (settings === undefined || job === undefined || !waiting.has(id)) return;
    const state = await job.getState();
    if ((state !== 'completed' && state !== 'failed') || !waiting.delete(id)) return;
    try {
      if (state === 'failed') throw new Error(job.failedReason);
      await events.onDone(receivedCell(job.returnvalue, settings));
      await job.remove(); // kept until its record is safe
    } catch (error) {
      events.onFailed(settings, error instanceof Error ? error : new Error(String(error)));
    }
  };
  let finish = () => {};
  const all = new Promise<void>((done) => {
    finish = done;
  });
  const look = (id: string) =>
    settle(id).then(() => {
      if (waiting.size === 0) finish();
    });
  let failure: unknown;
  const guarded = (id: string) =>
    void look(id).catch((error) => {
      failure ??= error;
      finish();
    });
  news.on('completed', ({ jobId }) => guarded(jobId));
  news.on('failed', ({ jobId }) => guarded(jobId));
  news.on('progress', ({ jobId, data }) => {
    const settings = waiting.get(jobId);
    if (settings !== undefined) events.onProgress(settings, data as CellProgress);
  });
  signal.addEventListener('abort', finish);
  const timer = setInterval(() => [...waiting.keys()].forEach(guarded), LOOK_AGAIN);
  try {
    for (const [id, settings] of waiting) {
      const former = await queue.getJob(id);
      if ((await former?.getState()) === 'failed') await former?.remove(); // asked for again, tried again
      await queue.add('cell', { settings }, { jobId: id });
    }
    for (const id of [...waiting.keys()]) await look(id); // those that were finished before
    if (waiting.size > 0 && !signal.aborted) await all;
    if (failure !== undefined) throw failure;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', finish);
  }
}

export interface QueueWork {
  readonly jobs: number;
  /** Seconds after which a silent worker's cell goes to another. */
  readonly lease: number;
  /** End when the queue is empty, instead of waiting for more. */
  readonly untilEmpty: boolean;
  /** @returns undefined when it was stopped: the cell goes back to the queue */
  readonly train: (
    settings: RunSettings,
    tell: (progress: CellProgress) => void,
  ) => Promise<CellRecord | undefined>;
}

/** Trains cells of the queue until the signal, or until none is left. */
export async function workFromQueue(url: string, work: QueueWork, signal: AbortSignal): Promise<void> {
  const found = await libraries();
  const connection = await connect(url, found);
  const worker: Worker<JobData, CellRecord> = new found.bullmq.Worker<JobData, CellRecord>(
    QUEUE,
    async (job, token) => {
      const record = await trainJob(job, work, found);
      if (record !== undefined) return record;
      await job.moveToDelayed(Date.now(), token);
      throw new found.bullmq.DelayedError();
    },
    {
      connection,
      concurrency: work.jobs,
      lockDuration: work.lease * 1000,
      stalledInterval: work.lease * 1000,
      maxStalledCount: MOST_DEATHS,
    },
  );
  try {
    await new Promise<void>((done, fail) => {
      signal.addEventListener('abort', () => done());
      if (signal.aborted) done();
      worker.on('error', (error) => process.stderr.write(`queue: ${error.message}\n`)); // it tries again by itself
      if (work.untilEmpty) {
        const queue = new found.bullmq.Queue<JobData>(QUEUE, { connection });
        const isEmpty = async () => (await queue.getJobCountByTypes('wait', 'active', 'delayed')) === 0;
        const timer = setInterval(
          () => void isEmpty().then((empty) => empty && done(), fail),
          Math.min(1000, work.lease * 500),
        );
        signal.addEventListener('abort', () => clearInterval(timer));
        void worker.waitUntilReady().catch(fail);
      }
    });
  } finally {
    await worker.close();
    connection.disconnect();
  }
}

async function trainJob(
  job: Job<JobData, CellRecord>,
  work: QueueWork,
  { bullmq }: Libraries,
): Promise<CellRecord | undefined> {
  let last = 0;
  let images = 0;
  try {
    const settings = checkRunSettings(job.data.settings, 'queue');
    return await work.train(settings, (progress) => {
      images += progress.images;
      if (performance.now() - last < 1000 && progress.step < progress.steps) return;
      last = performance.now();
      // the next one comes soon; a lost one is no loss
      void job.updateProgress({ ...progress, images }).catch(() => undefined);
      images = 0;
    });
  } catch (error) {
    throw new bullmq.UnrecoverableError(error instanceof Error ? error.message : String(error));
  }
}
