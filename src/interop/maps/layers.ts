// Layers that maps need and networks written here do without: an activation without spikes,
// and what is made of the outputs of the time steps besides their mean.

import type { Tensor } from '../../core/tensor';
import { Module } from '../../nn';
import { mul, relu } from '../../ops';
import { select } from '../../ops/layout';
import { TimeMean } from '../../snn/encoder';

/** max(0, x). */
export class Relu extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/** The sum over time, [T,N,...] to [N,...]. */
export class TimeSum extends Module {
  readonly mean = this.child('mean', new TimeMean());

  forward(x: Tensor): Tensor {
    return mul(this.mean.call(x), x.shape[0]!);
  }
}

/** The last time step alone. */
export class LastStep extends Module {
  forward(x: Tensor): Tensor {
    return select(x, 0, x.shape[0]! - 1);
  }
}
