// Laws of single lines of the equations, read from the trace of every assigned value: where the neuron fires, what a
// spike resets, for how long it blocks the next, and how states decay between spikes.

import fc from 'fast-check';
import type { Expr, NeuronModel } from '../../../neurons';
import { inOrder } from '../../../neurons/graph/expression';
import { evaluate, valueAt } from '../../../neurons/graph/value';
import type { TensorData } from '../../arbitraries';
import type { Unchecked } from '../hold';
import { type Law, law } from '../law';
import { placeOf, written } from '../neuron/numbers';
import { currentsFor, share } from './draws';
import { decayOf, fires, firstOutput, refractorySteps, resetStates } from './promises';
import { agree, numbersUnder, type Ran, ran } from './run';
import type { LawSetting } from './setting';
import { startsOf } from './unrolled';
import { inWords, together, writtenOut } from './words';

export function lineLaws(setting: LawSetting): (Law | Unchecked)[] {
  return [thresholdLaw(setting), resetLaw(setting), refractoryLaw(setting), decayLaw(setting)];
}

/** What a line reads at element i of a trace: inputs, states before the step and values assigned in it. */
function readAt(promise: NeuronModel, x: TensorData, { trace }: Ran, i: number, but: string) {
  const apart = x.shape[1]! * x.shape[2]!;
  const known = new Map<Expr, number>([[promise.x, x.data[i]!]]);
  const starts = startsOf(promise);
  for (const [k, { name, leaf }] of promise.states.entries())
    known.set(leaf, i < apart ? starts[k]! : numbersUnder(trace, name)[i - apart]!);
  for (const { leaf, learnable, value } of promise.parameters)
    if (learnable !== undefined) known.set(leaf, value);
  for (const { name, value } of promise.assigned)
    if (name !== but && value.args.length > 0) known.set(value, numbersUnder(trace, name)[i]!);
  return known;
}

/** Values that are spikes and nothing else. */
const spikeLines = ({ assigned }: NeuronModel) => assigned.filter(({ value }) => value.op === 'spike');

function thresholdLaw({ subject, promise, currents }: LawSetting): Law | Unchecked {
  const lines = spikeLines(promise);
  if (lines.length === 0)
    return { law: 'threshold', reason: fires(promise) ? 'no line is a spike alone' : 'nothing in it fires' };
  const words = lines.map(
    ({ name, value }) =>
      `${name} is 1 exactly where ${inWords(promise, value.args[0]!)} ${value.surrogate!.isStrict ? '>' : '>='} 0`,
  );
  return law('threshold', together(words), currents, (x) => {
    const run = ran(subject, x);
    for (const { name, value } of lines)
      for (const [i, spike] of numbersUnder(run.trace, name).entries()) {
        const u = valueAt(value.args[0]!, readAt(promise, x, run, i, name));
        // so near to the threshold a rounding decides
        if (spike === evaluate(value, [u]) || (u !== 0 && agree(u, 0))) continue;
        return [
          written(x),
          `at ${placeOf(i, x.shape)} ${inWords(promise, value.args[0]!)} = ${u}, and ${name} = ${spike}`,
        ];
      }
    return undefined;
  });
}

function resetLaw({ subject, promise, currents }: LawSetting): Law | Unchecked {
  const states = resetStates(promise);
  if (states.length === 0) return { law: 'reset', reason: 'no state hears of a spike: nothing is reset' };
  const said = states.map(({ name, next }) => {
    const [after, else_] = [1, 0].map((spike) => inWords(promise, next, { spike }, name));
    return `after a spike ${name} is ${after}, else ${else_}`;
  });
  return law('reset', said.join('; '), currents, (x) => {
    const run = ran(subject, x);
    for (const { name, next } of states)
      for (const [i, value] of numbersUnder(run.trace, name).entries()) {
        const known = readAt(promise, x, run, i, name);
        const wanted = valueAt(next, known);
        const size = Math.max(...[...known.values()].map(Math.abs).filter(Number.isFinite));
        if (agree(value, wanted, size) || isNearSpike(next, known)) continue;
        return [written(x), `at ${placeOf(i, x.shape)} ${name} = ${value}, not ${wanted}`];
      }
    return undefined;
  });
}

