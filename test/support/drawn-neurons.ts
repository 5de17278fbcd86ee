// Neurons that fast-check draws (well-formed equations of one to three states, with selections, detachments and the
// usual functions, whose values stay near 1), and a run of one of them on a backend: what every target is held to. Not
// a test itself.

import {
  add,
  arctan,
  type Backend,
  fastSigmoid,
  learnable,
  mul,
  type NeuronModel,
  neuron,
  runNeuron,
  scope,
  sigmoidal,
  sum,
  type Tensor,
  tensor,
  triangular,
} from '../../src';
import { directly } from './direct';
import { fc } from './properties';

/** Expressions of these names; none of them grows. */
const expression = (names: readonly string[], maxDepth: number): fc.Arbitrary<string> =>
  fc.letrec<{ all: string }>((tie) => {
    const part = tie('all');
    const of = (...write: ((a: string, b: string, c: string) => string)[]) =>
      fc.tuple(fc.constantFrom(...write), part, part, part).map(([f, a, b, c]) => f(a, b, c));
    return {
      all: fc.oneof(
        { maxDepth },
        { weight: 4, arbitrary: fc.constantFrom(...names) },
        fc.integer({ min: -90, max: 90 }).map((n) => `(${(n / 100).toFixed(2)})`),
        of(
          (a, b) => `0.5*(${a} + ${b})`,
          (a, b) => `(${a} - ${b}/2)`,
          (a, b) => `(${a}*tanh(${b}))`,
          (a, b) => `(${a}/(1.5 + abs(${b})))`,
          (a, b) => `max(${a}, 0.5*${b})`,
          (a, b) => `min(${a}, ${b} + 0.3)`,
        ),
        of(
          (a, b, c) => `(${a} < ${b} ? ${c} : 0.5*${a})`,
          (a, b, c) => `(${a} <= 0.3 and not (${b} < -0.2) ? ${c} : ${b})`,
          (a, b, c) => `select(${a} >= ${b} or ${c} < 0, ${a}, ${c})`,
        ),
        of(
          (a) => `(-(${a}))`,
          (a) => `sigmoid(${a})`,
          (a) => `exp(-abs(${a}))`,
          (a) => `sin(${a})`,
          (a) => `cos(${a})`,
          (a) => `arctan(${a})`,
          (a) => `erf(${a})`,
          (a) => `sech2(${a})`,
          (a) => `sqrt(1 + (${a})^2)`,
          (a) => `tanh(${a})^3`,
          (a) => `detach(${a})`,
        ),
      ),
    };
  }).all;

/** One to three states, parameters `p` of the layer and `q` of each channel. */
export const drawnNeuron: fc.Arbitrary<NeuronModel> = fc
  .integer({ min: 1, max: 3 })
  .chain((count) => {
    const states = ['v', 'a', 'b'].slice(0, count);
    const known = ['x', ...states, 'p', 'q'];
    return fc.tuple(
      fc.constant(states),
      expression(known, 3),
      expression([...known, 'h'], 1),
      fc.tuple(...states.map(() => expression([...known, 'h', 'spikes'], 3))),
      fc.constantFrom(arctan(), triangular(), sigmoidal(), fastSigmoid()),
      fc.boolean(),
    );
  })
  .map(([states, h, u, next, surrogate, both]) =>
    neuron(
      [
        `h = 0.5*${states.join(' + 0.4*')} + p*x + 0.3*${h}`,
        `spikes = spike(h - 0.4 + 0.2*tanh(${u}) + 0*q)`,
        ...states.map(
          (name, k) => `${name} = tanh(0.7*${name} + ${next[k]})${k === 0 ? '*(1 - spikes)' : ''}`,
        ),
      ].join('\n'),
      {
        parameters: { p: learnable(0.8), q: learnable(0.3, { per: 'channel' }) },
        surrogate,
        outputs: both ? ['spikes', 'h'] : ['spikes'],
        start: both ? { v: 0.1 } : {},
      },
    ),
  );

export interface DrawnRun {
  /** Outputs and last states. */
  readonly outputs: number[][];
  /** Of x, of initial states where they were given, of both parameters. */
  readonly gradients: number[][];
}

