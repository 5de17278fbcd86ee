// Which backend is faster for the work at hand: measured, not guessed from a name. The choice is kept where a store is
// given, since a GPU takes seconds to compile its kernels.

import type { Backend } from './backends/backend';
import { activeBackendOrNone, setActiveBackend } from './core/engine';
import { SpikegradError } from './errors';

/** The work of one backend: a training step, say. */
export interface Round {
  /** Does the work once and resolves when its numbers are there. */
  run(): Promise<unknown>;
  /** Frees whatever the rounds share. */
  dispose(): void;
}

/** A piece of work that backends are measured with, such as a training step. */
export interface Workload {
  /** Everything that its speed depends on; names it in the store. */
  readonly key: string;
  /** Builds the work on the backend for new tensors. */
  prepare(): Round;
}

/** What one piece of work took on each backend, and which was fastest. */
export interface Calibration {
  readonly fastest: string;
  /** Shortest round of each backend, without the first, which compiles. */
  readonly milliseconds: Readonly<Record<string, number>>;
  /** Why the work did not run on a backend, in words; absent where it ran on all. */
  readonly failures?: Readonly<Record<string, string>>;
}

/** Where calibrations are kept. A store that fails costs a new measurement and nothing else. */
export interface CalibrationStore {
  load(key: string): Promise<Calibration | undefined>;
  save(key: string, calibration: Calibration): Promise<void>;
}

/** Rounds of each backend that are measured, fewer where they are long. */
const ROUNDS = 3;
const ENOUGH_MILLISECONDS = 1000;
/** A device that has not answered by then, its kernels compiled, will not. */
const MOST_SECONDS = 120;

/**
 * Runs the work on each backend, one after another, and takes the shortest round of each: what disturbs a round only
 * makes it longer. A backend on which the work fails is out of the running.
 * @throws the last failure when the work runs on none
 */
export async function calibrate(
  backends: readonly Backend[],
  workload: Workload,
  now: () => number = () => performance.now(),
  mostSeconds = MOST_SECONDS,
): Promise<Calibration> {
  const former = activeBackendOrNone();
  const milliseconds: Record<string, number> = {};
  const failures: Record<string, string> = {};
  let failure: unknown;
  try {
    for (const backend of backends) {
      setActiveBackend(backend);
      try {
        milliseconds[backend.name] = await answered(
          backend,
          shortestRound(workload.prepare(), now),
          mostSeconds,
        );
      } catch (error) {
        failure = error;
        failures[backend.name] = error instanceof Error ? error.message : String(error);
      }
    }
  } finally {
    setActiveBackend(former);
  }
  const [fastest] = Object.entries(milliseconds).sort(([, a], [, b]) => a - b);
  if (fastest === undefined) throw failure;
  return { fastest: fastest[0], milliseconds, ...(failure !== undefined && { failures }) };
}

/** @throws where a device has not done its work by then; whatever comes of it later is nobody's business */
async function answered<T>(backend: Backend, work: Promise<T>, seconds: number): Promise<T> {
  if (backend.synchronous) return work; // computes in this thread, where no clock would be heard
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const words = `no answer within ${seconds} s`;
    timer = setTimeout(() => reject(new SpikegradError(backend.name, words)), 1000 * seconds);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function shortestRound(round: Round, now: () => number): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  try {
    await round.run(); // compiles
    const begin = now();
    for (let i = 0; i < ROUNDS && now() - begin < ENOUGH_MILLISECONDS; i++) {
      const start = now();
      await round.run();
      shortest = Math.min(shortest, now() - start);
    }
  } finally {
    round.dispose();
  }
  return shortest;
}

/** What the store has under `key`, or what `measure` finds, which is then kept unless a backend failed. */
export async function remembered(
  store: CalibrationStore | undefined,
  key: string,
  measure: () => Promise<Calibration>,
): Promise<Calibration> {
  const known = await store?.load(key).catch(() => undefined);
  if (known !== undefined) return known;
  const calibration = await measure();
  if (calibration.failures !== undefined) return calibration; // it may run next time
  await store?.save(key, calibration).catch(() => {});
  return calibration;
}
