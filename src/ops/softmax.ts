// Softmax over any axis, from shifted logarithms so that large logits do no harm.

import { formatShape, normalAxis } from '../backends/shape';
import { scope } from '../core/scope';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { takesNoMore } from '../options';
import { exp } from './functions';
import { transpose } from './layout';
import { logSoftmax } from './loss';

/**
 * eˣ / Σ eˣ over an axis: shares that sum to 1. Training takes {@link crossEntropy} of the logits themselves, which
 * loses no digits.
 * @param axis negative ones count from the back
 * @throws over no elements
 */
export function softmax(x: Tensor, axis = -1, ...more: never[]): Tensor {
  takesNoMore('softmax', more);
  checkTensor('softmax', x);
  const at = normalAxis('softmax', axis, x.shape.length);
  check(x.shape[at]! > 0, 'softmax', () => `axis ${at} of ${formatShape(x.shape)} holds no elements`);
  const last = x.shape.length - 1;
  if (at === last) return scope(() => exp(logSoftmax(x)));
  const swapped = x.shape.map((_, i) => (i === at ? last : i === last ? at : i));
  return scope(() => transpose(exp(logSoftmax(transpose(x, swapped))), swapped));
}
