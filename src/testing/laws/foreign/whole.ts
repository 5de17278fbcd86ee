// Laws of what comes out of a foreign neuron: nothing at rest, something where the current is strong, one spike of a
// pulse that is just strong enough, nothing that grows without end.

import fc from 'fast-check';
import type { TensorData } from '../../arbitraries';
import { inputCurrents } from '../../currents';
import type { Unchecked } from '../hold';
import { type LaterLaw, laterLaw } from '../law';
import { placeOf, written } from '../neuron/numbers';
import { type ForeignDrive, STRONGEST, WEAKEST } from './drive';
import type { Foreign } from './subject';

const silenceOf = (steps: number): TensorData => ({
  data: new Array<number>(steps).fill(0),
  shape: [steps, 1, 1],
});

export function restLaw(neuron: Foreign): LaterLaw {
  return laterLaw(
    'rest',
    'without a current nothing fires',
    fc.integer({ min: 1, max: 32 }),
    async (steps) => {
      const { spikes } = await neuron.run(silenceOf(steps));
      const fired = spikes.findIndex((o) => o !== 0);
      return fired < 0 ? undefined : [`no current, and O at t = ${fired} is ${spikes[fired]}`];
    },
  );
}

export function firesLaw(neuron: Foreign, { amount, within }: ForeignDrive): LaterLaw {
  const words =
    amount === undefined
      ? 'some constant current makes it fire'
      : `a constant current of ${amount} makes it fire within ${within} steps`;
  return laterLaw('fires', words, fc.constant(amount), async (strength) => {
    if (strength === undefined)
      return [`no constant current from 2^${WEAKEST} to 2^${STRONGEST} makes it fire within ${within} steps`];
    const { data, shape } = silenceOf(within);
    const { spikes } = await neuron.run({ data: data.map(() => strength), shape });
    return spikes.some((o) => o !== 0) ? undefined : [`a constant current of ${strength}, and O stays 0`];
  });
}

/** Steps of silence after the pulse. */
const AFTER = 48;

export function firesOnceLaw(neuron: Foreign, { pulse, rests }: ForeignDrive): LaterLaw | Unchecked {
  if (pulse === undefined)
    return {
      law: 'fires once',
      reason: rests ? 'no current of one step makes it fire' : 'it fires without a current',
    };
  return laterLaw(
    'fires once',
    `a current of one step that is just strong enough (${pulse}) makes one spike, and then there is silence`,
    fc.constant(pulse),
    async (strength) => {
      const { data, shape } = silenceOf(AFTER);
      const { spikes } = await neuron.run({ data: data.with(0, strength), shape });
      const fired = spikes.flatMap((o, t) => (o === 0 ? [] : [`${o} at t = ${t}`]));
      if (fired.length === 1 && spikes.includes(1)) return undefined;
      const said = fired.length > 4 ? [...fired.slice(0, 3), `${fired.length - 3} times more`] : fired;
      return [`a current of ${strength} in the first step alone, and O is ${said.join(', ') || '0'}`];
    },
  );
}

/** Steps of silence after the currents; what grows by more than twice from the first third to the last has no end. */
const SILENCE = 150;

export function boundedLaw(neuron: Foreign, { amount = 1 }: ForeignDrive): LaterLaw {
  const draws = inputCurrents({
    min: -2 * amount,
    max: 4 * amount,
    maxSteps: 8,
    maxBatch: 1,
    maxNeurons: 3,
  });
  return laterLaw(
    'bounded',
    `the membrane stays finite, and does not grow without end once the current has ended (tried for ${SILENCE} steps)`,
    draws,
    async (x) => {
      const [steps, batch, neurons] = x.shape as [number, number, number];
      const row = batch * neurons;
      const length = steps + SILENCE;
      const long = {
        data: [...x.data, ...new Array<number>(SILENCE * row).fill(0)],
        shape: [length, batch, neurons],
      };
      const { spikes, membrane } = await neuron.run(long);
      for (const [name, values] of [
        ['O', spikes],
        ['V', membrane ?? []],
      ] as const) {
        const wrong = values.findIndex((value) => !Number.isFinite(value));
        if (wrong >= 0)
          return [written(x), 'then silence', `${name} at ${placeOf(wrong, long.shape)} is ${values[wrong]}`];
        const most = (from: number, to: number) =>
          values.slice(from * row, to * row).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        const [before, after] = [most(0, length - (2 * SILENCE) / 3), most(length - SILENCE / 3, length)];
        if (after > 2 * before)
          return [
            written(x),
            `then silence: |${name}| is at most ${before} in the first ${SILENCE / 3} steps, and ${after} in the last`,
          ];
      }
      return undefined;
    },
  );
}

export function refractoryLaw(neuron: Foreign, { amount = 1 }: ForeignDrive): LaterLaw | Unchecked {
  const { refractory: steps } = neuron.parts;
  if (steps === 0) return { law: 'refractory', reason: 'needs refractory' };
  const draws = inputCurrents({
    min: 0,
    max: 8 * amount,
    maxSteps: Math.min(24, steps + 4),
    maxBatch: 1,
    maxNeurons: 3,
  });
  return laterLaw(
    'refractory',
    `for ${steps} step${steps === 1 ? '' : 's'} after a spike no current makes another`,
    draws,
    async (x) => {
      const { spikes } = await neuron.run(x);
      const row = x.shape[1]! * x.shape[2]!;
      for (const [i, spike] of spikes.entries())
        for (let later = 1; spike !== 0 && later <= steps && i + later * row < spikes.length; later++)
          if (spikes[i + later * row] !== 0)
            return [
              written(x),
              `O at ${placeOf(i, x.shape)} is ${spike}, and ${spikes[i + later * row]} again ${later} step${later === 1 ? '' : 's'} later`,
            ];
      return undefined;
    },
  );
}
