// Cells through a queue on Redis (BullMQ), the side that asks: puts them in and collects records. A job is named by its
// cell, so that a cell is in the queue once however often it is asked for.

import type { Job, Queue, QueueEvents } from 'bullmq';
import { SpikegradError } from '../../../errors';
import { type CellRecord, cellName, sameSettings } from '../../../paper/cell';
import { parseCell } from '../../../paper/cell/parse';
import type { RunSettings } from '../../../train';
import type { CellEvents, TrainCells } from '../cells';
import type { CellProgress } from '../cells/run';
import { connect, type JobData, QUEUE, tellTrouble } from './connection';

/** Milliseconds between two looks at jobs whose news may have been missed. */
const LOOK_AGAIN = 5000;

/**
 * Lets workers train the cells and collects the records. Stopping leaves the cells in the queue: whoever asks for them
 * later gets what was finished meanwhile.
 * @param mostDeaths how often a cell may die without a new checkpoint before it is given up
 */
export function trainThroughQueue(url: string, mostDeaths?: number): TrainCells {
  return async (cells, events, signal) => {
    const { redis, bullmq } = await connect(url);
    const queue = new bullmq.Queue<JobData>(QUEUE, { connection: redis });
    const news = new bullmq.QueueEvents(QUEUE, { connection: redis.duplicate() });
    queue.on('error', tellTrouble);
    news.on('error', () => {}); // the queue says it
    try {
      await news.waitUntilReady();
      await new Collection(cells, events, queue, mostDeaths).collect(news, signal);
    } finally {
      await news.close();
      await queue.close();
      redis.disconnect();
    }
  };
}

class Collection {
  readonly #waiting: Map<string, RunSettings>;
  /** Cells that have ended; those whose record is being kept still wait. */
  readonly #taken = new Set<string>();

  constructor(
    cells: readonly RunSettings[],
    readonly events: CellEvents,
    readonly queue: Queue<JobData>,
    readonly mostDeaths: number | undefined,
  ) {
    this.#waiting = new Map(cells.map((settings) => [cellName(settings), settings]));
  }

  /** Ends when every cell has come to an end, or with the signal. */
  async collect(news: QueueEvents, signal: AbortSignal): Promise<void> {
    for (const id of this.#waiting.keys()) await this.#ask(id);
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((done, fail) => {
        const look = (id: string) =>
          void this.#look(id).then(() => {
            if (this.#waiting.size === 0) done();
          }, fail);
        const lookAtAll = () => [...this.#waiting.keys()].forEach(look);
        news.on('completed', ({ jobId }) => look(jobId));
        news.on('failed', ({ jobId }) => look(jobId));
        news.on('progress', ({ jobId, data }) => this.#progress(jobId, data));
        signal.addEventListener('abort', () => done());
        if (signal.aborted || this.#waiting.size === 0) done();
        lookAtAll(); // those that were finished before
        timer = setInterval(lookAtAll, LOOK_AGAIN);
      });
    } finally {
      clearInterval(timer);
    }
  }

  /** What failed for somebody before is tried again. */
  async #ask(id: string): Promise<void> {
    const former = await this.queue.getJob(id);
    if ((await former?.getState()) === 'failed') await former?.remove();
    await this.#add(id);
  }

  async #add(id: string): Promise<void> {
    const settings = this.#waiting.get(id);
    if (settings === undefined) return;
    await this.queue.add('cell', { settings, mostDeaths: this.mostDeaths }, { jobId: id });
  }

  /** Takes a job that has ended out of the queue, once; puts one in that somebody else took out. */
  async #look(id: string): Promise<void> {
    const state = await this.queue.getJobState(id);
    if (state === 'unknown') return this.#add(id);
    if (state !== 'completed' && state !== 'failed') return;
    const job = await this.queue.getJob(id); // after its state, since one read before has no result yet
    const settings = this.#waiting.get(id);
    if (job === undefined || settings === undefined || this.#taken.has(id)) return;
    this.#taken.add(id);
    try {
      if (state === 'failed') throw new SpikegradError('paper', job.failedReason);
      await this.events.onDone(await receivedCell(job, settings));
      await job.remove(); // kept until its record is safe
    } catch (error) {
      this.events.onFailed(settings, error instanceof Error ? error : new Error(String(error)));
    }
    this.#waiting.delete(id); // only now: when nothing waits, all is over
  }

  #progress(id: string, data: unknown): void {
    const settings = this.#waiting.get(id);
    if (settings !== undefined && isProgress(data)) this.events.onProgress(settings, data);
  }
}

/** What comes from a queue is as little trusted as what comes from a file. */
function isProgress(value: unknown): value is CellProgress {
  const { step, steps, epoch, images, loss = 0 } = (value ?? {}) as Partial<CellProgress>;
  return [step, steps, epoch, images, loss].every(Number.isFinite);
}

/** @throws when it is no record of this cell; the job is then gone, so that the cell can be asked for anew */
async function receivedCell(job: Job<JobData>, settings: RunSettings): Promise<CellRecord> {
  const name = cellName(settings);
  try {
    const record = parseCell(JSON.stringify(job.returnvalue ?? null), `what the queue gave for ${name}`);
    if (!sameSettings(record.settings, settings))
      throw new SpikegradError('queue', `the record of ${name} has other settings`);
    return record;
  } catch (error) {
    await job.remove();
    throw error;
  }
}
