// The threads and how a phase is run on them. The calling thread is one of them; with one thread there are no workers
// and nothing is waited for.

import { check, SpikegradError } from '../../../errors';
import { nodeModule } from '../../../node-module';
import { processors } from '../../../processors';
import { workerSource } from '../generated/worker';
import type { Heap } from '../heap';
import { importsOf, Kernels, type MadeKernel, MODULE_HEAD } from './kernels';
import {
  CONTROL,
  CONTROL_ADDRESS,
  CONTROL_WORDS,
  invoke,
  lengthOf,
  MOST_THREADS,
  PROFILE_ADDRESS,
  PROFILE_KERNELS,
  PROFILE_THREADS,
  PROGRAM_ADDRESS,
  PROGRAM_DOUBLES,
  type ProgramChain,
  recordWords,
  runPhase,
  tasksOf,
  write,
} from './program';
import type { Assignment } from './worker';

/** The few things that Node's and browsers' workers both can, once made. */
interface Thread {
  ready: Promise<void>;
  stop(): void;
}

/** Threads that spin while another program wants the processor cost more than they gain. */
const SPINS = 20_000;

/** Nor do those spin that wait for a processor themselves. */
const spinsOf = (threads: number): number => (threads > (processors() ?? threads) ? 0 : SPINS);

export class Crew {
  readonly #kernels: Kernels;
  /** The module's own, which small calls ask for again and again. */
  readonly #byName: ReadonlyMap<string, number>;
  readonly #spins: number;
  #workers: Thread[] = [];
  #sequence = 0;
  #running: readonly ProgramChain[] | undefined;

  private constructor(
    readonly heap: Heap,
    readonly threads: number,
    instance: WebAssembly.Instance,
  ) {
    this.#kernels = new Kernels(heap.memory, instance);
    const { names, kernels } = this.#kernels;
    this.#byName = new Map(kernels.map((_, index) => [names[index]!, index]));
    this.#spins = spinsOf(threads);
  }

  /** @throws when a thread does not start */
  static async muster(heap: Heap, module: WebAssembly.Module, threads: number): Promise<Crew> {
    check(
      threads <= MOST_THREADS,
      'init',
      () => `threads may be up to ${MOST_THREADS}, got ${threads}; more than the machine has gain nothing`,
    );
    const instance = await WebAssembly.instantiate(module, importsOf(heap.memory));
    const crew = new Crew(heap, threads, instance);
    crew.#control[CONTROL.spin] = crew.#spins;
    try {
      for (let thread = 1; thread < threads; thread++) {
        crew.#workers.push(startThread({ module, memory: heap.memory, thread, threads }));
      }
      await Promise.all(crew.#workers.map((worker) => worker.ready));
    } catch (error) {
      crew.dismiss();
      const why = error instanceof Error ? error.message : String(error);
      throw new SpikegradError('init', `a thread did not start (${why}); take threads 1`);
    }
    return crew;
  }

  // views are made anew: those of an unshared memory die when it grows
  get #control(): Int32Array {
    return new Int32Array(this.heap.memory.buffer, CONTROL_ADDRESS, CONTROL_WORDS);
  }

