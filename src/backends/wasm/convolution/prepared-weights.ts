// Weights as a kernel wants them: transformed, or in the order in which it reads them.

import { type Address, type Count, counter, entire, entireOut, scratch } from '../argument';
import type { Engine } from '../engine';
import type { KernelCall } from '../schedule/chain';
import type { When } from '../threads/program';

/** Bytes from which on prepared weights are made once for all threads. */
const SHARED_BYTES = 2 ** 20;

/**
 * The weights as a kernel wants them: made by each thread for itself where they are small, and so hot in its cache; by
 * all threads together, in parts of eight channels, where they are large.
 * @param make the call for channels first .. end
 */
export function preparedWeights(
  engine: Engine,
  bytes: number,
  parts: number,
  make: (when: When, first: Count, end: Count, out: Address) => KernelCall,
): { weights: Address; calls: KernelCall[]; release(): void } {
  const { scheduler } = engine;
  if (bytes < SHARED_BYTES) {
    const weights = scratch(bytes);
    return { weights, calls: [make('thread', 0, 8 * parts, weights)], release() {} };
  }
  const buffer = engine.buffer(bytes);
  scheduler.schedule(parts, [make('item', counter(8), counter(8, 8), entireOut(buffer))]);
  return { weights: entire(buffer), calls: [], release: () => scheduler.release(buffer) };
}
