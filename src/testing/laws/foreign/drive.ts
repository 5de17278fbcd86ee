// How strong a foreign neuron's currents are: neurons in millivolts need others than neurons whose threshold is 1.
// Found from outside, by trying powers of two, so that counterexamples are short.

import type { TensorData } from '../../arbitraries';
import type { Foreign } from './subject';

export interface ForeignDrive {
  /** A constant current that makes the neuron fire soon, or undefined where none does. */
  readonly amount: number | undefined;
  /** Steps within which it fires. */
  readonly within: number;
  /** Whether nothing fires without a current. */
  readonly rests: boolean;
  /** A current of one step that is just strong enough for a spike, to 1 part in 64, or undefined. */
  readonly pulse: number | undefined;
}

export const [WEAKEST, STRONGEST] = [-6, 14];
/** A current is sought that fires within four steps, and if there is none within 64. */
const [SOON, LATE] = [4, 64];
/** Steps in which a pulse may take effect. */
const AFTER = 32;
/** How finely a pulse is measured. */
const PARTS = 64;

const powers = Array.from({ length: STRONGEST - WEAKEST + 1 }, (_, i) => 2 ** (WEAKEST + i));

/** One row for each amount, constant or in the first step alone. */
function rows(amounts: readonly number[], steps: number, pulse: boolean): TensorData {
  const data = Array.from({ length: steps }, (_, t) =>
    pulse && t > 0 ? amounts.map(() => 0) : amounts,
  ).flat();
  return { data, shape: [steps, amounts.length, 1] };
}

/** Steps up to the first spike of each row; Infinity where there is none. */
async function firstSpikes(neuron: Foreign, currents: TensorData): Promise<number[]> {
  const { spikes } = await neuron.run(currents);
  const [steps, batch] = currents.shape as [number, number];
  return Array.from({ length: batch }, (_, row) => {
    for (let t = 0; t < steps; t++) if (spikes[t * batch + row] !== 0) return t + 1;
    return Number.POSITIVE_INFINITY;
  });
}

export async function driveOf(neuron: Foreign): Promise<ForeignDrive> {
  const [silent, ...first] = await firstSpikes(neuron, rows([0, ...powers], LATE, false));
  const rests = silent === Number.POSITIVE_INFINITY;
  for (const within of [SOON, LATE]) {
    const k = first.findIndex((steps) => steps <= within && steps < silent!);
    if (k >= 0) return { amount: powers[k]!, within, rests, pulse: await pulseOf(neuron, rests) };
  }
  return { amount: undefined, within: LATE, rests, pulse: undefined };
}

async function pulseOf(neuron: Foreign, rests: boolean): Promise<number | undefined> {
  if (!rests) return undefined;
  const enough = (steps: number) => steps !== Number.POSITIVE_INFINITY;
  const k = (await firstSpikes(neuron, rows(powers, AFTER, true))).findIndex(enough);
  if (k < 0) return undefined;
  const between = Array.from({ length: PARTS }, (_, i) => (powers[k]! * (PARTS + i + 1)) / (2 * PARTS));
  return between[(await firstSpikes(neuron, rows(between, AFTER, true))).findIndex(enough)];
}
