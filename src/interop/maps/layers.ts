// Layers that maps need and networks written here do without: an activation without spikes, two branches added up,
// and what is made of the outputs of the time steps besides their mean.

import type { Tensor } from '../../core/tensor';
import { type Flow, Module } from '../../nn';
import { add, mul, relu } from '../../ops';
import { select } from '../../ops/layout';
import { TimeMean } from '../../snn/encoder';

/** max(0, x). */
export class Relu extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/** The sum of two branches, as a residual block has them. */
export class Branches extends Module {
  readonly first: Module;
  readonly second: Module;

  constructor(first: Module, second: Module) {
    super();
    this.first = this.child('first', first);
    this.second = this.child('second', second);
  }

  forward(x: Tensor): Tensor {
    return add(this.first.call(x), this.second.call(x));
  }

  override outline(x: Flow): Flow {
    return x.through(this.first).plus(x.through(this.second));
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
