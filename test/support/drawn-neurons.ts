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
import { gradientSizes } from './gradient-sizes';
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
 * How far two runs are apart, but for neurons with ties: outputs and last states against the largest of each,
 * gradients each against the largest number of the sum that it is, itself among them. What is summed over all neurons
 * is left out where there is a tie.
 */
export function distances(
  ours: DrawnRun,
  wanted: DrawnRun,
  ties: ReadonlySet<number>,
  {
    model,
    shape,
    given,
  }: { readonly model: NeuronModel; readonly shape: readonly number[]; readonly given: boolean },
): { outputs: number; gradients: number } {
  const size = sizeOfStep(shape);
  const without = (values: readonly number[]) => values.filter((_, i) => !ties.has(i % size));
  const outputs = Math.max(
    ...wanted.outputs.map((values, k) => distance(without(ours.outputs[k]!), without(values))),
  );
  const sizes = drawnSizes(model, shape, given);
  const sums = ties.size === 0 ? 0 : 2;
  const gradients = wanted.gradients.slice(0, wanted.gradients.length - sums).flatMap((values, k) => {
    const isSum = k >= wanted.gradients.length - 2;
    return values.map((value, i) => {
      const found = ours.gradients[k]![i]!;
      if (Object.is(value, found) || (!isSum && ties.has(i % size))) return 0;
      return Math.abs(found - value) / Math.max(sizes[k]![i]!, Math.abs(value));
    });
  });
  return { outputs, gradients: Math.max(0, ...gradients) };
}

const sizeOfStep = (shape: readonly number[]): number => shape.slice(1).reduce((a, b) => a * b, 1);

/** The largest number in the sum of each gradient, as {@link runDrawn} lists them. */
function drawnSizes(model: NeuronModel, shape: readonly number[], given: boolean): number[][] {
  const { x, initial, p, q } = numbersFor(model, shape, given);
  const size = sizeOfStep(shape);
  const outputs = model.outputs.map((_, k) => wave(x.length, 9 + k));
  const last = model.states.map((_, k) => wave(size, 9 + model.outputs.length + k));
  const ofX = new Array<number>(x.length);
  const ofInitial = model.states.map(() => new Array<number>(size));
  const [ofP, ofQ] = [[0], q.map(() => 0)];
  for (let n = 0; n < size; n++) {
    const series = (values: readonly number[]) => values.filter((_, i) => i % size === n);
    const run = {
      x: series(x),
      initial: initial.map((state, k) => state?.[n] ?? model.states[k]!.start),
      parameters: [p[0]!, q[n % q.length]!],
    };
    const found = gradientSizes(model, run, { outputs: outputs.map(series), last: last.map((d) => d[n]!) });
    for (const [t, s] of found.x.entries()) ofX[t * size + n] = s;
    for (const [k, s] of found.initial.entries()) ofInitial[k]![n] = s;
    const [byP, byQ] = found.parameters as [number, number];
    ofP[0] = Math.max(ofP[0]!, byP);
    ofQ[n % q.length] = Math.max(ofQ[n % q.length]!, byQ);
  }
  return [ofX, ...(given ? ofInitial : []), ofP, ofQ];
}

/** Largest difference against the largest magnitude. */
export function distance(a: readonly number[], b: readonly number[]): number {
  const most = Math.max(1e-3, ...b.map(Math.abs));
  return Math.max(0, ...a.map((value, i) => (Object.is(value, b[i]) ? 0 : Math.abs(value - b[i]!) / most)));
}
