// Dropout: in training each number is zeroed with probability p and the others are scaled by 1/(1 - p).

import { bernoulli, type RandomTensorOptions } from '../core/create';
import { scope } from '../core/scope';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { mul } from './arithmetic';

/**
 * Zeroes each number with probability p and scales the others by 1/(1 - p).
 * @param x any shape
 * @param p probability of zeroing, in [0, 1)
 * @param options.random the stream of the mask; default the global one
 */
export function dropout(x: Tensor, p: number, options: Pick<RandomTensorOptions, 'random'> = {}): Tensor {
  check(p >= 0 && p < 1, 'dropout', () => `probability ${p} is not in [0, 1)`);
  return scope(() => {
    const mask = bernoulli(x.shape, 1 - p, { ...options, backend: x.backend });
    return mul(x, mul(mask, 1 / (1 - p)));
  });
}
