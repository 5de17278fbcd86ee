// Stochastic gradient descent with momentum, as PyTorch does it (Polyak 1964, Nesterov 1983, the form of Sutskever et
// al. 2013 that torch.optim.SGD has). Weight decay goes into the gradient:
//
//   d = g + weightDecay·p
//   v = momentum·v + (1 - dampening)·d     (the first v is d, and without momentum each)
//   p = p - lr·v,   Nesterov: p = p - lr·(d + momentum·v)

import { check } from '../errors';
import { type UpdateRule, updateRule } from '../neurons';
import { finite, flag, type OptionsOf, option, optionTable, required } from '../options';
import { Descent, type StepNumbers } from './descent';
import type { TrainedParameters } from './groups';

/** The constants of {@link Sgd}. */
export interface SgdOptions {
  /** Learning rate of the next step; may be changed between steps. */
  lr: number;
  /** Default 0.9. */
  momentum?: number;
  /** Share of the gradient that does not enter the velocity. Default 0. */
  dampening?: number;
  /** Whether the step looks ahead along the velocity. Default false. */
  nesterov?: boolean;
  /** What is added to the gradient, times the parameter. Default 0. */
  weightDecay?: number;
}

const constant = finite({ least: 0 });

export const sgdOptions = /* @__PURE__ */ optionTable({
  lr: required(constant),
  momentum: option(constant, 0.9),
  dampening: option(constant, 0),
  nesterov: option(flag, false),
  weightDecay: option(constant, 0),
} satisfies OptionsOf<SgdOptions>);

// what has a name is rounded: v is the sum of two rounded products, as it always was
const VELOCITY = `
  d = g + weightDecay*p
  kept = momentum*velocity
  velocity = kept + share*d`;
const PLAIN = `${VELOCITY}
  p = p - lr*velocity`;
const NESTEROV = `${VELOCITY}
  ahead = d + momentum*velocity
  p = p - lr*ahead`;
const NAMES = ['lr', 'momentum', 'share', 'weightDecay'];

export const sgdRule = (nesterov: boolean): UpdateRule => updateRule(nesterov ? NESTEROV : PLAIN, NAMES);

/**
 * SGD with momentum as PyTorch's: v = momentum·v + g + weightDecay·p, p = p - lr·v, or Nesterov's. A tensor that is
 * given more than once, as where two layers share it, is one parameter: it has one velocity and takes one step.
 */
export class Sgd extends Descent<SgdOptions, Required<SgdOptions>> {
  constructor(parameters: TrainedParameters<SgdOptions>, options: SgdOptions) {
    super('Sgd', parameters, sgdOptions.read('Sgd', options), sgdOptions);
    if (Object.getPrototypeOf(new.target) === Descent) Object.freeze(this);
  }

  /** That of the first group. Setting it sets all of them. */
  get momentum(): number {
    return this.groups[0]!.momentum;
  }

  set momentum(value: number) {
    for (const group of this.groups) group.momentum = value;
  }

  protected override checkGroup({ nesterov, momentum, dampening }: Required<SgdOptions>): void {
    check(
      !nesterov || (momentum > 0 && dampening === 0),
      'Sgd',
      () => `nesterov needs a momentum and no dampening, got momentum ${momentum}, dampening ${dampening}`,
    );
  }

  protected rule({ nesterov }: Required<SgdOptions>): UpdateRule {
    return sgdRule(nesterov);
  }

  protected numbers(
    { lr, momentum, dampening, weightDecay }: Required<SgdOptions>,
    step: number,
  ): StepNumbers {
    // without momentum there is no velocity that anything could be kept out of
    return { lr, momentum, weightDecay, share: step === 1 || momentum === 0 ? 1 : 1 - dampening };
  }
}
