// The backend that new tensors are made on, and the global stream of random numbers. Operators do not look here: they
// run where their operands live.

import type { Backend } from '../backends/backend';
import { check } from '../errors';
import { checkKind, whole } from '../options';
import { Random } from './random';

let active: Backend | undefined;
let random = new Random(0);

/** The backend for new tensors. @throws before `init` */
export function activeBackend(where: string): Backend {
  check(active !== undefined, where, 'no backend yet: call `await init()` first');
  return active;
}

/** The same, or undefined before `init`. */
export function activeBackendOrNone(): Backend | undefined {
  return active;
}

export function setActiveBackend(backend: Backend | undefined): void {
  active = backend;
}

/** Runs `fn` with `backend` for new tensors, then puts the former one back. Synchronous only. */
export function withBackend<R>(backend: Backend, fn: () => R): R {
  const former = active;
  active = backend;
  try {
    return fn();
  } finally {
    active = former;
  }
}

/** Starts the global random stream anew: `randn`, `uniform`, `dropout` and initial weights draw from it. */
export function manualSeed(seed: number): void {
  checkKind('manualSeed', 'seed', whole(), seed);
  random = new Random(seed);
}

/** The stream that is drawn from where no other is given. */
export function globalRandom(): Random {
  return random;
}
