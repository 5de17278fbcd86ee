// What is added to a loss so that neurons fire neither too little nor too much.

import { scope } from '../core/scope';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { finite, type OptionsOf, option, optionTable } from '../options';
import { add, mul, sub } from './arithmetic';
import { relu } from './functions';
import { mean } from './reduce';

/** Between what a firing rate is held. */
export interface RateBoundsOptions {
  /** The least share of neurons and steps that fire. Default 0. */
  low?: number;
  /** The largest. Default 1. */
  high?: number;
}

const share = finite({ least: 0, most: 1 });

export const rateBoundsOptions = optionTable({
  low: option(share, 0),
  high: option(share, 1),
} satisfies OptionsOf<RateBoundsOptions>);

/** @throws unless low <= high */
export function checkBounds(where: string, low: number, high: number): void {
  check(low <= high, where, () => `low ${low} lies above high ${high}: give the smaller one first`);
}

/**
 * How far the firing rate of a layer lies outside bounds, squared: max(0, low - r)² + max(0, r - high)² with r the mean
 * of its spikes over steps, records and neurons; 0 within. To be added to a loss with a factor. With `high: 0` it draws
 * all rates down, as snnTorch's `l1_rate_sparsity` does with the sum of spikes, `mul(sum(spikes), 1e-5)`.
 * @param spikes of a layer, of any shape
 * @returns a scalar
 */
export function rateBounds(spikes: Tensor, options: RateBoundsOptions = {}): Tensor {
  checkTensor('rateBounds', spikes, 'spikes');
  const { low, high } = rateBoundsOptions.read('rateBounds', options);
  checkBounds('rateBounds', low, high);
  return scope(() => {
    const rate = mean(spikes);
    const [below, above] = [relu(sub(low, rate)), relu(sub(rate, high))];
    return add(mul(below, below), mul(above, above));
  });
}
