// "An optimiser" of CONTRIBUTING.md: steps of one size, along the sign of the gradient.

import { type Edit, inFrontOf } from './edit';

export const optimiser: readonly Edit[] = [
  {
    file: 'src/optim/sign-sgd.ts',
    create: `// SignSGD (Bernstein et al., ICML 2018): p = (1 - lr·weightDecay)·p - lr·sign(g).

import { type UpdateRule, updateRule } from '../neurons';
import { finite, type OptionsOf, option, optionTable } from '../options';
import { Descent, type StepNumbers } from './descent';
import type { TrainedParameters } from './groups';

/** The constants of {@link SignSgd}. */
export interface SignSgdOptions {
  /** Size of the next step in every number; may be changed between steps. Default 0.001. */
  lr?: number;
  /** What a parameter loses at each step, times the learning rate. Default 0. */
  weightDecay?: number;
}

export const signSgdOptions = /* @__PURE__ */ optionTable({
  lr: option(finite({ least: 0 }), 0.001),
  weightDecay: option(finite({ least: 0 }), 0),
} satisfies OptionsOf<SignSgdOptions>);

export const signSgdRule = (): UpdateRule => updateRule('p = keep*p - lr*sign(g)', ['lr', 'keep']);

/** Every number moves by the learning rate, against its gradient. */
export class SignSgd extends Descent<SignSgdOptions, Required<SignSgdOptions>> {
  constructor(parameters: TrainedParameters<SignSgdOptions>, options: SignSgdOptions = {}) {
    super('SignSgd', parameters, signSgdOptions.read('SignSgd', options), signSgdOptions);
  }

  protected rule(): UpdateRule {
    return signSgdRule();
  }

  protected numbers({ lr, weightDecay }: Required<SignSgdOptions>): StepNumbers {
    return { lr, keep: 1 - lr * weightDecay };
  }
}
`,
  },
  {
    file: 'src/optim/index.ts',
    replace: [
      [
        "export { Sgd, type SgdOptions } from './sgd';\n",
        "export { Sgd, type SgdOptions } from './sgd';\nexport { SignSgd, type SignSgdOptions } from './sign-sgd';\n",
      ],
    ],
  },
  {
    file: 'src/testing/cases/update.ts',
    replace: [
      [
        "import { sgdRule } from '../../optim/sgd';\n",
        "import { sgdRule } from '../../optim/sgd';\nimport { signSgdRule } from '../../optim/sign-sgd';\n",
      ],
      inFrontOf('  lion: lionRule,\n', '  signSgd: signSgdRule,\n'),
    ],
  },
];
