// Neurons of equations in WGSL and by gpu.js alone, against the plain loops: spikes equal, all else within rounding.

import { afterAll, describe, expect, test } from 'vitest';
import type { Operand, ScanKernels } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { scanWith } from '../../../src/backends/gpu/scan';
import { twinRunner } from '../../../src/backends/gpu/scan/twin';
import { wgslRunner } from '../../../src/backends/gpu/scan/wgsl';
import { Random } from '../../../src/core/random';
import { learnablesOf, type NeuronModel } from '../../../src/neurons';
import { arctan, customSurrogate, learnable, mpr, neuron, sigmoidal, triangular } from '../../../src/snn';
import { testDriver } from '../../support/gpu';

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

const lif = 'h = tau*v + x; spikes = spike(h - 1); v = h*(1 - spikes)';
const alif = `h = tau*v + x
  spikes = spike(h - 1 - beta*a)
  v = h*(1 - spikes)
  a = rho*a + spikes`;
const perChannel = { per: 'channel' } as const;

const models: Readonly<Record<string, NeuronModel>> = {
  'LIF, hard reset': neuron(lif, { parameters: { tau: 0.5 } }),
  'LIF, soft reset, detached, MPR, arctan': neuron(
    'h = 0.25*v + x; spikes = spike(phi(h) - 0.5); v = h - 0.5*detach(spikes)',
    { functions: { phi: mpr({ k: 3 }) }, surrogate: arctan(), outputs: ['spikes', 'h'] },
  ),
  'PLIF': neuron('h = sigmoid(w)*v + x; spikes = spike(h - 1); v = h*(1 - spikes)', {
    parameters: { w: learnable(0.4) },
    surrogate: sigmoidal(),
  }),
  'ALIF, all by channel': neuron(alif, {
    parameters: {
      tau: learnable(0.9, perChannel),
      rho: learnable(0.95, perChannel),
      beta: learnable(0.2, perChannel),
    },
    surrogate: triangular(),
    outputs: ['spikes', 'h', 'a'],
  }),
};

interface Sample {
  readonly steps: number;
  readonly shape: readonly number[];
  readonly isWhole: boolean;
}

describe.skipIf(missing)(`neurons of equations on the gpu${note}`, () => {
  const reference = cpuBackend('f32');
  const ways = (): [string, ScanKernels][] => [
    ['WGSL', scanWith(driver, wgslRunner(driver))],
    ['gpu.js', scanWith(driver, twinRunner(driver))],
  ];
  afterAll(() => driver.close());

  test.each(Object.keys(models))('%s', async (name) => {
    const model = models[name]!;
    const random = new Random(name.length);
    const numbers = (size: number, scale = 1) => Float32Array.from({ length: size }, () => random.normal(0.3, scale));
    const [steps, rows, channels] = [5, 7, 3];
    const size = rows * channels;
    const inputs = {
      x: numbers(steps * size),
      parameters: learnablesOf(model).map(({ value, learnable: l }) =>
        Float32Array.from({ length: l!.per === 'channel' ? channels : 1 }, () => value + random.normal(0, 0.1)),
      ),
      initial: model.states.map(() => numbers(size)),
      gOutput: model.outputs.map(() => numbers(steps * size)),
      gLast: model.states.map(() => numbers(size)),
    };
    const run = async (kernels: ScanKernels, upload: (data: Float32Array) => any, read: any) => {
      const inner = [rows, channels];
      const place = (data: Float32Array, shape: readonly number[]): Operand => ({ handle: upload(data), shape });
      const operands = {
        x: place(inputs.x, [steps, ...inner]),
        parameters: inputs.parameters.map((p) => place(p, p.length === 1 ? [] : [channels])),
        initial: inputs.initial.map((s) => place(s, inner)),
      };
      const gradients = {
        outputs: inputs.gOutput.map((g) => place(g, [steps, ...inner])),
        last: inputs.gLast.map((g) => place(g, inner)),
      };
      const there = kernels.scan(model, operands);
      const back = kernels.scanGradient(model, operands, gradients);
      const handles = [...there.outputs, ...there.last, back.x, ...back.initial, ...back.parameters];
      return Promise.all(handles.map(async (h) => [...(await read(h))]));
    };
    const wanted = await run(reference, (d) => reference.upload(d), (h: any) => reference.read(h));
    for (const [way, kernels] of ways()) {
      const got = await run(kernels, (d) => driver.upload('t', d), (h: any) => driver.read('t', h));
      got.forEach((list, k) => {
        const most = Math.max(...wanted[k]!.map(Math.abs));
        expect(list.length).toBe(wanted[k]!.length);
        list.forEach((v: number, i: number) => expect(Math.abs(v - wanted[k]![i]!), `${way} ${k} ${i}`).toBeLessThanOrEqual(k === 0 ? 0 : 1e-5 * most));
      });
    }
  });
});
