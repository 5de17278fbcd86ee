// The update of parameters: stochastic gradient descent with momentum, in place, over all threads.

import type { UpdateKernels } from '../backend';
import type { Engine } from './engine';

export function updateKernels(engine: Engine): UpdateKernels {
  return {
    sgd(parameter, gradient, velocity, { learningRate, momentum, weightDecay }) {
      const p = engine.changeable(parameter);
      const v = engine.changeable(velocity);
      const g = engine.dense(gradient);
      engine.flat(parameter.handle.size, 'sgd', (read, write, count) => ({
        p: write(p),
        g: read(g),
        v: write(v),
        n: count,
        learningRate,
        momentum,
        weightDecay,
      }));
    },
  };
}
