// Softmax and cross-entropy, from shifted logarithms so that large logits do no harm.

import { formatShape } from '../backends/shape';
import { classLabels, type Labels, labelNumbers } from '../core/labels';
import { scope } from '../core/scope';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { takesNoMore } from '../options';
import { operation } from './operator';

/** log(softmax(x)) along the last axis. */
export const logSoftmax: (x: Tensor) => Tensor = (x, ...more: unknown[]) => {
  takesNoMore('logSoftmax', more);
  checkTensor('logSoftmax', x);
  check((x.shape.at(-1) ?? 0) > 0, 'logSoftmax', () => `last axis of ${formatShape(x.shape)} has no classes`);
  const { backend, shape } = x;
  return operation({
    name: 'logSoftmax',
    inputs: [x],
    handle: backend.logSoftmax(x),
    shape,
    saved: ['output'],
    backward: (g, [y]) => [fromHandle(backend, backend.logSoftmaxGradient(g, y!), shape)],
  });
};

/**
 * Mean over the batch of -log softmax(logits)[label].
 * @param logits [N,classes]
 * @param labels N whole numbers in [0, classes)
 * @returns a scalar
 */
export function crossEntropy(logits: Tensor, labels: Labels, ...more: never[]): Tensor {
  takesNoMore('crossEntropy', more);
  checkTensor('crossEntropy', logits, 'logits');
  check(
    logits.shape.length === 2,
    'crossEntropy',
    () => `logits must be [N,classes], got ${formatShape(logits.shape)}`,
  );
  const [count, classes] = logits.shape as [number, number];
  check(count > 0, 'crossEntropy', 'the batch is empty: its mean is not defined');
  check(classes > 0, 'crossEntropy', () => `logits ${formatShape(logits.shape)} have no classes`);
  const given = labelNumbers('crossEntropy', labels);
  check(given.length === count, 'crossEntropy', () => `${given.length} labels for ${count} rows of logits`);
  const targets = classLabels('crossEntropy', given, classes);
  const { backend, shape } = logits;
  return scope(() => {
    const { loss, probabilities } = backend.crossEntropy(logits, targets);
    return operation({
      name: 'crossEntropy',
      inputs: [logits],
      handle: loss,
      shape: [],
      saved: [fromHandle(backend, probabilities, shape)],
      backward: (g, [p]) => [fromHandle(backend, backend.crossEntropyGradient(g, p!, targets), shape)],
    });
  });
}
