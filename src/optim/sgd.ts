// Stochastic gradient descent with momentum, as PyTorch does it: weight decay goes into the gradient, momentum is
// without dampening and not Nesterov's.
//
//   v = momentum·v + g + weightDecay·p,   p = p - lr·v

import { zeros } from '../core/create';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';

/** The constants of {@link Sgd}. */
export interface SgdOptions {
  /** Learning rate of the next step; may be changed between steps. */
  lr: number;
  /** Default 0.9. */
  momentum?: number;
  /** Default 0. */
  weightDecay?: number;
}

/**
 * SGD with momentum as PyTorch's: v = momentum·v + g + weightDecay·p, p = p - lr·v. A tensor that is given more than once,
 * as where two layers share it, is one parameter: it has one velocity and takes one step.
 */
export class Sgd {
  lr: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** What is trained, each once. */
  readonly parameters: readonly Tensor[];
  /** v of each parameter, zero before the first step. */
  readonly velocities: readonly Tensor[];

  constructor(parameters: readonly Tensor[], { lr, momentum = 0.9, weightDecay = 0 }: SgdOptions) {
    check(parameters.length > 0, 'Sgd', 'got no parameters to train');
    for (const [name, value] of Object.entries({ lr, momentum, weightDecay })) {
      check(Number.isFinite(value) && value >= 0, 'Sgd', () => `${name} must be a number >= 0, got ${value}`);
    }
    this.lr = lr;
    this.momentum = momentum;
    this.weightDecay = weightDecay;
    this.parameters = [...new Set(parameters)];
    this.velocities = this.parameters.map((p) => zeros(p.shape, { backend: p.backend }).keep());
  }

  /** Updates every parameter that has a gradient. */
  step(): void {
    this.parameters.forEach((parameter, i) => {
      if (parameter.grad === null) return;
      parameter.backend.sgd(parameter, parameter.grad, this.velocities[i]!, {
        learningRate: this.lr,
        momentum: this.momentum,
        weightDecay: this.weightDecay,
      });
      parameter.markChanged();
      this.velocities[i]!.markChanged();
    });
  }

  /** Drops the gradients, so that the next backward starts from nothing. */
  zeroGrad(): void {
    for (const parameter of this.parameters) {
      parameter.grad?.dispose();
      parameter.grad = null;
    }
  }

  dispose(): void {
    for (const velocity of this.velocities) velocity.dispose();
  }
}