const wave = (n: number, at: number) => Array.from({ length: n }, (_, i) => Math.sin(1.7 * i * i + i + at));

/** What a run is given: input, states before the first step or nothing, parameters. */
function numbersFor(model: NeuronModel, shape: readonly number[], given: boolean) {
  const size = shape.reduce((a, b) => a * b, 1);
  return {
    x: wave(size, 0.3),
    initial: model.states.map((_, k) => (given ? wave(size / shape[0]!, k + 1) : undefined)),
    p: [0.8],
    q: wave(shape.at(-1)!, 5),
  };
}

/** A run and its gradients; the numbers are the same on every backend. @param given whether initial states are */
export async function runDrawn(
  model: NeuronModel,
  shape: readonly number[],
  given: boolean,
  backend: Backend,
): Promise<DrawnRun> {
  const place = (data: number[], s: readonly number[]) =>
    tensor(data, [...s], { backend, requiresGrad: true });
  const { values, gradients } = scope(() => {
    const numbers = numbersFor(model, shape, given);
    const x = place(numbers.x, shape);
    const initial = Object.fromEntries(
      model.states.flatMap(({ name }, k) => {
        const state = numbers.initial[k];
        return state === undefined ? [] : [[name, place(state, shape.slice(1))] as const];
      }),
    );
    const parameters = { p: place(numbers.p, []), q: place(numbers.q, [shape.at(-1)!]) };
    const { outputs, states } = runNeuron(model, x, { initial, parameters });
    const values = [...Object.values(outputs), ...Object.values(states)];
    values
      .map((value, k) => sum(mul(value, tensor(wave(value.size, 9 + k), [...value.shape], { backend }))))
      .reduce((a, b) => add(a, b))
      .backward();
    const wanted = [x, ...Object.values(initial), parameters.p, parameters.q];
    return { values, gradients: wanted.map(({ grad }) => grad!) };
  });
  const numbers = (list: readonly Tensor[]) =>
    Promise.all(list.map(async (value) => [...(await value.data())]));
  const result = { outputs: await numbers(values), gradients: await numbers(gradients) };
  for (const value of [...values, ...gradients]) value.dispose();
  return result;
}

/** So near to each other the sides of a comparison are a tie: 4 units in f32's last place, where they are about 1. */
const TIE = 2 ** -22;

/** The neurons in whose run there is a tie, so that f32 may decide otherwise and go on with another sequence. */
export function tiedNeurons(model: NeuronModel, shape: readonly number[], given: boolean): Set<number> {
  const { x, initial, p, q } = numbersFor(model, shape, given);
  const size = x.length / shape[0]!;
  const tied = new Set<number>();
  for (let n = 0; n < size; n++) {
    const run = {
      x: x.filter((_, i) => i % size === n),
      initial: initial.map((state, k) => state?.[n] ?? model.states[k]!.start),
      parameters: [p[0]!, q[n % q.length]!],
    };
    if (directly(model, run).doubt < TIE) tied.add(n);
  }
  return tied;
}

/**
 * How far two runs are apart, but for neurons with ties: outputs and last states, gradients. What is summed over all
 * neurons is left out where there is a tie.
 */
export function distances(
  ours: DrawnRun,
  wanted: DrawnRun,
  ties: ReadonlySet<number>,
  size: number,
): { outputs: number; gradients: number } {
  const without = (values: readonly number[]) => values.filter((_, i) => !ties.has(i % size));
  const most = (kind: keyof DrawnRun, count: number): number =>
    Math.max(
      0,
      ...wanted[kind].slice(0, count).map((values, k) => distance(without(ours[kind][k]!), without(values))),
    );
  const sums = ties.size === 0 ? 0 : 2;
  return {
    outputs: most('outputs', wanted.outputs.length),
    gradients: most('gradients', wanted.gradients.length - sums),
  };
}

/** Largest difference against the largest magnitude. */
export function distance(a: readonly number[], b: readonly number[]): number {
  const most = Math.max(1e-3, ...b.map(Math.abs));
  return Math.max(0, ...a.map((value, i) => (Object.is(value, b[i]) ? 0 : Math.abs(value - b[i]!) / most)));
}
