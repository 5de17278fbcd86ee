// The order in which an epoch goes through records, or through parts of a data set that is read in parts.

import { Random } from '../../core/random';

/** Stream of one seed and epoch: Random(seed, epoch, ORDER). */
const ORDER = 1;

export function epochOrder(length: number, seed: number, epoch: number, shuffle: boolean): Uint32Array {
  return shuffle
    ? new Random(seed, epoch, ORDER).permutation(length)
    : Uint32Array.from({ length }, (_, i) => i);
}
