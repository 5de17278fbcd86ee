// The kernels that this backend does not have yet.

import { SpikegradError } from '../../errors';
import type { Backend } from '../backend';

type Missing = Pick<
  Backend,
  | 'normTrain'
  | 'normEvaluate'
  | 'normGradient'
  | 'neuron'
  | 'neuronGradient'
  | 'logSoftmax'
  | 'logSoftmaxGradient'
  | 'crossEntropy'
  | 'crossEntropyGradient'
  | 'sgd'
>;

function missing(name: string): () => never {
  return () => {
    throw new SpikegradError(name, "the gpu backend does not have this kernel yet: use backend 'wasm'");
  };
}

export const missingKernels: Missing = {
  normTrain: missing('normTrain'),
  normEvaluate: missing('normEvaluate'),
  normGradient: missing('normGradient'),
  neuron: missing('neuron'),
  neuronGradient: missing('neuronGradient'),
  logSoftmax: missing('logSoftmax'),
  logSoftmaxGradient: missing('logSoftmaxGradient'),
  crossEntropy: missing('crossEntropy'),
  crossEntropyGradient: missing('crossEntropyGradient'),
  sgd: missing('sgd'),
};
