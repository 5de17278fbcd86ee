// What the machine's processors do besides the benchmark, from the system's own counters.

import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';

/** Processor time of all programs, and the clock, both in seconds. */
export interface Usage {
  readonly busy: number;
  readonly clock: number;
}

export function usage(): Usage {
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return { busy: busy / 1e3, clock: performance.now() / 1e3 };
}

/**
 * @param own seconds of processor time in between that were the benchmark's
 * @returns how many processors other programs kept busy between two readings
 */
export function foreign(before: Usage, after: Usage, own: number): number {
  return Math.max(0, (after.busy - before.busy - own) / (after.clock - before.clock));
}

/** Processors that are at work now, watched for `seconds` in which the benchmark does nothing. */
export async function foreignNow(seconds = 2): Promise<number> {
  const before = usage();
  await setTimeout(1e3 * seconds);
  return foreign(before, usage(), 0);
}

/** So many busy processors are still a quiet machine. */
export const QUIET = 0.25;
