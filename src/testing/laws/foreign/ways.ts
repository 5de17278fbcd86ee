// One foreign neuron, several ways to run it: whole, in pieces, and as it says itself.

import fc from 'fast-check';
import type { TensorData } from '../../arbitraries';
import type { Unchecked } from '../hold';
import { type LaterLaw, laterLaw } from '../law';
import { firstDifference, placeOf, written } from '../neuron/numbers';
import type { WhatShows } from './inside';
import type { CheckedRun, Foreign } from './subject';

/** The first number in which another way differs. */
function difference(
  neuron: Foreign,
  other: CheckedRun,
  whole: CheckedRun,
  shape: readonly number[],
): string | undefined {
  const spike = firstDifference(other.spikes, whole.spikes);
  if (spike !== undefined)
    return `O at ${placeOf(spike, shape)} is ${other.spikes[spike]}, not ${whole.spikes[spike]}`;
  for (const [name, values] of Object.entries(whole.states ?? {})) {
    const own = other.states?.[name];
    if (own === undefined) continue;
    const i = values.findIndex((value, at) => !near(neuron, own[at]!, value));
    if (i >= 0) return `the last ${name}, number ${i}, is ${own[i]}, not ${values[i]}`;
  }
  return undefined;
}

const near = (neuron: Foreign, a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= neuron.allowed(Math.abs(b));

export function piecesLaw(
  neuron: Foreign,
  { states }: WhatShows,
  currents: fc.Arbitrary<TensorData>,
): LaterLaw | Unchecked {
  if (states === undefined) return { law: 'pieces', reason: 'needs states, {} of a neuron without any' };
  const longer = currents.filter(({ shape }) => shape[0]! >= 2);
  return laterLaw(
    'pieces',
    'a sequence may be run in two pieces, the second from the states that the first left: spikes and states stay',
    fc.tuple(longer, fc.nat()),
    async ([x, drawn]) => {
      const [steps, ...rest] = x.shape as [number, number, number];
      const cut = 1 + (drawn % (steps - 1));
      const at = cut * (x.data.length / steps);
      const whole = await neuron.run(x);
      const first = await neuron.run({ data: x.data.slice(0, at), shape: [cut, ...rest] });
      const second = await neuron.run(
        { data: x.data.slice(at), shape: [steps - cut, ...rest] },
        first.states,
      );
      const both = { ...second, spikes: [...first.spikes, ...second.spikes] };
      const wrong = difference(neuron, both, whole, x.shape);
      return wrong === undefined ? undefined : [written(x), `cut before t = ${cut}, ${wrong}`];
    },
  );
}

export function otherwiseLaw(neuron: Foreign, currents: fc.Arbitrary<TensorData>): LaterLaw | Unchecked {
  if (neuron.parts.otherwise === undefined) return { law: 'otherwise', reason: 'needs otherwise' };
  return laterLaw(
    'otherwise',
    'the other way to run it comes to the same spikes and states',
    currents,
    async (x) => {
      const [whole, other] = [await neuron.run(x), await neuron.otherwise(x)];
      const wrong = difference(neuron, other, whole, x.shape);
      return wrong === undefined ? undefined : [written(x), `the other way, ${wrong}`];
    },
  );
}
