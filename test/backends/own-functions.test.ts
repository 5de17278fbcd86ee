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
  customRectifier,
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
import { lifModel } from '../../src/snn/equations/lif';
import { type FusedNeuron, neuronOf } from '../../src/snn/options';
import { testDriver } from '../support/gpu';

const { missing, note, driver } = await testDriver();
afterAll(() => driver?.close());

const others: readonly { name: string; make: () => Promise<Backend> }[] = [
  { name: 'wasm', make: () => wasmBackend({ threads: 1 }) },
  ...(missing ? [] : [{ name: 'gpu', make: async () => backendOn(driver!) }]),
];

const withJavaScript = others.filter(({ name }) => name === 'wasm');

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

/** @param backends those that run the neuron: a function of JavaScript runs on no GPU */
async function expectSame(options: LifOptions, backends = others): Promise<number[]> {
  const expected = await gradientOn(cpuBackend('f32'), options);
  for (const { name, make } of backends) {
    const got = await gradientOn(await make(), options);
    expect(got.length).toBe(expected.length);
    for (const [i, value] of got.entries())
      expect(value, `${name}, number ${i}`).toBeCloseTo(expected[i]!, 4);
  }
  return expected;
}

/** As they were written until now, for the GPU. */
const sourced = {
  ...{ name: 'old', value: (x: number) => 7 * x, derivative: () => 7 },
  source: { value: '7 * x', derivative: '7' },
};

const factories: readonly (() => Surrogate)[] = [rectangular, triangular, sigmoidal, arctan, fastSigmoid];
const builtIns = factories.map((make) => [make().name, make] as const);

describe(`functions of one's own${note}`, () => {
  test.each(builtIns)("a surrogate that is called %s runs its author's formula", async (name, make) => {
    const own = customSurrogate({ name, integral: 1, value: '7*u', derivative: '7 + u' });
    const parameters = make().parameters;
    const ours = await gradientOn(cpuBackend('f32'), { surrogate: make() });
    const named = Object.keys(parameters).map((key) => ` + 0*${key}`);
    const texts = { value: `7*u${named.join('')}`, derivative: '7 + u' };
    const gradient = await expectSame({
      surrogate: customSurrogate({ name, integral: 1, parameters, ...texts }),
    });
    expect(gradient).not.toEqual(ours);
    const { value, derivative } = own;
    expect(await expectSame({ surrogate: { ...make(), value, derivative } })).toEqual(gradient);
    const functions = { value: (u: number) => 7 * u, derivative: (u: number) => 7 + u };
    expect(await expectSame({ surrogate: { ...make(), ...functions } }, withJavaScript)).toEqual(gradient);
  });

  test.each(builtIns)('%s itself is the same on every backend, copied and renamed too', async (_, make) => {
    const ours = await expectSame({ surrogate: make() });
    expect(await expectSame({ surrogate: { ...make(), name: 'mine' } })).toEqual(ours);
    const parameters = { window: 9, width: 9, alpha: 9, beta: 9 };
    expect(await expectSame({ surrogate: { ...make(), parameters } })).toEqual(ours);
  });

  test("a rectifier that is called mpr runs its author's formula", async () => {
    const parameters = { k: 3, centre: 0.5 };
    const own = customRectifier({
      ...{ name: 'mpr', parameters },
      ...{ value: 'x + 0.1 + 0*k*centre', derivative: '3*x' },
    });
    const ours = await expectSame({ rectifier: mpr() });
    const gradient = await expectSame({ rectifier: own });
    expect(gradient).not.toEqual(ours);
    expect(await expectSame({ rectifier: { ...mpr(), ...own } })).toEqual(gradient);
    expect(await expectSame({ rectifier: { ...mpr(), parameters: { k: 9, centre: 0 } } })).toEqual(ours);
    const functions = { value: (x: number) => x + 0.1, derivative: (x: number) => 3 * x };
    expect(await expectSame({ rectifier: { ...mpr(), ...functions } }, withJavaScript)).not.toEqual(ours);
  });

  test('one half of a built-in with a half of its own is not the built-in', async () => {
    await expectSame({ rectifier: { ...mpr(), value: (x) => x + 0.1, derivative: () => 1 } }, withJavaScript);
    const mixed = { ...mpr({ k: 3 }), value: mpr({ k: 5 }).value };
    const wasm = await wasmBackend({ threads: 1 });
    expect(await gradientOn(wasm, { rectifier: mixed })).toEqual(
      await gradientOn(cpuBackend('f32'), { rectifier: mixed }),
    );
  });

  test.skipIf(missing)(`and is refused by the gpu${note}`, async () => {
    const mixed = { ...mpr({ k: 3 }), value: mpr({ k: 5 }).value };
    await expect(gradientOn(backendOn(driver!), { rectifier: mixed })).rejects.toThrow(
      /function 'mpr' is one of JavaScript/,
    );
  });

  test('two that share a derivative are two', async () => {
    const derivative = (x: number) => 1 + 0 * x;
    const [one, other] = [(x: number) => x, (x: number) => x - 0.4].map((value) => ({
      ...{ name: 'own', parameters: {}, value, derivative },
    }));
    const first = await expectSame({ rectifier: one! }, withJavaScript);
    expect(await expectSame({ rectifier: other! }, withJavaScript)).not.toEqual(first);
  });

  test.each([
    ['customSurrogate', () => customSurrogate({ ...sourced, integral: 1 })],
    ['customRectifier', () => customRectifier(sourced)],
  ])('%s takes no source any more, and says what to write instead', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name}: takes no source any more: .* as texts`));
  });

  test('a built-in in the place of the other kind runs as it is', async () => {
    await expectSame({ rectifier: sigmoidal({ alpha: 2 }) });
    await expectSame({ surrogate: { ...mpr(), integral: 1 } });
  });

  test('neurons of the same constants are one, however they were made, and old ones are forgotten', () => {
    const of = (options: LifOptions) => lifModel(neuronOf('test', options) as FusedNeuron);
    const make = () => of({ tau: 0.3, rectifier: mpr(), surrogate: { ...arctan(), name: 'mine' } });
    const first = make();
    expect(make()).toBe(first);
    expect(of({ tau: 0.3, rectifier: mpr(), surrogate: arctan({ alpha: 3 }) })).not.toBe(first);
    for (let i = 0; i < 300; i++) of({ tau: i / 300 });
    expect(make()).not.toBe(first);
  });

  test('a built-in cannot be altered after it was made', () => {
    const surrogate = arctan();
    expect(() => Object.assign(surrogate.parameters, { alpha: 9 })).toThrow(TypeError);
    expect(() => Object.assign(surrogate, { derivative: () => 1 })).toThrow(TypeError);
    expect(() => Object.assign(mpr().parameters, { k: 9 })).toThrow(TypeError);
  });
});
