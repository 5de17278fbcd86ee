// Dropout: in training each number is zeroed with probability p and the others are scaled by 1/(1 - p).

import { formatShape } from '../backends/shape';
import { bernoulli, randomTensorOptions } from '../core/create';
import type { Random } from '../core/random';
import { scope } from '../core/scope';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { checkKind, finite, flag, type OptionsOf, option, optionsBelong, optionTable } from '../options';
import { mul } from './arithmetic';
import { broadcastTo } from './layout';

/** What {@link dropout} takes. */
export interface DropoutOptions {
  /** The stream that the mask is drawn from. Default: the global one, seeded by `init`. */
  random?: Random;
  /** One mask for all time steps, the first axis of x [T,N,...], as in SpikingJelly. Default false. */
  sameMask?: boolean;
}

export const dropoutOptions = optionTable({
  random: randomTensorOptions.specs.random,
  sameMask: option(flag, false),
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
 * @throws with `sameMask` for a tensor of fewer than two axes
 */
export function dropout(x: Tensor, p: number, options: DropoutOptions = {}): Tensor {
  checkTensor('dropout', x);
  checkProbability('dropout', p);
  const { random, sameMask } = dropoutOptions.read('dropout', options);
  check(
    !sameMask || x.shape.length >= 2,
    'dropout',
    () => `sameMask needs time steps [T,N,...], got ${formatShape(x.shape)}`,
  );
  return scope(() => {
    const once = sameMask ? [1, ...x.shape.slice(1)] : x.shape;
    const mask = mul(bernoulli(once, 1 - p, { random, backend: x.backend }), 1 / (1 - p));
    return mul(x, sameMask ? broadcastTo(mask, x.shape) : mask);
  });
}
