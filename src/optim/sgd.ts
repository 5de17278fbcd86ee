// Stochastic gradient descent with momentum, as PyTorch does it: weight decay goes into the gradient, momentum is
// without dampening and not Nesterov's.
//
//   v = momentum·v + g + weightDecay·p,   p = p - lr·v

import { zeros } from '../core/create';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { checkKind, finite, type OptionsOf, option, optionTable, required } from '../options';
import { checkParameters } from './parameters';

/** The constants of {@link Sgd}. */
export interface SgdOptions {
  /** Learning rate of the next step; may be changed between steps. */
  lr: number;
  /** Default 0.9. */
  momentum?: number;
  /** Default 0. */
  weightDecay?: number;
}

const constant = finite({ least: 0 });

export const sgdOptions = optionTable({
  lr: required(constant),
  momentum: option(constant, 0.9),
  weightDecay: option(constant, 0),
} satisfies OptionsOf<SgdOptions>);

/**
 * SGD with momentum as PyTorch's: v = momentum·v + g + weightDecay·p, p = p - lr·v. A tensor that is given more than
 * once, as where two layers share it, is one parameter: it has one velocity and takes one step.
 */
export class Sgd {
  readonly #constants: Required<SgdOptions>;
  /** What is trained, each once. */
  readonly parameters: readonly Tensor[];
  /** v of each parameter, zero before the first step. */
  readonly velocities: readonly Tensor[];

  constructor(parameters: readonly Tensor[], options: SgdOptions) {
    checkParameters('Sgd', parameters);
    check(parameters.length > 0, 'Sgd', 'got no parameters to train');
    this.#constants = sgdOptions.read('Sgd', options);
    this.parameters = [...new Set(parameters)];
    this.velocities = this.parameters.map((p) => zeros(p.shape, { backend: p.backend }).keep());
  }

  /** Learning rate of the next step. @throws when it is set to what cannot be one */
  get lr(): number {
    return this.#constants.lr;
  }

  set lr(value: number) {
    this.#set('lr', value);
  }

  get momentum(): number {
    return this.#constants.momentum;
  }

  set momentum(value: number) {
    this.#set('momentum', value);
  }

  get weightDecay(): number {
    return this.#constants.weightDecay;
  }

  set weightDecay(value: number) {
    this.#set('weightDecay', value);
  }

  #set(name: keyof SgdOptions, value: number): void {
    checkKind('Sgd', name, constant, value);
    this.#constants[name] = value;
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
