// Lion (Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, algorithm 2): steps of one size
// along the sign of a mean.
//
//   c = β₁·m + (1 - β₁)·g
//   p = (1 - lr·weightDecay)·p - lr·sign(c)
//   m = β₂·m + (1 - β₂)·g

import { type UpdateRule, updateRule } from '../neurons';
import { finite, type OptionsOf, option, optionTable } from '../options';
import { betaPair } from './adam';
import { Descent, type StepNumbers } from './descent';
import type { TrainedParameters } from './groups';

/** The constants of {@link Lion}. */
export interface LionOptions {
  /** Size of the next step in every number; may be changed between steps. Default 0.0001. */
  lr?: number;
  /** What remains of the mean in the step, and from step to step. Default [0.9, 0.99]. */
  betas?: readonly [number, number];
  /** What a parameter loses at each step, times the learning rate. Default 0. */
  weightDecay?: number;
}

export const lionOptions = /* @__PURE__ */ optionTable({
  lr: option(finite({ least: 0 }), 0.0001),
  betas: option(betaPair, () => [0.9, 0.99] as const, '[0.9, 0.99]'),
  weightDecay: option(finite({ least: 0 }), 0),
} satisfies OptionsOf<LionOptions>);

const RULE = `
  c = mean + share1*(g - mean)
  faded = keep*p
  p = faded - lr*sign(c)
  mean = mean + share2*(g - mean)`;

export const lionRule = (): UpdateRule => updateRule(RULE, ['lr', 'keep', 'share1', 'share2']);

/**
 * Lion: every number moves by the learning rate, in the direction of a mean of gradients (Chen et al., 2023). Rates
 * are a third to a tenth of AdamW's, weight decay as many times larger.
 */
export class Lion extends Descent<LionOptions, Required<LionOptions>> {
  constructor(parameters: TrainedParameters<LionOptions>, options: LionOptions = {}) {
    super('Lion', parameters, lionOptions.read('Lion', options), lionOptions);
    if (Object.getPrototypeOf(new.target) === Descent) Object.freeze(this);
  }

  protected rule(): UpdateRule {
    return lionRule();
  }

  protected numbers({ lr, betas: [beta1, beta2], weightDecay }: Required<LionOptions>): StepNumbers {
    return { lr, keep: 1 - lr * weightDecay, share1: 1 - beta1, share2: 1 - beta2 };
  }
}
