// One neuron of equations, several ways to run it: traced, in two pieces, and line by line in plain numbers.

import fc from 'fast-check';
import { learnablesOf } from '../../../neurons';
import { concat, slice } from '../../../ops/layout';
import type { TensorData } from '../../arbitraries';
import { type Evaluated, evaluate } from '../evaluate';
import { type Law, law } from '../law';
import { placeOf, written } from '../neuron/numbers';
import { begun, writtenStates } from './draws';
import { agree, numbersUnder, ran, sequenceOf, startOf, taped } from './run';
import type { LawSetting } from './setting';
import { learntOf, unrolled } from './unrolled';

export function wayLaws(setting: LawSetting): Law[] {
  return [tracedLaw(setting), piecesLaw(setting), unrolledLaw(setting)];
}

function tracedLaw({ subject, promise, currents }: LawSetting): Law {
  const names = promise.outputs;
  return law('traced', 'the trace of every assigned value has in it what comes out', currents, (x) => {
    const { outputs, trace } = ran(subject, x);
    for (const name of names) {
      const [given, traced] = [numbersUnder(outputs, name), numbersUnder(trace, name)];
      const wrong = given.findIndex((value, i) => !Object.is(value, traced[i]));
      if (wrong >= 0)
        return [
          written(x),
          `${name} at ${placeOf(wrong, x.shape)} is ${given[wrong]}, traced ${traced[wrong]}`,
        ];
    }
    return undefined;
  });
}

/** Everything that a neuron may be started with: current, states, learnable parameters. */
export function leavesOf(
  { promise }: LawSetting,
  x: TensorData,
  initial: Readonly<Record<string, TensorData>>,
) {
  const neurons = x.shape[2]!;
  const parameters = learnablesOf(promise).map(({ learnable }, k): TensorData => {
    const shape = learnable!.per === 'channel' ? [neurons] : [];
    return { data: new Array<number>(shape[0] ?? 1).fill(learntOf(promise)[k]!), shape };
  });
  return [x, ...promise.states.map(({ name }) => initial[name]!), ...parameters];
}

/** What the numbers of {@link evaluate} are called. */
export const leafNames = ({ promise }: LawSetting): string[] => [
  'x',
  ...promise.states.map(({ name }) => `${name} before`),
  ...learnablesOf(promise).map(({ name }) => name),
];

function piecesLaw(setting: LawSetting): Law {
  const { subject, promise, drive, currents } = setting;
  const outputs = [...promise.outputs, ...promise.states.map(({ name }) => `the last ${name}`)];
  const names = { outputs, gradients: leafNames(setting).map((name) => `the gradient of ${name}`) };
  const longer = currents.filter(({ shape }) => shape[0]! >= 2);
  return law(
    'pieces',
    'a sequence may be run in two pieces, the second from the states that the first left: all values and gradients stay',
    fc.tuple(begun(promise, drive, longer), fc.nat()),
    ([{ x, initial }, drawn]) => {
      const steps = x.shape[0]!;
      const cut = 1 + (drawn % (steps - 1));
      const leaves = leavesOf(setting, x, initial);
      const whole = evaluate((...given) => taped(subject, promise, given), leaves);
      const split = evaluate((input, ...others) => {
        const { length } = promise.outputs;
        const first = taped(subject, promise, [slice(input!, [0], [cut]), ...others]);
        const between = [...first.slice(length), ...others.slice(promise.states.length)];
        const second = taped(subject, promise, [slice(input!, [cut], [steps]), ...between]);
        return second.map((value, k) => (k < length ? concat([first[k]!, value]) : value));
      }, leaves);
      const wrong = difference(split, whole, names);
      if (wrong === undefined) return undefined;
      return [written(x), ...writtenStates(initial), `cut before t = ${cut}, ${wrong}`];
    },
  );
}

/** The first number in which two ways differ. */
function difference(
  actual: Evaluated,
  expected: Evaluated,
  names: Readonly<Record<'outputs' | 'gradients', readonly string[]>>,
): string | undefined {
  for (const part of ['outputs', 'gradients'] as const)
    for (const [k, wanted] of expected[part].entries()) {
      const size = Math.max(1, ...wanted.map(Math.abs).filter(Number.isFinite));
      const i = wanted.findIndex((value, at) => !agree(actual[part][k]![at], value, size));
      if (i >= 0) return `number ${i} of ${names[part][k]} is ${actual[part][k]![i]}, not ${wanted[i]}`;
    }
  return undefined;
}

function unrolledLaw({ subject, promise, drive, currents }: LawSetting): Law {
  return law(
    'unrolled',
    'every value is what its line says, each step computed line by line in plain numbers',
    fc.tuple(begun(promise, drive, currents), fc.boolean()),
    ([drawn, isFresh]) => {
      const { x } = drawn;
      const initial = isFresh ? {} : drawn.initial; // or from where they start
      const { trace, states } = ran(subject, x, initial);
      const apart = x.shape[1]! * x.shape[2]!;
      for (let place = 0; place < apart; place++) {
        const { values, last, nearest } = unrolled(
          promise,
          sequenceOf(x, place),
          startOf(promise, initial, place),
        );
        const size = Math.max(1, ...last.map(Math.abs).filter(Number.isFinite));
        for (const [name, list] of values) {
          const t = list.findIndex(
            (value, at) => !agree(numbersUnder(trace, name)[at * apart + place], value, size),
          );
          if (t < 0) continue;
          if (nearest <= 1e-12 * size) return undefined; // a rounding decides whether it fires
          const at = t * apart + place;
          return [
            ...[written(x), ...writtenStates(initial)],
            `${name} at ${placeOf(at, x.shape)} is ${numbersUnder(trace, name)[at]}, line by line ${list[t]}`,
          ];
        }
        const wrong = promise.states.find(
          ({ name }, k) => !agree(numbersUnder(states, name)[place], last[k], size),
        );
        if (wrong !== undefined && nearest > 1e-12 * size)
          return [...[written(x), ...writtenStates(initial)], `the last ${wrong.name} is another`];
      }
      return undefined;
    },
  );
}
