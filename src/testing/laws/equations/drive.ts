// How strong a neuron's currents are and how far its states go: neurons in millivolts need others than neurons whose
// threshold is 1. Powers of two, so that counterexamples are short.

import type { NeuronModel } from '../../../neurons';
import { fires, firstOutput } from './promises';
import { startsOf, unrolled } from './unrolled';

export interface Drive {
  /** A constant current that makes the neuron fire soon; of a read-out 1; undefined where none does. */
  readonly amount: number | undefined;
  /** Steps within which it fires. */
  readonly within: number;
  /** How far each state goes from where it starts. */
  readonly reach: readonly number[];
}

const [WEAKEST, STRONGEST] = [-6, 14];
/** A current is sought that fires within four steps, and if there is none within 64. */
const WITHIN = [4, 64];

export function driveOf(model: NeuronModel): Drive {
  const name = firstOutput(model);
  for (const within of fires(model) ? WITHIN : []) {
    const before = spikesIn(model, name, 0, within);
    for (let power = WEAKEST; power <= STRONGEST; power++) {
      const amount = 2 ** power;
      if (spikesIn(model, name, amount, within) > before)
        return { amount, within, reach: reachOf(model, amount, within) };
    }
  }
  const amount = fires(model) ? undefined : 1;
  return { amount, within: WITHIN[0]!, reach: reachOf(model, 1, WITHIN[1]!) };
}

const constant = (amount: number, steps: number): number[] => new Array<number>(steps).fill(amount);

function spikesIn(model: NeuronModel, name: string, amount: number, steps: number): number {
  const values = unrolled(model, constant(amount, steps)).values.get(name)!;
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}

function reachOf(model: NeuronModel, amount: number, steps: number): number[] {
  const starts = startsOf(model);
  const far = starts.map(() => 0);
  for (let count = 1; count <= Math.min(steps, 8); count++) {
    const { last } = unrolled(model, constant(amount, count));
    for (const [k, value] of last.entries()) {
      const distance = Math.abs(value - starts[k]!);
      if (Number.isFinite(distance)) far[k] = Math.max(far[k]!, distance);
    }
  }
  return far.map((distance) => (distance > 0 ? 2 ** Math.round(Math.log2(distance)) : 1));
}
