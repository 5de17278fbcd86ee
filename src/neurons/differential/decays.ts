// What is left of a state after a step in which nothing comes in: users of Brian2 and NEST expect e^(-dt/tau), users of
// machine learning's libraries 1 - dt/tau, and the two are taken for each other.

import { inOrder } from '../graph/expression';
import { valueAt, values } from '../graph/value';
import { type Derivatives, ownSlopes } from './methods';
import type { StateDecay } from './source';

/** Of the states that decay at a rate of their own, whatever the others do. */
export function decaysOf(slopes: Derivatives): StateDecay[] {
  const { dt, starts, names } = slopes;
  return ownSlopes(slopes).flatMap((slope, i) => {
    const leaves = inOrder([slope]).filter(({ op }) => op === 'leaf');
    if (!leaves.every((leaf) => starts.has(leaf))) return [];
    const rate = valueAt(slope, starts);
    return rate < 0 ? [{ state: names[i]!, exact: values.exp(dt * rate), euler: 1 + dt * rate }] : [];
  });
}
