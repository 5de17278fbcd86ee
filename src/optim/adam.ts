// Adam (Kingma & Ba, 2015, algorithm 1), as torch.optim.Adam: weight decay goes into the gradient.
//
//   d = g + weightDecay·p
//   m = β₁·m + (1 - β₁)·d,   v = β₂·v + (1 - β₂)·d²
//   p = p - lr·m/(1 - β₁ᵗ) / (√(v/(1 - β₂ᵗ)) + ε)

import { type UpdateRule, updateRule } from '../neurons';
import { finite, kind, type OptionsOf, option, optionTable } from '../options';
import { Descent, powerOf, type StepNumbers } from './descent';
import type { OptimizerConstants, TrainedParameters } from './groups';

/** The constants of {@link Adam} and `AdamW`. */
export interface AdamOptions {
  /** Learning rate of the next step; may be changed between steps. Default 0.001. */
  lr?: number;
  /** What remains of the means of g and g² at each step. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** ε, added to the root. Default 1e-8. */
  epsilon?: number;
  /** What is added to the gradient, times the parameter. Default 0. */
  weightDecay?: number;
}

/** Two shares, β₁ and β₂. */
export const betaPair = kind<readonly [number, number]>(
  '[number, number], each >= 0 and below 1',
  (value) =>
    Array.isArray(value) && value.length === 2 && value.every((b) => finite({ least: 0, below: 1 }).holds(b)),
);

export const adamOptions = /* @__PURE__ */ optionTable({
  lr: option(finite({ least: 0 }), 0.001),
  betas: option(betaPair, () => [0.9, 0.999] as const, '[0.9, 0.999]'),
  epsilon: option(finite({ least: 0 }), 1e-8),
  weightDecay: option(finite({ least: 0 }), 0),
} satisfies OptionsOf<AdamOptions>);

/** The means of d and d², and the step along the first over the root of the second. */
export const MEANS = `
  mean = mean + share1*(d - mean)
  square = beta2*square + share2*d*d`;
export const ALONG = 'rate*mean/(sqrt(square)*root + epsilon)';
export const MEAN_NAMES = ['rate', 'share1', 'beta2', 'share2', 'root', 'epsilon'];

/** What the means' constants are; in doubles, since 1 - β₂ in f32 has lost its last digits. */
export function meanNumbers(
  {
    lr,
    betas: [beta1, beta2],
    epsilon,
  }: OptimizerConstants & Required<Pick<AdamOptions, 'betas' | 'epsilon'>>,
  step: number,
): StepNumbers {
  return {
    rate: lr / (1 - powerOf(beta1, step)),
    share1: 1 - beta1,
    beta2,
    share2: 1 - beta2,
    root: 1 / Math.sqrt(1 - powerOf(beta2, step)),
    epsilon,
  };
}

const RULE = `
  d = g + weightDecay*p${MEANS}
  p = p - ${ALONG}`;

export const adamRule = (): UpdateRule => updateRule(RULE, ['weightDecay', ...MEAN_NAMES]);

/** Adam: steps along the mean of gradients over the root of the mean of their squares (Kingma & Ba, 2015). */
export class Adam extends Descent<AdamOptions, Required<AdamOptions>> {
  constructor(parameters: TrainedParameters<AdamOptions>, options: AdamOptions = {}) {
    super('Adam', parameters, adamOptions.read('Adam', options), adamOptions);
    if (Object.getPrototypeOf(new.target) === Descent) Object.freeze(this);
  }

  protected rule(): UpdateRule {
    return adamRule();
  }

  protected numbers(constants: Required<AdamOptions>, step: number): StepNumbers {
    return { weightDecay: constants.weightDecay, ...meanNumbers(constants, step) };
  }
}
