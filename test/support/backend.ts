// The laws run twice: on the f64 reference, and (project `wasm` of vitest.config.ts) on the fast backend in f32.

import { init } from '../../src/init';

/** Whether this run is the one in f32 on wasm. */
export const onWasm = process.env.SPIKEGRAD_TEST_BACKEND === 'wasm';

/** The backend under test. */
export async function initTested(): Promise<void> {
  await init(onWasm ? { backend: 'wasm', threads: 2 } : { backend: 'cpu', precision: 'f64' });
}

/** A tolerance meant for f64, or what f32 can hold. */
export function within(tolerance: number): number {
  return onWasm ? Math.max(tolerance, 2e-5) : tolerance;
}

/** Digits behind the point that toBeCloseTo may ask for. */
export function digits(count: number): number {
  return onWasm ? Math.min(count, 6) : count;
}

/** The number as the tested backend holds it. */
export function held(x: number): number {
  return onWasm ? Math.fround(x) : x;
}