  get #profile(): Float64Array {
    return new Float64Array(this.heap.memory.buffer, PROFILE_ADDRESS, 2 * PROFILE_KERNELS * PROFILE_THREADS);
  }

  get #record(): Int32Array {
    return recordWords(this.heap.memory, 0);
  }

  /** What is measured, the kernels first. */
  get names(): readonly string[] {
    return this.#kernels.names;
  }

  /** Calls a kernel of the module here and now. @param args in its order; they are used up */
  call(name: string, args: number[]): unknown {
    const index = this.#byName.get(name);
    if (index === undefined) throw new SpikegradError('wasm', `no kernel called ${name}`);
    const { kernels, positional } = this.#kernels;
    return invoke(kernels[index]!, args, positional[index]!, this.#record);
  }

  /**
   * Functions of a module made at run time, by name.
   * @param record address of MODULE_HEAD bytes more than the module has; they are its own for good
   */
  make(record: number, bytes: Uint8Array): ReadonlyMap<string, MadeKernel> {
    new Uint32Array(this.heap.memory.buffer, record, 2).set([0, bytes.length]);
    this.heap.bytes(record + MODULE_HEAD, bytes.length).set(bytes);
    return this.#kernels.publish(record);
  }

  /** Whether these chains fit into one phase. */
  fits(chains: readonly ProgramChain[]): boolean {
    return lengthOf(chains) <= PROGRAM_DOUBLES;
  }

  /**
   * Begins a phase, after the one before it. Without workers, or with one task, it is over when this returns.
   * @param alone on the calling thread only
   */
  start(chains: readonly ProgramChain[], alone = false): void {
    this.finish();
    const control = this.#control;
    control[CONTROL.next] = 0;
    // waking another thread for a single task costs more than most such tasks
    if (alone || this.#workers.length === 0 || tasksOf(chains) <= 1) {
      runPhase(chains, this.#kernels, control, this.#profile, this.#record, 0, 1);
      return;
    }
    this.#running = chains;
    write(new Float64Array(this.heap.memory.buffer, PROGRAM_ADDRESS, PROGRAM_DOUBLES), chains);
    Atomics.store(control, CONTROL.done, 0);
    this.#sequence = (this.#sequence + 1) & 0x3fffffff;
    Atomics.store(control, CONTROL.sequence, this.#sequence);
    Atomics.notify(control, CONTROL.sequence);
  }

  /** Takes this thread's share of the running phase and waits for its end. @throws when a kernel failed */
  finish(): void {
    const chains = this.#running;
    if (chains === undefined) return;
    this.#running = undefined;
    const control = this.#control;
    try {
      runPhase(chains, this.#kernels, control, this.#profile, this.#record, 0, this.threads);
    } finally {
      this.#join(control);
    }
    if (Atomics.exchange(control, CONTROL.failed, 0) !== 0) {
      throw new SpikegradError(
        'wasm',
        'a kernel failed in another thread; the numbers of this step are lost',
      );
    }
  }

  /** Waits until every worker is through. */
  #join(control: Int32Array): void {
    const workers = this.#workers.length;
    for (let spins = 0; ; spins++) {
      const done = Atomics.load(control, CONTROL.done);
      if (done === workers) return;
      if (spins > this.#spins && mayBlock) Atomics.wait(control, CONTROL.done, done, 50);
    }
  }

  /** Begins or ends the measuring of every kernel's time. */
  set profiling(on: boolean) {
    this.#profile.fill(0);
    this.#control[CONTROL.profile] = on ? 1 : 0;
  }

  /** Milliseconds (over all threads) and calls by kernel since profiling began; kernels that never ran are left out. */
  profile(): { kernel: string; milliseconds: number; calls: number }[] {
    const profile = this.#profile;
    return this.names
      .map((kernel, index) => {
        let milliseconds = 0;
        let calls = 0;
        for (let thread = 0; thread < Math.min(this.threads, PROFILE_THREADS); thread++) {
          const slot = 2 * (thread * PROFILE_KERNELS + index);
          milliseconds += profile[slot]!;
          calls += profile[slot + 1]!;
        }
        return { kernel, milliseconds, calls };
      })
      .filter(({ calls }) => calls > 0)
      .sort((a, b) => b.milliseconds - a.milliseconds);
  }

  /** Ends the workers; the crew goes on alone. */
  dismiss(): void {
    this.finish();
    const control = this.#control;
    Atomics.store(control, CONTROL.sequence, -1);
    Atomics.notify(control, CONTROL.sequence);
    for (const worker of this.#workers) worker.stop();
    this.#workers = [];
  }
}

/** A page's own thread may not block; it looks again and again instead. */
const mayBlock = typeof globalThis.document === 'undefined';

interface NodeWorker {
  once(event: string, listener: (value: unknown) => void): void;
  unref(): void;
  terminate(): Promise<number>;
}

function startThread(assignment: Assignment): Thread {
  const node = nodeModule<{
    Worker: new (source: string, options: object) => NodeWorker;
  }>('worker_threads');
  if (node !== undefined) {
    const worker = new node.Worker(workerSource, { eval: true, workerData: assignment, execArgv: [] });
    const ready = new Promise<void>((resolve, reject) => {
      worker.once('message', () => {
        worker.unref(); // a sleeping thread keeps no process alive
        resolve();
      });
      worker.once('error', reject);
    });
    return { ready, stop: () => void worker.terminate() };
  }
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  const worker = new Worker(url);
  const ready = new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    // where the page's policy forbids the worker, the event says nothing
    worker.onerror = ({ message }) =>
      reject(new Error(message || 'does the content security policy allow worker-src blob:?'));
  }).finally(() => URL.revokeObjectURL(url));
  worker.postMessage(assignment);
  return { ready, stop: () => worker.terminate() };
}
