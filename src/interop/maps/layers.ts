// Layers that maps need and networks written here do without: an activation without spikes,
// and what is made of the outputs of the time steps besides their mean.

import type { Tensor } from '../../core/tensor';
import { Module } from '../../nn';
import type { Flow } from '../../nn/flow';
import { mul, relu } from '../../ops';
import { select } from '../../ops/layout';
import { mean } from '../../ops/reduce';

/** max(0, x). */
export class Relu extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }

  override outline(x: Flow): Flow {
    return x.layer({ kind: 'relu' }, {});
  }
}

/** The sum over time, [T,N,...] to [N,...]. */
export class TimeSum extends Module {
  forward(x: Tensor): Tensor {
    return mul(mean(x, 0), x.shape[0]!);
  }

  override outline(x: Flow): Flow {
    return x.layer({ kind: 'timeSum' }, { sequence: false, timesteps: undefined });
  }
}

/** The last time step alone. */
export class LastStep extends Module {
  forward(x: Tensor): Tensor {
    return select(x, 0, x.shape[0]! - 1);
  }

  override outline(x: Flow): Flow {
    return x.layer({ kind: 'lastStep' }, { sequence: false, timesteps: undefined });
  }
}
