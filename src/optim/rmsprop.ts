// RMSprop (Hinton, lecture 6e of "Neural networks for machine learning", 2012), as torch.optim.RMSprop: ε outside the
// root, weight decay into the gradient.
//
//   d = g + weightDecay·p
//   s = α·s + (1 - α)·d²
//   v = momentum·v + d/(√s + ε),   p = p - lr·v
//
// Centred: a = a + (1 - α)·(d - a), and s - a² in the place of s under the root (Graves, 2013).

import { type UpdateRule, updateRule } from '../neurons';
import { finite, flag, type OptionsOf, option, optionTable } from '../options';
import { Descent, type StepNumbers } from './descent';
import type { TrainedParameters } from './groups';

/** The constants of {@link RmsProp}. */
export interface RmsPropOptions {
  /** Learning rate of the next step; may be changed between steps. Default 0.01. */
  lr?: number;
  /** α, what remains of the mean of g² at each step. Default 0.99. */
  alpha?: number;
  /** ε, added to the root. Default 1e-8. */
  epsilon?: number;
  /** Default 0. */
  momentum?: number;
  /** Whether the mean of g is taken from that of g². Default false. */
  centered?: boolean;
  /** What is added to the gradient, times the parameter. Default 0. */
  weightDecay?: number;
}

const constant = finite({ least: 0 });

export const rmsPropOptions = /* @__PURE__ */ optionTable({
  lr: option(constant, 0.01),
  alpha: option(finite({ least: 0, below: 1 }), 0.99),
  epsilon: option(constant, 1e-8),
  momentum: option(constant, 0),
  centered: option(flag, false),
  weightDecay: option(constant, 0),
} satisfies OptionsOf<RmsPropOptions>);

const SQUARE = `
  d = g + weightDecay*p
  square = alpha*square + share*d*d`;
const CENTRED = `${SQUARE}
  mean = mean + share*(d - mean)
  variance = square - mean*mean`;
const along = (square: string, of: string) => `${square}
  velocity = momentum*velocity + d/(sqrt(${of}) + epsilon)
  p = p - lr*velocity`;
const NAMES = ['lr', 'alpha', 'share', 'epsilon', 'momentum', 'weightDecay'];

export const rmsPropRule = (centered: boolean): UpdateRule =>
  updateRule(centered ? along(CENTRED, 'variance') : along(SQUARE, 'square'), NAMES);

/** RMSprop: gradients over the root of the mean of their squares (Hinton, 2012), as PyTorch has it. */
export class RmsProp extends Descent<RmsPropOptions, Required<RmsPropOptions>> {
  constructor(parameters: TrainedParameters<RmsPropOptions>, options: RmsPropOptions = {}) {
    super('RmsProp', parameters, rmsPropOptions.read('RmsProp', options), rmsPropOptions);
    if (Object.getPrototypeOf(new.target) === Descent) Object.freeze(this);
  }

  protected rule({ centered }: Required<RmsPropOptions>): UpdateRule {
    return rmsPropRule(centered);
  }

  protected numbers(constants: Required<RmsPropOptions>): StepNumbers {
    const { lr, alpha, epsilon, momentum, weightDecay } = constants;
    return { lr, alpha, share: 1 - alpha, epsilon, momentum, weightDecay };
  }
}
