// Laws of what comes out of a neuron of equations: which values, nothing at rest, something where the current is
// strong, and nothing that grows without end.

import fc from 'fast-check';
import { outputsOf } from '../../../neurons';
import type { TensorData } from '../../arbitraries';
import type { Unchecked } from '../hold';
import { type Law, law } from '../law';
import { placeOf, written } from '../neuron/numbers';
import { currentsFor } from './draws';
import { clocksOf, fires, firstOutput, isAtRest, levelsOf } from './promises';
import { numbersUnder, ran } from './run';
import type { LawSetting } from './setting';
import { together } from './words';

export function wholeLaws(setting: LawSetting): (Law | Unchecked)[] {
  return [binaryLaw(setting), restLaw(setting), firesLaw(setting), boundedLaw(setting)];
}

const readOut = 'it is a read-out: nothing in its equations fires';

function binaryLaw({ subject, promise, currents }: LawSetting): Law | Unchecked {
  const name = firstOutput(promise);
  if (!fires(promise)) return { law: 'binary', reason: readOut };
  const levels = levelsOf(outputsOf(promise)[0]!.value);
  if (levels === undefined) return { law: 'binary', reason: `${name} has values of any size` };
  return law('binary', `${name} is ${or(levels)}`, currents, (x) => {
    const values = numbersUnder(ran(subject, x).outputs, name);
    const wrong = values.findIndex((value) => !levels.includes(value));
    return wrong < 0 ? undefined : [written(x), `${name} at ${placeOf(wrong, x.shape)} is ${values[wrong]}`];
  });
}

const or = (levels: readonly number[]): string => together(levels.map(String)).replace(' and ', ' or ');

function restLaw({ subject, promise }: LawSetting): Law | Unchecked {
  if (!isAtRest(promise))
    return { law: 'rest', reason: 'its states move by themselves from where they start' };
  const name = firstOutput(promise);
  const silence = fc
    .integer({ min: 1, max: 8 })
    .map((steps) => ({ data: new Array<number>(steps).fill(0), shape: [steps, 1, 1] }));
  const words = `without a current nothing moves${fires(promise) ? ' and nothing fires' : ''}`;
  return law('rest', words, silence, (x) => {
    const { outputs, states } = ran(subject, x);
    const spikes = numbersUnder(outputs, name);
    const fired = fires(promise) ? spikes.findIndex((value) => value !== 0) : -1;
    if (fired >= 0) return [`no current, and ${name} at t = ${fired} is ${spikes[fired]}`];
    const moved = promise.states.find((state) => states[state.name]?.[0] !== state.start);
    if (moved === undefined) return undefined;
    return [
      `no current for ${x.shape[0]} steps, and ${moved.name} went from ${moved.start} to ${states[moved.name]?.[0]}`,
    ];
  });
}

/** Steps of the strongest constant currents, where none was found that makes the neuron fire. */
const [STRONG, LONG] = [2 ** 14, 64];

function firesLaw({ subject, promise, drive }: LawSetting): Law | Unchecked {
  if (!fires(promise)) return { law: 'fires', reason: readOut };
  const name = firstOutput(promise);
  const { amount = STRONG, within } = drive;
  const steps = drive.amount === undefined ? LONG : within;
  const words =
    drive.amount === undefined
      ? 'some constant current makes it fire'
      : `a constant current of ${amount} makes it fire within ${within} steps`;
  const constant = fc.constant<TensorData>({
    data: new Array<number>(steps).fill(amount),
    shape: [steps, 1, 1],
  });
  return law('fires', words, constant, (x) => {
    if (numbersUnder(ran(subject, x).outputs, name).some((value) => value !== 0)) return undefined;
    return [
      drive.amount === undefined
        ? `no constant current from 2^-6 to 2^14 makes it fire within ${LONG} steps`
        : `a constant current of ${amount} for ${steps} steps, and ${name} stays 0`,
    ];
  });
}

const short = (x: number): number => Number(x.toPrecision(4));

/** Steps of silence after the currents; what grows by more than twice from the first third to the last has no end. */
const SILENCE = 300;

function boundedLaw({ subject, promise, drive }: LawSetting): Law {
  const counters = new Set(clocksOf(promise).map(({ name }) => name));
  const draws = currentsFor(drive, { maxSteps: 8, maxBatch: 1, maxNeurons: 3 });
  return law(
    'bounded',
    `every value stays finite, and none grows without end once the current has ended (tried for ${SILENCE} steps)`,
    draws,
    (x) => {
      const [steps, batch, neurons] = x.shape as [number, number, number];
      const length = steps + SILENCE;
      const silence = new Array<number>(SILENCE * batch * neurons).fill(0);
      const long: TensorData = { data: [...x.data, ...silence], shape: [length, batch, neurons] };
      const { trace } = ran(subject, long);
      for (const [name, values] of Object.entries(trace)) {
        const wrong = values.findIndex((value) => !Number.isFinite(value));
        if (wrong >= 0)
          return [written(x), 'then silence', `${name} at ${placeOf(wrong, long.shape)} is ${values[wrong]}`];
        if (counters.has(name)) continue;
        const most = (from: number, to: number) =>
          values
            .slice(from * batch * neurons, to * batch * neurons)
            .reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        const [before, after] = [most(0, length - (2 * SILENCE) / 3), most(length - SILENCE / 3, length)];
        if (after > 2 * before)
          return [
            written(x),
            `then silence: |${name}| is at most ${short(before)} in the first ${SILENCE / 3} steps, and ${short(after)} in the last`,
          ];
      }
      return undefined;
    },
  );
}
