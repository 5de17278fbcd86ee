// Softmax and cross-entropy, from shifted logarithms so that large logits do no harm.

import { formatShape } from '../backends/shape';
import { tensor } from '../core/create';
import { classLabels, type Labels, labelNumbers } from '../core/labels';
import { scope } from '../core/scope';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import {
  finite,
  kind,
  numberList,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  takesNoMore,
  whole,
} from '../options';
import { mul, sub } from './arithmetic';
import { where as choose, greater } from './compare';
import { operation } from './operator';
import { sum } from './reduce';

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

/** What {@link crossEntropy} takes besides logits and labels: PyTorch's options. */
export interface CrossEntropyOptions {
  /** Share of the target that is spread over all classes. Default 0. */
  labelSmoothing?: number;
  /** How much each class counts. Default: all alike. */
  classWeights?: ArrayLike<number>;
  /** A label that is no class: rows that have it count nothing. Default: none. */
  ignoreIndex?: number;
  /** The mean over the rows, by the weights of their classes, their sum, or each row's own [N]. Default 'mean'. */
  reduction?: Reduction;
}

/** What becomes of the losses of the rows. */
export type Reduction = 'mean' | 'sum' | 'none';

const someWeights = kind<ArrayLike<number>>(
  'a list of numbers >= 0, one for each class',
  (value) => numberList.holds(value) && Array.from(value).every((weight) => weight >= 0 && weight < Infinity),
);

export const crossEntropyOptions = optionTable({
  labelSmoothing: option(finite({ least: 0, most: 1 }), 0),
  classWeights: optional(someWeights, 'all alike'),
  ignoreIndex: optional(whole(), 'none'),
  reduction: option(oneOf(['mean', 'sum', 'none']), 'mean'),
} satisfies OptionsOf<CrossEntropyOptions>);

/**
 * Mean over the batch of -log softmax(logits)[label]. With label smoothing ε the target is 1 - ε at the label and
 * ε/classes everywhere; with class weights w it is Σ w[c]·target[c]·-log softmax(logits)[c], and the mean is taken by
 * the weights of the labels, as in PyTorch.
 * @param logits [N,classes]
 * @param labels N whole numbers in [0, classes), or `ignoreIndex`
 * @returns a scalar; [N] for the reduction 'none'
 * @throws for a label that is no class, and for a mean of rows that weigh nothing
 */
export function crossEntropy(logits: Tensor, labels: Labels, options: CrossEntropyOptions = {}): Tensor {
  const given = crossEntropyOptions.read('crossEntropy', options);
  return crossEntropyOf('crossEntropy', logits, labels, given);
}

/** @param where the function that messages name */
export function crossEntropyOf(
  where: string,
  logits: Tensor,
  labels: Labels,
  given: ReturnType<typeof crossEntropyOptions.read>,
): Tensor {
  checkTensor(where, logits, 'logits');
  check(
    logits.shape.length === 2,
    where,
    () => `logits must be [N,classes], got ${formatShape(logits.shape)}`,
  );
  const [count, classes] = logits.shape as [number, number];
  const { labelSmoothing, classWeights, ignoreIndex, reduction } = given;
  check(count > 0 || reduction !== 'mean', where, 'the batch is empty: its mean is not defined');
  check(classes > 0, where, () => `logits ${formatShape(logits.shape)} have no classes`);
  const numbers = labelNumbers(where, labels);
  check(numbers.length === count, where, () => `${numbers.length} labels for ${count} rows of logits`);
  check(
    classWeights === undefined || classWeights.length === classes,
    where,
    () => `${classWeights!.length} classWeights for ${classes} classes`,
  );
  const isIgnored = Array.from(numbers, (label) => label === ignoreIndex);
  const counted = ignoreIndex === undefined ? numbers : Array.from(numbers, (n, i) => (isIgnored[i] ? 0 : n));
  const targets = classLabels(where, counted, classes);
  const isPlain = labelSmoothing === 0 && classWeights === undefined && !isIgnored.includes(true);
  if (isPlain && reduction === 'mean') return meanCrossEntropy(where, logits, targets);
  return scope(() => {
    const shares = new Float64Array(count * classes);
    let weight = 0;
    targets.forEach((target, row) => {
      if (isIgnored[row]) return;
      const of = (c: number) => classWeights?.[c] ?? 1;
      weight += of(target);
      for (let c = 0; c < classes; c++) shares[row * classes + c] = (labelSmoothing / classes) * of(c);
      shares[row * classes + target]! += (1 - labelSmoothing) * of(target);
    });
    const target = tensor(shares, [count, classes], { backend: logits.backend });
    // where a share is 0, its logarithm may be -∞
    const picked = mul(target, choose(greater(target, 0), logSoftmax(logits), 0));
    const rows = sub(0, sum(picked, 1)); // 0 and not -0 of a row that is ignored
    if (reduction === 'none') return rows;
    if (reduction === 'sum') return sum(rows);
    check(weight > 0, where, 'every row is ignored or weighs nothing: their mean is not defined');
    return mul(sum(rows), 1 / weight);
  });
}

function meanCrossEntropy(where: string, logits: Tensor, targets: Int32Array): Tensor {
  const { backend, shape } = logits;
  return scope(() => {
    const { loss, probabilities } = backend.crossEntropy(logits, targets);
    return operation({
      name: where,
      inputs: [logits],
      handle: loss,
      shape: [],
      saved: [fromHandle(backend, probabilities, shape)],
      backward: (g, [p]) => [fromHandle(backend, backend.crossEntropyGradient(g, p!, targets), shape)],
    });
  });
}
