// The update of parameters on the reference backend: the plain loops of neurons/update over its buffers, in place.

import { numberUpdate } from '../../neurons/update/numbers';
import type { Precision, UpdateKernels } from '../backend';
import { dataOf } from './buffer';

export function updateKernels(precision: Precision): UpdateKernels {
  return {
    update(rule, { parameter, gradient, states, constants }) {
      const remembered = states.map(({ handle }) => dataOf(handle));
      const run = numberUpdate(rule, precision);
      run(dataOf(parameter.handle), dataOf(gradient.handle), remembered, constants);
    },
  };
}
