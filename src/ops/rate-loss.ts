// Losses of networks over time, from what they give at every step [T,N,classes].

import { formatShape } from '../backends/shape';
import { classLabels, type Labels, labelNumbers } from '../core/labels';
import { scope } from '../core/scope';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { finite, type OptionsOf, option, optionTable } from '../options';
import { add, mul, sub } from './arithmetic';
import { oneHot } from './gather';
import { reshape } from './layout';
import { type CrossEntropyOptions, crossEntropyOf, crossEntropyOptions } from './loss';
import { max, mean } from './reduce';

/** What {@link tetLoss} takes besides the outputs and labels. */
export interface TetLossOptions extends Pick<CrossEntropyOptions, 'labelSmoothing' | 'classWeights'> {
  /** λ, the share of the second term. Default 0.001. */
  lambda?: number;
  /** φ, what the second term draws every output to. Default 1. */
  target?: number;
}

export const tetLossOptions = /* @__PURE__ */ (() =>
  optionTable({
    labelSmoothing: crossEntropyOptions.specs.labelSmoothing,
    classWeights: crossEntropyOptions.specs.classWeights,
    lambda: option(finite({ least: 0, most: 1 }), 0.001),
    target: option(finite(), 1),
  } satisfies OptionsOf<TetLossOptions>))();

/** @throws unless they are [T,N,classes] with T and N of at least 1 */
function checkOutputs(where: string, outputs: Tensor, name = 'outputs'): void {
  checkTensor(where, outputs, name);
  check(
    outputs.shape.length === 3 && outputs.size > 0,
    where,
    () => `${name} must be [T,N,classes] and hold numbers, got ${formatShape(outputs.shape)}`,
  );
}

/**
 * Temporal efficient training (Deng et al., ICLR 2022, eqs. 10 and 11): the cross-entropy of every time step by itself
 * in the place of that of their mean, and a term that keeps outputs near φ:
 *
 *   L = (1 - λ)·1/T Σ_t CE(outputs[t], labels) + λ·mean((outputs - φ)²).
 *
 * @param outputs logits [T,N,classes], before any mean over time
 * @param labels N whole numbers in [0, classes)
 * @returns a scalar
 */
export function tetLoss(outputs: Tensor, labels: Labels, options: TetLossOptions = {}): Tensor {
  const { lambda, target, ...smoothing } = tetLossOptions.read('tetLoss', options);
  checkOutputs('tetLoss', outputs);
  const [steps, count, classes] = outputs.shape as [number, number, number];
  const once = Array.from(labelNumbers('tetLoss', labels));
  check(once.length === count, 'tetLoss', () => `${once.length} labels for ${count} records`);
  const all = Array.from({ length: steps }, () => once).flat();
  const given = { ...smoothing, ignoreIndex: undefined, reduction: 'mean' as const };
  return scope(() => {
    const entropy = crossEntropyOf('tetLoss', reshape(outputs, [steps * count, classes]), all, given);
    if (lambda === 0) return entropy;
    const apart = sub(outputs, target);
    return add(mul(entropy, 1 - lambda), mul(mean(mul(apart, apart)), lambda));
  });
}

/**
 * Cross-entropy of the largest membrane of each class over time: snnTorch's `ce_max_membrane_loss`, for a read-out such
 * as `new Spiking(li())`. Equal ones share the gradient.
 * @param membranes [T,N,classes]
 * @param labels N whole numbers in [0, classes)
 * @returns a scalar; [N] for the reduction 'none'
 */
export function maxMembraneLoss(
  membranes: Tensor,
  labels: Labels,
  options: CrossEntropyOptions = {},
): Tensor {
  const given = crossEntropyOptions.read('maxMembraneLoss', options);
  checkOutputs('maxMembraneLoss', membranes, 'membranes');
  return scope(() => crossEntropyOf('maxMembraneLoss', max(membranes, 0), labels, given));
}

/** What {@link rateMse} takes besides the spikes and labels. */
export interface RateMseOptions {
  /** The rate that the label's class is to have. Default 1. */
  correct?: number;
  /** The rate that the others are to have. Default 0. */
  other?: number;
}

export const rateMseOptions = optionTable({
  correct: option(finite(), 1),
  other: option(finite(), 0),
} satisfies OptionsOf<RateMseOptions>);

/**
 * Mean squared difference of firing rates from those wanted, over records and classes: what SpikingJelly's examples and
 * snnTorch's `mse_count_loss` train with.
 * @param spikes [T,N,classes]
 * @param labels N whole numbers in [0, classes)
 * @returns a scalar
 */
export function rateMse(spikes: Tensor, labels: Labels, options: RateMseOptions = {}): Tensor {
  const { correct, other } = rateMseOptions.read('rateMse', options);
  checkOutputs('rateMse', spikes);
  const [, count, classes] = spikes.shape as [number, number, number];
  const numbers = labelNumbers('rateMse', labels);
  check(numbers.length === count, 'rateMse', () => `${numbers.length} labels for ${count} records`);
  const targets = classLabels('rateMse', numbers, classes);
  return scope(() => {
    const wanted = add(mul(oneHot(targets, classes), correct - other), other);
    const apart = sub(mean(spikes, 0), wanted);
    return mean(mul(apart, apart));
  });
}