/** Whether a spike that has no name of its own may go either way. */
const isNearSpike = (e: Expr, known: ReadonlyMap<Expr, number>): boolean =>
  inOrder([e]).some(({ op, args }) => {
    if (op !== 'spike') return false;
    const u = valueAt(args[0]!, known);
    return u !== 0 && agree(u, 0);
  });

function refractoryLaw({ subject, promise, drive }: LawSetting): Law | Unchecked {
  const steps = refractorySteps(promise);
  if (steps === 0)
    return {
      law: 'refractory',
      reason: fires(promise)
        ? 'its equations block no spike: one may follow another at once'
        : 'nothing fires',
    };
  const { amount = 1 } = drive;
  const draws = currentsFor(drive, {
    min: 0,
    max: 8 * amount,
    maxSteps: Math.min(24, steps + 4),
    maxBatch: 1,
    maxNeurons: 3,
  });
  const name = firstOutput(promise);
  const long = `${steps} step${steps === 1 ? '' : 's'}`;
  return law('refractory', `for ${long} after a spike no current makes another`, draws, (x) => {
    const spikes = numbersUnder(ran(subject, x).outputs, name);
    const apart = x.shape[1]! * x.shape[2]!;
    for (const [i, spike] of spikes.entries())
      for (let later = 1; spike !== 0 && later <= steps && i + later * apart < spikes.length; later++)
        if (spikes[i + later * apart] !== 0)
          return [
            written(x),
            `${name} at ${placeOf(i, x.shape)} is ${spike}, and again ${later} step${later === 1 ? '' : 's'} later`,
          ];
    return undefined;
  });
}

function decayLaw({ subject, promise, drive }: LawSetting): Law | Unchecked {
  const { states, matrix, offset, given } = decayOf(promise);
  if (states.length === 0)
    return {
      law: 'decay',
      reason: promise.states.length === 0 ? 'it has no state' : 'no state is linear between spikes',
    };
  const lines = states.map(({ name, next }) => `${name} = ${writtenOut(next, given)}`);
  const reach = states.map((state) => drive.reach[promise.states.indexOf(state)]!);
  const draws = fc.tuple(fc.tuple(...states.map(() => share)), fc.integer({ min: 1, max: 6 }));
  return law(
    'decay',
    `without input and spikes each step is linear: ${lines.join('; ')}`,
    draws,
    ([shares, steps]) => {
      const from = states.map(({ start }, k) => start + shares[k]! * reach[k]!);
      const silence = { data: new Array<number>(steps).fill(0), shape: [steps, 1, 1] };
      const initial = Object.fromEntries(
        states.map(({ name }, k) => [name, { data: [from[k]!], shape: [1, 1] }]),
      );
      const run = ran(subject, silence, initial);
      if (fires(promise) && numbersUnder(run.outputs, firstOutput(promise)).some((spike) => spike !== 0))
        return undefined;
      let now = from;
      for (let t = 0; t < steps; t++)
        now = matrix.map((row, k) => row.reduce((sum, a, j) => sum + a * now[j]!, offset[k]!));
      const size = Math.max(...from.map(Math.abs), ...now.map(Math.abs));
      const wrong = states.findIndex(({ name }, k) => !agree(run.states[name]?.[0], now[k], size));
      if (wrong < 0) return undefined;
      const { name } = states[wrong]!;
      return [
        `${states.map((state, k) => `${state.name} = ${from[k]}`).join(', ')}, no current for ${steps} step${steps === 1 ? '' : 's'}`,
        `${name} is ${run.states[name]?.[0]}, not ${now[wrong]}`,
      ];
    },
  );
}
