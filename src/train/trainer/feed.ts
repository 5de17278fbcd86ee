// The batches of a training run, and how long its steps waited for them. They are made on the calling thread until that
// takes more of the time than a thread beside the steps would cost; from then on, or where it is asked for, by workers.

import type { Batch, BatchOptions } from '../../data/batches';
import type { BatchWorkers } from '../../data/batches/threads/pool';
import type { TrainingData } from '../../data/stream/dataset';

/** How long steps waited for their images, in this process. */
export interface ImageWaiting {
  /** Seconds that steps waited for their batches. */
  readonly seconds: number;
  /** Seconds that steps took, with the waiting. */
  readonly of: number;
  /** The one over the other; 0 before the first step. */
  readonly share: number;
  /** Threads that make batches beside the steps. */
  readonly workers: number;
}

/** `0.3 % of the steps' time, made on the calling thread`. */
export function waitingInWords({ share, workers }: ImageWaiting): string {
  const where = workers === 0 ? 'the calling thread' : `${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  return `${(100 * share).toFixed(1)} % of the steps' time, made on ${where}`;
}

/** Steps that are looked at, behind the first ones, which compile. */
const FIRST = 2;
const LOOKED_AT = 8;
/**
 * The share of waiting from which on a worker makes the batches. Below, it takes from the kernels' threads about what
 * it gives (bench/results/data.md).
 */
const WORTH_A_WORKER = 0.05;
/** Nor is it started for less than what its start takes, over all steps that are left. */
const LEAST_MILLISECONDS = 1000;

export class BatchFeed {
  #waited = 0;
  #worked = 0;
  #steps = 0;
  /** When the batch of the step in progress came. */
  #came = 0;
  /** What had been waited and worked behind the first steps. */
  #begin: readonly [waited: number, worked: number] = [0, 0];
  #pool: BatchWorkers | undefined;
  #isOpen = false;
  /** Workers that make batches, or did when the run ended. */
  #count = 0;

  /**
   * @param options of all batches, but for epoch and start
   * @param workers null for one where it is worth its while
   */
  constructor(
    readonly dataset: TrainingData,
    readonly options: Required<BatchOptions>,
    readonly workers: number | null,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get waiting(): ImageWaiting {
    const of = this.#waited + this.#worked;
    return {
      seconds: this.#waited / 1000,
      of: of / 1000,
      share: of === 0 ? 0 : this.#waited / of,
      workers: this.#count,
    };
  }

  /** @param start number of the first batch @param count of batches in the epoch */
  async *epoch(epoch: number, start: number, count: number): AsyncGenerator<Batch, void, undefined> {
    await this.#employ(this.workers ?? this.#count);
    const { batchesAhead } = await import('../../data/batches/ahead');
    const options = { ...this.options, epoch, start };
    const batches = batchesAhead(this.dataset, options, count, () => this.#pool);
    for (;;) {
      const asked = this.now();
      const { done, value } = await batches.next();
      if (done || value === undefined) return;
      this.#came = this.now();
      this.#waited += this.#came - asked;
      yield value;
    }
  }

  /** The step with the last batch is over. @param left steps of the run */
  stepDone(left: number): void {
    this.#worked += this.now() - this.#came;
    this.#steps++;
    if (this.#steps === FIRST) this.#begin = [this.#waited, this.#worked];
    if (this.workers !== null || this.#steps !== FIRST + LOOKED_AT) return;
    const [waited, worked] = [this.#waited - this.#begin[0], this.#worked - this.#begin[1]];
    // it starts while steps go on, and makes batches once it is there
    if (waited > WORTH_A_WORKER * (waited + worked) && (waited / LOOKED_AT) * left > LEAST_MILLISECONDS)
      void this.#employ(1);
  }

  /** Ends the workers; the next epoch starts others. */
  close(): void {
    this.#pool?.close();
    this.#pool = undefined;
    this.#isOpen = false;
  }

  async #employ(count: number): Promise<void> {
    this.#isOpen = true;
    if (count === 0 || this.#pool !== undefined) return;
    const { BatchWorkers } = await import('../../data/batches/threads/pool');
    const pool = await BatchWorkers.start(count);
    this.#count = pool?.count ?? 0;
    if (this.#isOpen) this.#pool = pool;
    else pool?.close(); // the run has ended meanwhile
  }
}
