// Every neuron of the zoo compiled for WebAssembly fires as in doubles, with the same gradients: to 1e-5 of the largest
// number of the sum that each is, those of stiff neurons to 1e-4 of the largest of all.

import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Backend,
  createBackend,
  mul,
  type NeuronModel,
  Random,
  runNeuron,
  scope,
  sum,
  tensor,
  type ZooNeuron,
  zoo,
} from '../../../src';
import { learnablesOf } from '../../../src/neurons';
import { lower } from '../../../src/neurons/lower';
import { gradientSizes } from '../../support/gradient-sizes';

const byName: Readonly<Record<string, ZooNeuron<string>>> = zoo;
let exact: Backend;
let wasm: Backend;
beforeAll(async () => {
  exact = await createBackend({ backend: 'cpu', precision: 'f64' });
  wasm = await createBackend({ backend: 'wasm', threads: 1 });
});
afterAll(() => (wasm as { close?: () => void }).close?.());

const SHAPE = [10, 2, 3, 8];
const SIZE = 480;
const CHANNELS = 8;
/** In one step of theirs a small change may grow twentyfold: a square of millivolts, twice. */
const STIFF: readonly string[] = ['izhikevich-halves'];

/** Input, gradients of the output, and learnt constants by channel. */
function numbersFor(model: NeuronModel) {
  const random = new Random(9);
  const scale = model.parameters.find(({ name }) => name === 'vth')?.value ?? 1;
  const draw = (by: number, around: number) =>
    Float32Array.from({ length: SIZE }, () => by * (random.uniform() - 0.5 + around));
  const learnt = learnablesOf(model).map(({ name, value }) => ({
    name,
    values: Float32Array.from({ length: CHANNELS }, (_, i) => value * (1 + i / 50)),
  }));
  return { x: draw(3 * scale, 0.25), g: draw(1, 0), learnt };
}

/** Outputs, and the gradients of input and learnt constants. */
function run(model: NeuronModel, backend: Backend): { outputs: number[]; gradients: number[] } {
  const { x: current, g, learnt } = numbersFor(model);
  return scope(() => {
    const options = { backend, requiresGrad: true };
    const x = tensor(current, SHAPE, options);
    const parameters = Object.fromEntries(
      learnt.map(({ name, values }) => [name, tensor(values, [CHANNELS], options)]),
    );
    const { outputs } = runNeuron(model, x, { parameters });
    const y = outputs[model.outputs[0]!]!;
    sum(mul(y, tensor(g, SHAPE, { backend }))).backward();
    const leaves = [x, ...Object.values(parameters)];
    return {
      outputs: [...y.dataSync()],
      gradients: leaves.flatMap(({ grad }) => [...(grad?.dataSync() ?? [])]),
    };
  });
}

/** The largest number of the sum that each gradient is. */
function sizesOf(model: NeuronModel): number[] {
  const { x, g, learnt } = numbersFor(model);
  const steps = SHAPE[0]!;
  const neurons = SIZE / steps;
  const sizes = new Array<number>(SIZE + CHANNELS * learnt.length).fill(0);
  for (let n = 0; n < neurons; n++) {
    const series = (values: Float32Array) =>
      Array.from({ length: steps }, (_, t) => values[t * neurons + n]!);
    const channel = n % CHANNELS;
    const found = gradientSizes(
      model,
      {
        x: series(x),
        initial: model.states.map(({ start }) => start),
        parameters: learnt.map(({ values }) => values[channel]!),
      },
      { outputs: [series(g)], last: model.states.map(() => 0) },
    );
    for (const [t, size] of found.x.entries()) sizes[t * neurons + n] = size;
    for (const [k, size] of found.parameters.entries()) {
      const at = SIZE + CHANNELS * k + channel;
      sizes[at] = Math.max(sizes[at]!, size);
    }
  }
  return sizes;
}

test.each(Object.keys(byName))('%s', (name) => {
  const model = byName[name]!({ learns: true, per: 'channel' });
  expect(lower(model), 'compiled').toBeDefined();
  const [wanted, ours] = [run(model, exact), run(model, wasm)];
  const largest = Math.max(1, ...wanted.outputs.map(Math.abs));
  const off = (of: 'outputs' | 'gradients', sizeOf: (i: number) => number) =>
    Math.max(...wanted[of].map((value, i) => Math.abs(value - ours[of][i]!) / sizeOf(i)));
  expect(off('outputs', () => largest)).toBeLessThan(1e-5);
  if (STIFF.includes(name)) {
    const most = Math.max(...wanted.gradients.map(Math.abs));
    expect(off('gradients', () => most)).toBeLessThan(1e-4);
  } else {
    const sizes = sizesOf(model);
    const size = (i: number) => Math.max(sizes[i]!, Math.abs(wanted.gradients[i]!)) || 1;
    expect(off('gradients', size)).toBeLessThan(1e-5);
  }
  if (byName[name]!.fires) {
    const fired = wanted.outputs.filter((value) => value !== 0).length;
    expect(fired).toBeGreaterThan(0.03 * SIZE);
    expect(fired).toBeLessThan(0.9 * SIZE);
  }
});
