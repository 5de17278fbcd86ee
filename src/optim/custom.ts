// An optimiser of one's own, from its equations.

import { SpikegradError } from '../errors';
import { type UpdateRule, updateRule } from '../neurons';
import {
  anObject,
  callback,
  finite,
  kind,
  type OptionsOf,
  option,
  optionTable,
  required,
  text,
} from '../options';
import { Descent, type StepNumbers } from './descent';
import type { TrainedParameters } from './groups';

/** What a {@link CustomOptimizer} is made of. */
export interface CustomOptimizerOptions {
  /**
   * A step on every number of a parameter, as `updateRule` reads it: `p` is the parameter, `g` its gradient, `lr` and
   * `weightDecay` stand for themselves, what is read before it is assigned is remembered.
   */
  equations: string;
  /** Learning rate of the next step; may be changed between steps. */
  lr: number;
  /** `weightDecay` of the equations. Default 0. */
  weightDecay?: number;
  /** Further numbers of the equations, by name. Default none. */
  constants?: StepNumbers;
  /** Numbers that change from step to step, such as `1 - beta^t`; t counts from 1. Default: none. */
  numbers?: (t: number) => StepNumbers;
}

const numbersByName = kind<StepNumbers>(
  'numbers by name',
  (value) => anObject.holds(value) && Object.values(value).every(finite().holds),
);

export const customOptimizerOptions = /* @__PURE__ */ optionTable({
  equations: required(text),
  lr: required(finite({ least: 0 })),
  weightDecay: option(finite({ least: 0 }), 0),
  constants: option(numbersByName, () => ({}), 'none'),
  numbers: option(callback<(t: number) => StepNumbers>('a function (t)'), () => () => ({}), 'none'),
} satisfies OptionsOf<CustomOptimizerOptions>);

/**
 * An optimiser from its equations, on every backend as fast as those of the library:
 *
 * ```ts
 * new CustomOptimizer(network.parameters(), {
 *   equations: 'm = keep*m + g; p = p - lr*sign(m)',
 *   lr: 0.001,
 *   constants: { keep: 0.9 },
 * });
 * ```
 */
export class CustomOptimizer extends Descent<CustomOptimizerOptions, Required<CustomOptimizerOptions>> {
  constructor(parameters: TrainedParameters<CustomOptimizerOptions>, options: CustomOptimizerOptions) {
    super(
      'CustomOptimizer',
      parameters,
      customOptimizerOptions.read('CustomOptimizer', options),
      customOptimizerOptions,
    );
    if (Object.getPrototypeOf(new.target) === Descent) Object.freeze(this);
  }

  protected rule(constants: Required<CustomOptimizerOptions>): UpdateRule {
    return updateRule(constants.equations, Object.keys(this.numbers(constants, 1)));
  }

  protected numbers(given: Required<CustomOptimizerOptions>, step: number): StepNumbers {
    const { lr, weightDecay, constants, numbers } = given;
    const own = numbers(step);
    if (!numbersByName.holds(own))
      throw new SpikegradError('CustomOptimizer', `numbers(${step}) must give finite numbers by name`);
    return { lr, weightDecay, ...constants, ...own };
  }
}
