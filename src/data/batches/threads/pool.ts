// The threads that make batches beside the steps: each batch goes to the one with the least to do, and comes back as
// its numbers or as the error that it ended with. Which thread makes a batch changes nothing in it.

import { SpikegradError } from '../../../errors';
import { notice } from '../../../notices';
import type { Job } from '../job';
import { workerSource } from './generated/worker';
import { type MessageThread, startThread } from './thread';
import type { Answer, Question } from './worker';

interface Asked {
  resolve(images: Float32Array<ArrayBuffer>): void;
  reject(error: Error): void;
}

/** A thread, and what it has been asked and not answered. */
class BatchMaker {
  readonly #thread: MessageThread;
  readonly #asked = new Map<number, Asked>();
  readonly ready: Promise<void>;
  #setReady: () => void = () => {};
  #fail: (error: Error) => void = () => {};
  /** Why it is no more. */
  #end: SpikegradError | undefined;

  constructor(source: string) {
    this.ready = new Promise((resolve, reject) => {
      this.#setReady = resolve;
      this.#fail = reject;
    });
    this.#thread = startThread(source, {
      onMessage: (message) => this.#hear(message as Answer),
      onEnd: (why) => this.#over(why),
    });
  }

  get load(): number {
    return this.#asked.size;
  }

  ask(question: Question): Promise<Float32Array<ArrayBuffer>> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    this.#thread.hold(true);
    const { raw } = question.job;
    // numbers are gathered for this batch alone and can be given away; packed pictures may be parts of a larger file
    const transfer = ArrayBuffer.isView(raw) ? [raw.buffer as ArrayBuffer] : [];
    return new Promise((resolve, reject) => {
      this.#asked.set(question.id, { resolve, reject });
      this.#thread.post(question, transfer);
    });
  }

  stop(): void {
    this.#asked.clear();
    this.#thread.stop();
  }

  #hear(answer: Answer): void {
    if (answer.id === 'ready') {
      this.#thread.hold(false); // a thread that waits keeps no process alive
      this.#setReady();
      return;
    }
    const asked = this.#asked.get(answer.id);
    this.#asked.delete(answer.id);
    if (this.#asked.size === 0) this.#thread.hold(false);
    if ('images' in answer) asked?.resolve(answer.images);
    else asked?.reject(new SpikegradError(answer.where, answer.problem));
  }

  #over(why: string): void {
    this.#end = new SpikegradError(
      'batches',
      `a worker that makes batches is gone (${why}); workers: 0 makes them on the calling thread`,
    );
    this.#fail(this.#end);
    for (const { reject } of this.#asked.values()) reject(this.#end);
    this.#asked.clear();
  }
}

export class BatchWorkers {
  #makers: readonly BatchMaker[];
  #next = 0;

  private constructor(makers: readonly BatchMaker[]) {
    this.#makers = makers;
  }

  /**
   * Starts so many. @returns undefined where threads are not to be had, which is told once
   * @param source what they run; for tests
   */
  static async start(count: number, source = workerSource): Promise<BatchWorkers | undefined> {
    const makers: BatchMaker[] = [];
    try {
      for (let i = 0; i < count; i++) makers.push(new BatchMaker(source));
      await Promise.all(makers.map(({ ready }) => ready));
      return new BatchWorkers(makers);
    } catch (error) {
      for (const maker of makers) maker.stop();
      const why = error instanceof SpikegradError ? error.problem : String(error);
      notice(
        `batches are made on the calling thread, with the same numbers, since no worker could be started: ${why}`,
        'batches without workers',
      );
      return undefined;
    }
  }

  get count(): number {
    return this.#makers.length;
  }

  /** @throws SpikegradError as `imagesOfJob` does, or where the thread is gone */
  make(job: Job): Promise<Float32Array<ArrayBuffer>> {
    const least = this.#makers.reduce((best, maker) => (maker.load < best.load ? maker : best));
    return least.ask({ id: this.#next++, job });
  }

  /** Ends the threads; what they were making never comes. */
  close(): void {
    for (const maker of this.#makers) maker.stop();
  }
}
