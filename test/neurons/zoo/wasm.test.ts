// Every neuron of the zoo compiled for WebAssembly fires as in doubles, with the same gradients.

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
import { lower } from '../../../src/neurons/lower';

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

/** Outputs, and the gradients of input and learnt constants. */
function run(model: NeuronModel, backend: Backend): { outputs: number[]; gradients: number[] } {
  const random = new Random(9);
  const scale = model.parameters.find(({ name }) => name === 'vth')?.value ?? 1;
  const draw = (size: number, by: number, around: number) =>
    Float32Array.from({ length: size }, () => by * (random.uniform() - 0.5 + around));
  return scope(() => {
    const options = { backend, requiresGrad: true };
    const x = tensor(draw(SIZE, 3 * scale, 0.25), SHAPE, options);
    const learnt = model.parameters.filter(({ learnable }) => learnable !== undefined);
    const parameters = Object.fromEntries(
      learnt.map(({ name, value }) => [
        name,
        tensor(
          Float32Array.from({ length: 8 }, (_, i) => value * (1 + i / 50)),
          [8],
          options,
        ),
      ]),
    );
    const { outputs } = runNeuron(model, x, { parameters });
    const y = outputs[model.outputs[0]!]!;
    sum(mul(y, tensor(draw(SIZE, 1, 0), SHAPE, { backend }))).backward();
    const leaves = [x, ...Object.values(parameters)];
    return {
      outputs: [...y.dataSync()],
      gradients: leaves.flatMap(({ grad }) => [...(grad?.dataSync() ?? [])]),
    };
  });
}

test.each(Object.keys(byName))('%s', (name) => {
  const model = byName[name]!({ learns: true, per: 'channel' });
  expect(lower(model), 'compiled').toBeDefined();
  const [wanted, ours] = [run(model, exact), run(model, wasm)];
  const near = (of: 'outputs' | 'gradients') => {
    const largest = Math.max(1, ...wanted[of].map(Math.abs));
    return Math.max(...wanted[of].map((value, i) => Math.abs(value - ours[of][i]!))) / largest;
  };
  expect(near('outputs')).toBeLessThan(1e-5);
  expect(near('gradients')).toBeLessThan(1e-4);
  if (byName[name]!.fires) {
    const fired = wanted.outputs.filter((value) => value !== 0).length;
    expect(fired).toBeGreaterThan(0.03 * SIZE);
    expect(fired).toBeLessThan(0.9 * SIZE);
  }
});
