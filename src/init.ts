// Choosing where tensors live.

import type { Backend, Precision } from './backends/backend';
import { cpuBackend } from './backends/cpu';
import { manualSeed, setActiveBackend } from './core/engine';
import { check, SpikegradError } from './errors';

export interface InitOptions {
  /** `cpu` is the reference backend, in plain JavaScript. Default `cpu`. */
  backend?: 'cpu';
  /** f64 is for checking mathematics. Default `f32`. */
  precision?: Precision;
  /** Threads to compute with. The reference backend has one. Default 1. */
  threads?: number;
  /** Seed of initial weights and of every draw without a stream of its own. Default 0. */
  seed?: number;
}

/** Makes a backend without choosing it for new tensors. */
export async function createBackend({
  backend = 'cpu',
  precision = 'f32',
  threads = 1,
}: InitOptions = {}): Promise<Backend> {
  check(
    precision === 'f32' || precision === 'f64',
    'init',
    () => `precision must be 'f32' or 'f64', got ${JSON.stringify(precision)}`,
  );
  check(
    Number.isInteger(threads) && threads >= 1,
    'init',
    () => `threads must be a whole number >= 1, got ${threads}`,
  );
  if (backend !== 'cpu')
    throw new SpikegradError('init', `no backend called ${JSON.stringify(backend)}; there is 'cpu'`);
  check(threads === 1, 'init', () => `the cpu backend computes in one thread, got threads ${threads}`);
  return cpuBackend(precision);
}

/**
 * Chooses the backend for new tensors and seeds the global random stream. Call it once, before anything else.
 * @returns the backend
 */
export async function init(options: InitOptions = {}): Promise<Backend> {
  const backend = await createBackend(options);
  manualSeed(options.seed ?? 0);
  setActiveBackend(backend);
  return backend;
}
