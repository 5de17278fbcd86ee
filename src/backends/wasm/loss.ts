// Softmax and cross-entropy: a few numbers an image, which run on the reference.

import type { LossKernels } from '../backend';
import type { Reference } from './reference';

export function lossKernels(reference: Reference): LossKernels {
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
  };
}
