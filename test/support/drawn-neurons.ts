// Neurons that fast-check draws, and a run of one of them on a backend: what every target is held to. Not a test
// itself.

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
import { fc } from './properties';

const unit = (n: number): string => (n / 100).toFixed(2);

/** Expressions of these names; none of them grows. */
const expression = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.letrec<{ all: string }>((tie) => {
    const part = tie('all');
    const two = fc.tuple(part, part);
    return {
      all: fc.oneof(
        { maxDepth: 3 },
        { weight: 4, arbitrary: fc.constantFrom(...names) },
        fc.integer({ min: -90, max: 90 }).map((n) => `(${unit(n)})`),
        two.map(([a, b]) => `(${a} + ${b})`),
        two.map(([a, b]) => `(${a} - ${b})`),
        two.map(([a, b]) => `(${a}*tanh(${b}))`),
        two.map(([a, b]) => `(${a}/(1 + abs(${b})))`),
        two.map(([a, b]) => `max(${a}, 0.5*${b})`),
        two.map(([a, b]) => `min(${a}, ${b} + 0.3)`),
        fc.tuple(part, part, part).map(([a, b, c]) => `(${a} < ${b} ? ${c} : 0.5*${a})`),
        part.map((a) => `sigmoid(${a})`),
        part.map((a) => `exp(-abs(${a}))`),
        part.map((a) => `sin(${a})`),
        part.map((a) => `cos(${a})`),
        part.map((a) => `arctan(${a})`),
        part.map((a) => `sqrt(1 + ${a}^2)`),
        part.map((a) => `detach(${a})`),
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
      expression(known),
      expression([...known, 'h']),
      fc.tuple(...states.map(() => expression([...known, 'h', 'spikes']))),
      fc.constantFrom(arctan(), triangular(), sigmoidal(), fastSigmoid()),
      fc.boolean(),
    );
  })
  .map(([states, h, u, next, surrogate, both]) =>
    neuron(
      [
        `h = 0.5*${states.join(' + 0.4*')} + p*x + 0.3*${h}`,
        `spikes = spike(h - 0.4 + 0.2*tanh(${u}) + 0*q)`,
        ...states.map((name, k) => `${name}n = tanh(0.7*${name} + ${next[k]})`),
        ...states.map((name, k) => `${name} = ${k === 0 ? `${name}n*(1 - spikes)` : `${name}n`}`),
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

/** A run and its gradients; the numbers are the same on every backend. @param given whether initial states are */
export async function runDrawn(
  model: NeuronModel,
  shape: readonly number[],
  given: boolean,
  backend: Backend,
): Promise<DrawnRun> {
  const size = shape.reduce((a, b) => a * b, 1);
  const wave = (n: number, at: number) => Array.from({ length: n }, (_, i) => Math.sin(1.7 * i * i + i + at));
  const place = (data: number[], s: readonly number[]) =>
    tensor(data, [...s], { backend, requiresGrad: true });
  const { values, gradients } = scope(() => {
    const x = place(wave(size, 0.3), shape);
    const initial = given
      ? Object.fromEntries(
          model.states.map(({ name }, k) => [name, place(wave(size / shape[0]!, k + 1), shape.slice(1))]),
        )
      : {};
    const parameters = { p: place([0.8], []), q: place(wave(shape.at(-1)!, 5), [shape.at(-1)!]) };
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

/** Largest difference against the largest magnitude. */
export function distance(a: readonly number[], b: readonly number[]): number {
  const most = Math.max(1e-3, ...b.map(Math.abs));
  return Math.max(...a.map((value, i) => (Object.is(value, b[i]) ? 0 : Math.abs(value - b[i]!) / most)));
}
