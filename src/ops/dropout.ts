// Dropout: in training each number is zeroed with probability p and the others are scaled by 1/(1 - p).

import { bernoulli, randomTensorOptions } from '../core/create';
import type { Random } from '../core/random';
import { scope } from '../core/scope';
import { checkTensor, type Tensor } from '../core/tensor';
import { checkKind, finite, type OptionsOf, optionsBelong, optionTable } from '../options';
import { mul } from './arithmetic';

/** What {@link dropout} takes. */
export interface DropoutOptions {
  /** The stream that the mask is drawn from. Default: the global one, seeded by `init`. */
  random?: Random;
}

export const dropoutOptions = optionTable({
  random: randomTensorOptions.specs.random,
} satisfies OptionsOf<DropoutOptions>);

const probability = { ...finite({ least: 0, below: 1 }), advice: optionsBelong('dropout(x, p, { random })') };

/** @throws unless p can be the probability that a number is zeroed */
export function checkProbability(where: string, p: number): void {
  checkKind(where, 'p', probability, p);
}

/**
 * Zeroes each number with probability p and scales the others by 1/(1 - p).
 * @param x any shape
 * @param p probability of zeroing, in [0, 1)
 */
export function dropout(x: Tensor, p: number, options: DropoutOptions = {}): Tensor {
  checkTensor('dropout', x);
  checkProbability('dropout', p);
  const { random } = dropoutOptions.read('dropout', options);
  return scope(() => {
    const mask = bernoulli(x.shape, 1 - p, { random, backend: x.backend });
    return mul(x, mul(mask, 1 / (1 - p)));
  });
}
