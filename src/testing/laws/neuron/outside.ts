// Laws that need nothing of a neuron but its spikes.

import fc from 'fast-check';
import type { TensorData } from '../../arbitraries';
import { type Law, law } from '../law';
import { firstDifference, placeOf, spikesOf, written } from './numbers';
import type { OwnNeuron } from './subject';

/** One row of [T,B,N], as [T,1,N]. */
function rowOf({ data, shape }: TensorData, row: number): TensorData {
  const [steps, batch, neurons] = shape as [number, number, number];
  return {
    data: data.filter((_, i) => Math.floor(i / neurons) % batch === row),
    shape: [steps, 1, neurons],
  };
}

export function outsideLaws(neuron: OwnNeuron, currents: fc.Arbitrary<TensorData>): Law[] {
  return [
    law('binary', 'a neuron gives nothing but zeros and ones', currents, (x) => {
      const spikes = spikesOf(neuron, x);
      const wrong = spikes.findIndex((o) => o !== 0 && o !== 1);
      return wrong < 0 ? undefined : [written(x), `O at ${placeOf(wrong, x.shape)} is ${spikes[wrong]}`];
    }),
    law(
      'same again',
      'a sequence starts from rest: the same currents give the same spikes again, whatever ran between',
      fc.tuple(currents, currents),
      ([x, between]) => {
        const first = spikesOf(neuron, x);
        spikesOf(neuron, between);
        const again = spikesOf(neuron, x);
        const wrong = firstDifference(again, first);
        if (wrong === undefined) return undefined;
        const place = placeOf(wrong, x.shape);
        return [
          written(x),
          written(between, 'between'),
          `O at ${place} was ${first[wrong]}, then ${again[wrong]}`,
        ];
      },
    ),
    law(
      'causal',
      'no spike depends on a later current',
      fc.tuple(currents, fc.nat(), fc.constantFrom(1, 2, -1)),
      ([x, drawn, later]) => {
        const [steps, batch, neurons] = x.shape as [number, number, number];
        const cut = 1 + (drawn % steps);
        const kept = cut * batch * neurons;
        const changed = { ...x, data: x.data.map((current, i) => (i < kept ? current : current + later)) };
        const before = spikesOf(neuron, x).slice(0, kept);
        const after = spikesOf(neuron, changed).slice(0, kept);
        const wrong = firstDifference(after, before);
        if (wrong === undefined) return undefined;
        return [
          written(x),
          `O at ${placeOf(wrong, x.shape)} is ${before[wrong]}, and ${after[wrong]} with ${later} more from t = ${cut} on`,
        ];
      },
    ),
    law(
      'batch',
      'a row of a batch gives the spikes that it gives alone, so permuted rows give permuted spikes',
      currents,
      (x) => {
        const spikes = { data: spikesOf(neuron, x), shape: x.shape };
        for (let row = 0; row < x.shape[1]!; row++) {
          const [together, own] = [rowOf(spikes, row).data, rowOf(x, row)];
          const alone = spikesOf(neuron, own);
          const wrong = firstDifference(together, alone);
          if (wrong === undefined) continue;
          const [t, n] = [Math.floor(wrong / x.shape[2]!), wrong % x.shape[2]!];
          return [
            written(x),
            `O of row ${row} at t = ${t}, neuron ${n} is ${together[wrong]} in the batch, ${alone[wrong]} alone`,
          ];
        }
        return undefined;
      },
    ),
  ];
}
