// The update of parameters: stochastic gradient descent with momentum, in place.

import type { UpdateKernels } from '../backend';
import { dataOf } from './buffer';

export const updateKernels: UpdateKernels = {
  sgd(parameter, gradient, velocity, { learningRate, momentum, weightDecay }) {
    const p = dataOf(parameter.handle);
    const g = dataOf(gradient.handle);
    const v = dataOf(velocity.handle);
    for (let i = 0; i < p.length; i++) {
      v[i] = momentum * v[i]! + g[i]! + weightDecay * p[i]!;
      p[i] = p[i]! - learningRate * v[i]!;
    }
  },
};
