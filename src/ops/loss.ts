// Softmax and cross-entropy, from shifted logarithms so that large logits do no harm.

import { formatShape } from '../backends/shape';
import { scope } from '../core/scope';
import { checkTensor, fromHandle, Tensor } from '../core/tensor';
import { check, SpikegradError } from '../errors';
import { isBigInts, isTyped, shown, takesNoMore } from '../options';
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

/** The class of each row: whole numbers in a list, a typed array (of 64-bit integers too, such as I64 of a file) or a tensor. */
export type Labels = ArrayLike<number> | ArrayLike<bigint> | Tensor;

/** Labels as numbers; whether they are classes is asked afterwards. */
function numbersOf(labels: Labels): ArrayLike<number> {
  if (labels instanceof Tensor) {
    check(
      labels.shape.length === 1,
      'crossEntropy',
      () => `labels must be one class for each row, [N], got a Tensor ${formatShape(labels.shape)}`,
    );
    check(
      labels.backend.synchronous,
      'crossEntropy',
      'a tensor of labels cannot be read at once on this backend: give await labels.data()',
    );
    return labels.dataSync();
  }
  if (isTyped(labels) || (Array.isArray(labels) && labels.every((label) => typeof label === 'number')))
    return labels as ArrayLike<number>;
  if (isBigInts(labels)) return Array.from(labels as ArrayLike<bigint>, Number);
  const stray = Array.isArray(labels) ? labels.findIndex((label) => typeof label !== 'number') : -1;
  const data = (labels as { data?: unknown } | null)?.data;
  throw new SpikegradError(
    'crossEntropy',
    stray >= 0
      ? `label ${shown((labels as unknown[])[stray])} at row ${stray} is no number; a label is the number of its class`
      : `labels must be whole numbers in a list or typed array, got ${shown(labels)}${data === undefined ? '' : '; give its data'}`,
  );
}

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
  const given = numbersOf(labels);
  check(given.length === count, 'crossEntropy', () => `${given.length} labels for ${count} rows of logits`);
  const targets = Int32Array.from(given);
  for (let i = 0; i < count; i++) {
    check(
      Number.isInteger(given[i]) && targets[i]! >= 0 && targets[i]! < classes,
      'crossEntropy',
      () => `label ${given[i]} at row ${i} is not a class from 0 to ${classes - 1}`,
    );
  }
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
