// AdamW (Loshchilov & Hutter, 2019, algorithm 2), as torch.optim.AdamW: Adam whose weight decay is a step of its own.
//
//   m = β₁·m + (1 - β₁)·g,   v = β₂·v + (1 - β₂)·g²
//   p = (1 - lr·weightDecay)·p - lr·m/(1 - β₁ᵗ) / (√(v/(1 - β₂ᵗ)) + ε)

import { type UpdateRule, updateRule } from '../neurons';
import { finite, type OptionsOf, option, optionTable } from '../options';
import { type AdamOptions, ALONG, adamOptions, MEAN_NAMES, MEANS, meanNumbers } from './adam';
import { Descent, type StepNumbers } from './descent';
import type { TrainedParameters } from './groups';

/** The constants of {@link AdamW}. */
export interface AdamWOptions extends Omit<AdamOptions, 'weightDecay'> {
  /** What a parameter loses at each step, times the learning rate. Default 0.01. */
  weightDecay?: number;
}

export const adamWOptions = /* @__PURE__ */ optionTable({
  ...adamOptions.specs,
  weightDecay: option(finite({ least: 0 }), 0.01),
} satisfies OptionsOf<AdamWOptions>);

const RULE = `
  d = g
  faded = keep*p${MEANS}
  p = faded - ${ALONG}`;

export const adamWRule = (): UpdateRule => updateRule(RULE, ['keep', ...MEAN_NAMES]);

/** Adam with weight decay apart from the gradient (Loshchilov & Hutter, 2019). */
export class AdamW extends Descent<AdamWOptions, Required<AdamWOptions>> {
  constructor(parameters: TrainedParameters<AdamWOptions>, options: AdamWOptions = {}) {
    super('AdamW', parameters, adamWOptions.read('AdamW', options), adamWOptions);
    if (Object.getPrototypeOf(new.target) === Descent) Object.freeze(this);
  }

  protected rule(): UpdateRule {
    return adamWRule();
  }

  protected numbers(constants: Required<AdamWOptions>, step: number): StepNumbers {
    return { keep: 1 - constants.lr * constants.weightDecay, ...meanNumbers(constants, step) };
  }
}
