// What is said of neurons whose functions no kernel knows: that they are slow, and what would not be.

import { formulaIn } from '../../../neurons';
import { notice } from '../../../notices';
import type { NeuronSpec } from '../../backend';

/** Functions that only JavaScript can run: once for each name. */
export function tellOfOwn({ rectifier, surrogate }: NeuronSpec): void {
  const own = [
    ...(rectifier === undefined || formulaIn(rectifier) !== undefined
      ? []
      : [`rectifier '${rectifier.name}'`]),
    ...(formulaIn(surrogate) === undefined ? [`surrogate '${surrogate.name}'`] : []),
  ];
  if (own.length === 0) return;
  notice(
    `neurons with the ${own.join(' and ')} run on plain loops in one thread, several times slower than those with mpr(), rectangular(), triangular(), sigmoidal(), arctan() or fastSigmoid(): take one of these where speed counts, or backend 'gpu', which compiles the function's source`,
  );
}
