// "A layer" of CONTRIBUTING.md: a factor that is learnt.

import { type Edit, inFrontOf } from './edit';

export const layer: readonly Edit[] = [
  {
    file: 'src/nn/scale.ts',
    create: `// A factor that is learnt.

import { ones } from '../core/create';
import type { Tensor } from '../core/tensor';
import { mul } from '../ops/arithmetic';
import type { Flow } from './flow';
import { Module } from './module';

/** x times one number, which begins at 1. */
export class Scale extends Module {
  readonly weight: Tensor;

  constructor() {
    super();
    this.weight = this.parameter('weight', ones([1]));
  }

  forward(x: Tensor): Tensor {
    return mul(x, this.weight);
  }

  override outline(x: Flow): Flow {
    return x.layer({ kind: 'custom' }, { shape: x.shape });
  }
}
`,
  },
  {
    file: 'src/nn/index.ts',
    replace: [
      inFrontOf(
        "export { Sequential, sequential } from './sequential';\n",
        "export { Scale } from './scale';\n",
      ),
    ],
  },
];
