// What the user wrote runs, on every backend: a function is told by what it is, and neither its name nor its
// parameters nor the object around it can make a backend run another one.

import { afterAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { cpuBackend } from '../../src/backends/cpu';
import { backendOn } from '../../src/backends/gpu';
import { wasmBackend } from '../../src/backends/wasm';
import { tensor } from '../../src/core/create';
import {
  arctan,
  customSurrogate,
  fastSigmoid,
  type LifOptions,
  lif,
  mpr,
  rectangular,
  type Surrogate,
  sigmoidal,
  triangular,
} from '../../src/snn';
import { testDriver } from '../support/gpu';

const { missing, note, driver } = await testDriver();
afterAll(() => driver?.close());

const others: readonly { name: string; make: () => Promise<Backend> }[] = [
  { name: 'wasm', make: () => wasmBackend({ threads: 1 }) },
  ...(missing ? [] : [{ name: 'gpu', make: async () => backendOn(driver!) }]),
];

/** Currents of three steps whose potentials lie on both sides of the threshold, none at it. */
const currents = Float32Array.from({ length: 3 * 2 * 8 }, (_, i) => 0.31 * Math.sin(1.7 * i) + 0.33);

/** ∂(Σ i·O[i])/∂X of a neuron. */
async function gradientOn(backend: Backend, options: LifOptions): Promise<number[]> {
  const x = tensor(currents, [3, 2, 8], { backend, requiresGrad: true });
  const weights = tensor(
    Float32Array.from({ length: currents.length }, (_, i) => 1 + i / 7),
    [3, 2, 8],
    { backend },
  );
  lif(x, options).backward(weights);
  return Array.from(await x.grad!.data());
}

async function expectSame(options: LifOptions): Promise<number[]> {
  const expected = await gradientOn(cpuBackend('f32'), options);
  for (const { name, make } of others) {
    const got = await gradientOn(await make(), options);
    expect(got.length).toBe(expected.length);
    for (const [i, value] of got.entries())
      expect(value, `${name}, number ${i}`).toBeCloseTo(expected[i]!, 4);
  }
  return expected;
}

const factories: readonly (() => Surrogate)[] = [rectangular, triangular, sigmoidal, arctan, fastSigmoid];
const builtIns = factories.map((make) => [make().name, make] as const);

describe(`functions of one's own${note}`, () => {
  test.each(builtIns)("a surrogate that is called %s runs its author's formula", async (name, make) => {
    const source = { value: '7 * x', derivative: '7 + x' };
    const own = { name, integral: 1, source, value: (u: number) => 7 * u, derivative: (u: number) => 7 + u };
    const parameters = make().parameters;
    const ours = await gradientOn(cpuBackend('f32'), { surrogate: make() });
    expect(await expectSame({ surrogate: customSurrogate({ ...own, parameters }) })).not.toEqual(ours);
    await expectSame({ surrogate: { ...make(), source, value: own.value, derivative: own.derivative } });
  });

  test.each(builtIns)('%s itself is the same on every backend, copied and renamed too', async (_, make) => {
    const ours = await expectSame({ surrogate: make() });
    expect(await expectSame({ surrogate: { ...make(), name: 'mine' } })).toEqual(ours);
    const parameters = { window: 9, width: 9, alpha: 9, beta: 9 };
    expect(await expectSame({ surrogate: { ...make(), parameters } })).toEqual(ours);
  });

  test("a rectifier that is called mpr runs its author's formula", async () => {
    const source = { value: 'x + 0.1', derivative: '3 * x' };
    const own = { name: 'mpr', source, value: (x: number) => x + 0.1, derivative: (x: number) => 3 * x };
    const ours = await expectSame({ rectifier: mpr() });
    expect(await expectSame({ rectifier: { ...own, parameters: { k: 3, centre: 0.5 } } })).not.toEqual(ours);
    expect(await expectSame({ rectifier: { ...mpr(), ...own } })).not.toEqual(ours);
    expect(await expectSame({ rectifier: { ...mpr(), parameters: { k: 9, centre: 0 } } })).toEqual(ours);
  });

  test('one half of a built-in with a half of its own is not the built-in', async () => {
    const source = { value: 'x + 0.1', derivative: '1 + 0 * x' };
    await expectSame({ rectifier: { ...mpr(), source, value: (x) => x + 0.1, derivative: () => 1 } });
    const mixed = { ...mpr({ k: 3 }), value: mpr({ k: 5 }).value };
    const wasm = await wasmBackend({ threads: 1 });
    expect(await gradientOn(wasm, { rectifier: mixed })).toEqual(
      await gradientOn(cpuBackend('f32'), { rectifier: mixed }),
    );
  });

  test('a built-in in the place of the other kind runs as it is', async () => {
    await expectSame({ rectifier: sigmoidal({ alpha: 2 }) });
    await expectSame({ surrogate: { ...mpr(), integral: 1 } });
  });

  test('a built-in cannot be altered after it was made', () => {
    const surrogate = arctan();
    expect(() => Object.assign(surrogate.parameters, { alpha: 9 })).toThrow(TypeError);
    expect(() => Object.assign(surrogate, { derivative: () => 1 })).toThrow(TypeError);
    expect(() => Object.assign(mpr().parameters, { k: 9 })).toThrow(TypeError);
  });
});
