// What an optimiser works on: a list of tensors, as `network.parameters()` gives it.

import { checkTensor, type Tensor } from '../core/tensor';
import { SpikegradError } from '../errors';
import { shown } from '../options';

/** @throws unless it is a list of tensors */
export function checkParameters(where: string, parameters: unknown): asserts parameters is readonly Tensor[] {
  if (!Array.isArray(parameters))
    throw new SpikegradError(
      where,
      `parameters must be a list of tensors, got ${shown(parameters)}; network.parameters() gives one`,
    );
  for (const parameter of parameters) checkTensor(where, parameter, 'each parameter');
}
