// Neurons that fast-check draws, and a run of one of them on a backend: what every target is held to. No test itself.

import {
  add,
  type Backend,
  mul,
  type NeuronModel,
  runNeuron,
  scope,
  sum,
  type Tensor,
  tensor,
} from '../../src';
import { neurons } from '../../src/testing';
import { directly } from './direct';
import type { fc } from './properties';

/** One to three states, parameters `p` of the layer and `q` of each channel. */
export const drawnNeuron: fc.Arbitrary<NeuronModel> = neurons();

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
