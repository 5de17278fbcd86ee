// Neurons of equations in ONNX Runtime give there what they give here.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { Random } from '../../../src/core/random';
import { init } from '../../../src/init';
import { toOnnx } from '../../../src/interop/onnx';
import { sequential } from '../../../src/nn';
import {
  customSurrogate,
  Delay,
  learnable,
  neuron,
  Recurrent,
  Spiking,
  type ZooNeuron,
  zoo,
} from '../../../src/snn';
import { numbers, run } from './runtime';

beforeAll(() => init({ backend: 'cpu', precision: 'f32' }));

const byName: Readonly<Record<string, ZooNeuron<string>>> = zoo;

describe('a neuron of equations in ONNX Runtime', () => {
  /** What between them holds every operation: all would take a minute. */
  const names =
    'lif-delayed lif-refractory plif klif glif alpha adex izhikevich resonate-and-fire fire-first ternary cuba-li';
  test.each(names.split(' '))('%s', async (name) => {
    const model = byName[name]!({ learns: true, per: 'channel' });
    const layer = new Spiking(model, { channels: 5 });
    for (const [key, learned] of Object.entries(layer.learned)) {
      const start = model.parameters.find((one) => one.name === key)!.value;
      learned.overwrite(Array.from({ length: 5 }, (_, i) => start * (1 + i / 40)));
    }
    const scale = model.parameters.find((one) => one.name === 'vth')?.value ?? 1;
    const drawn = numbers([8, 2, 5], 3);
    const x = { ...drawn, data: Float64Array.from(drawn.data, (value) => (value + 0.3) * 1.5 * scale) };
    const network = sequential(layer);
    const mine = network.call(tensor(x.data, x.shape)).dataSync();
    const theirs = await run(await toOnnx(network, { inputShape: [5], timesteps: 8, input: 'sequence' }), x);
    expect(theirs.shape).toEqual([8, 2, 5]);
    for (const [i, value] of mine.entries()) expect(theirs.data[i], `${i}`).toBeCloseTo(value, 4);
    if (byName[name]!.fires) expect(mine.filter((value) => value !== 0).length).toBeGreaterThan(2);
  });

  test('differential equations with time constants that are learnt', async () => {
    const model = neuron('di/dt = (x - i)/taui; dv/dt = (i - v)/tau', {
      threshold: 'v > 0.2',
      reset: 'v = 0',
      parameters: { tau: learnable(4, { per: 'channel' }), taui: learnable(2) },
    });
    const network = sequential(new Spiking(model, { channels: 3 }));
    const drawn = numbers([12, 2, 3], 1);
    const x = { ...drawn, data: Float64Array.from(drawn.data, (value) => value + 0.5) };
    const mine = network.call(tensor(x.data, x.shape)).dataSync();
    const theirs = await run(await toOnnx(network, { inputShape: [3], timesteps: 12, input: 'sequence' }), x);
    expect(Array.from(theirs.data)).toEqual(Array.from(mine));
    expect(mine.filter((value) => value === 1).length).toBeGreaterThan(5);
  });

  test('spikes that come back', async () => {
    const network = sequential(
      new Recurrent(zoo.alif(), 3, { deviation: 0.9, bias: true, random: new Random(2) }),
    );
    const drawn = numbers([8, 2, 3], 1);
    const x = { ...drawn, data: Float64Array.from(drawn.data, (value) => 2 * value + 0.5) };
    const mine = network.call(tensor(x.data, x.shape)).dataSync();
    const theirs = await run(await toOnnx(network, { inputShape: [3], timesteps: 8, input: 'sequence' }), x);
    expect(Array.from(theirs.data)).toEqual(Array.from(mine));
    expect(mine.filter((value) => value === 1).length).toBeGreaterThan(5);
  });

  test('a delay, each channel by its own', async () => {
    const network = sequential(new Delay([0, 2, 1]));
    const x = numbers([4, 2, 3], 1);
    const mine = network.call(tensor(x.data, x.shape)).dataSync();
    const theirs = await run(await toOnnx(network, { inputShape: [3], timesteps: 4, input: 'sequence' }), x);
    expect(Array.from(theirs.data, (value) => value + 0)).toEqual(Array.from(mine)); // -0 is 0
  });

  test('what only JavaScript can call is refused', async () => {
    const bend = { name: 'bend', value: Math.cbrt, derivative: () => 1 };
    const model = neuron('h = v + bend(x); spikes = spike(h - 1); v = h*(1 - spikes)', {
      functions: { bend },
      surrogate: customSurrogate({ name: 'own', integral: 1, value: Math.tanh, derivative: Math.cos }),
    });
    await expect(toOnnx(sequential(new Spiking(model)), { inputShape: [3], timesteps: 2 })).rejects.toThrow(
      'layer 0: its equations hold bend, which ONNX has no operator for',
    );
  });
});
