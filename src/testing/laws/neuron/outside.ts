// Laws that need nothing of a neuron but its spikes. Each is a generator that asks for the spikes of currents, so that
// neurons that answer at once and neurons that answer later keep the same laws.

import fc from 'fast-check';
import type { TensorData } from '../../arbitraries';
import { type LaterLaw, type Law, laterLaw, law } from '../law';
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

/** Asks for the spikes of currents, and comes to the numbers of a failure. */
type Asking = Generator<TensorData, readonly string[] | undefined, readonly number[]>;

/** Puts a law that asks into the form of those that answer. */
type Make<L> = <T>(name: string, words: string, draws: fc.Arbitrary<T>, asking: (drawn: T) => Asking) => L;

function outside<L>(currents: fc.Arbitrary<TensorData>, make: Make<L>): L[] {
  return [
    make('binary', 'a neuron gives nothing but zeros and ones', currents, function* (x) {
      const spikes = yield x;
      const wrong = spikes.findIndex((o) => o !== 0 && o !== 1);
      return wrong < 0 ? undefined : [written(x), `O at ${placeOf(wrong, x.shape)} is ${spikes[wrong]}`];
    }),
    make(
      'same again',
      'a sequence starts from rest: the same currents give the same spikes again, whatever ran between',
      fc.tuple(currents, currents),
      function* ([x, between]) {
        const first = yield x;
        yield between;
        const again = yield x;
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
    make(
      'causal',
      'no spike depends on a later current',
      fc.tuple(currents, fc.nat(), fc.constantFrom(1, 2, -1)),
      function* ([x, drawn, later]) {
        const [steps, batch, neurons] = x.shape as [number, number, number];
        const cut = 1 + (drawn % steps);
        const kept = cut * batch * neurons;
        const changed = { ...x, data: x.data.map((current, i) => (i < kept ? current : current + later)) };
        const before = (yield x).slice(0, kept);
        const after = (yield changed).slice(0, kept);
        const wrong = firstDifference(after, before);
        if (wrong === undefined) return undefined;
        return [
          written(x),
          `O at ${placeOf(wrong, x.shape)} is ${before[wrong]}, and ${after[wrong]} with ${later} more from t = ${cut} on`,
        ];
      },
    ),
    make(
      'batch',
      'a row of a batch gives the spikes that it gives alone, so permuted rows give permuted spikes',
      currents,
      function* (x) {
        const spikes = { data: [...(yield x)], shape: x.shape };
        for (let row = 0; row < x.shape[1]!; row++) {
          const [together, own] = [rowOf(spikes, row).data, rowOf(x, row)];
          const alone = yield own;
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

export function outsideLaws(neuron: OwnNeuron, currents: fc.Arbitrary<TensorData>): Law[] {
  return outside(currents, (name, words, draws, asking) =>
    law(name, words, draws, (drawn) => {
      const asked = asking(drawn);
      let now = asked.next();
      while (!now.done) now = asked.next(spikesOf(neuron, now.value));
      return now.value;
    }),
  );
}

/** The same of a neuron that answers later. */
export function outsideLaterLaws(
  spikes: (currents: TensorData) => Promise<readonly number[]>,
  currents: fc.Arbitrary<TensorData>,
): LaterLaw[] {
  return outside(currents, (name, words, draws, asking) =>
    laterLaw(name, words, draws, async (drawn) => {
      const asked = asking(drawn);
      let now = asked.next();
      while (!now.done) now = asked.next(await spikes(now.value));
      return now.value;
    }),
  );
}
