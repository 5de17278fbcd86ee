// Loss and update. The loss is a few numbers an image and runs on the reference; the update runs over all parameters.

import type { TrainingKernels } from '../backend';
import type { Engine } from './engine';
import type { Reference } from './reference';

export function trainingKernels(engine: Engine, reference: Reference): TrainingKernels {
  return {
    logSoftmax: (x) =>
      reference.adopt(reference.run('logSoftmax', (cpu) => cpu.logSoftmax(reference.operand(x)))),

    logSoftmaxGradient(gradient, y) {
      const [g, output] = reference.operands([gradient, y]);
      return reference.adopt(
        reference.run('logSoftmaxGradient', (cpu) => cpu.logSoftmaxGradient(g!, output!)),
      );
    },

    crossEntropy(logits, labels) {
      const x = reference.operand(logits);
      const { loss, probabilities } = reference.run('crossEntropy', (cpu) => cpu.crossEntropy(x, labels));
      return { loss: reference.adopt(loss), probabilities: reference.adopt(probabilities) };
    },

    crossEntropyGradient(scale, probabilities, labels) {
      const [s, p] = reference.operands([scale, probabilities]);
      return reference.adopt(
        reference.run('crossEntropyGradient', (cpu) => cpu.crossEntropyGradient(s!, p!, labels)),
      );
    },

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
