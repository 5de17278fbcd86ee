import { beforeAll, describe, expect, test } from 'vitest';
import { tensor, zeros } from '../../src/core/create';
import { activeBackend, setActiveBackend } from '../../src/core/engine';
import { Random } from '../../src/core/random';
import { noGrad } from '../../src/core/tape';
import { Conv2d } from '../../src/nn/conv';
import { Flatten, Linear } from '../../src/nn/layers';
import { GlobalAvgPool } from '../../src/nn/pools';
import { sequential } from '../../src/nn/sequential';
import { ENERGY, Lif, li, lif, mpr, probe, resnet20, Spiking, ternary } from '../../src/snn';
import { digits, initTested } from '../support/backend';
import { normal } from './numbers';

beforeAll(async () => {
  await initTested();
});

const total = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);
const images = (n: number, seed = 3) => tensor(normal(n * 8 * 8 * 3, seed), [n, 8, 8, 3]);
const network = () => resnet20({ width: 2, timesteps: 3, random: new Random(1) });

describe('a probe', () => {
  test('counts the rates that one counts by hand', async () => {
    const layer = new Lif();
    const looking = probe(layer);
    const first = tensor(normal(24, 1, 0.3), [3, 2, 4]);
    const second = tensor(normal(24, 2, 0.3), [3, 2, 4]);
    const spikes = [first, second].map((x) => Array.from(lif(x).dataSync()));
    for (const x of [first, second]) layer.call(x);
    const [report] = (await looking.report()).layers;
    expect(report!.neurons).toBe(4);
    expect(report!.rate).toBeCloseTo(total(spikes.flat()) / 48, digits(14));
    const perStep = [0, 1, 2].map((t) => total(spikes.map((o) => total(o.slice(8 * t, 8 * t + 8)))) / 16);
    report!.ratePerStep.forEach((rate, t) => {
      expect(rate).toBeCloseTo(perStep[t]!, digits(14));
    });
  });

  test('counts every membrane once, and those outside in the outermost bins', async () => {
    const layer = new Lif({ rectifier: mpr() });
    const looking = probe(layer, { histogram: { low: 0, high: 1, bins: 4 } });
    layer.call(tensor([-100, 0.1, 0.3, 0.6, 0.99, 100], [1, 1, 6]));
    const { membrane } = (await looking.report()).layers[0]!;
    expect(membrane!.edges).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(membrane!.before).toEqual([2, 1, 1, 2]);
    expect(total(membrane!.after)).toBe(6);
  });

  test('finds the quantization error no larger after MPR than before, and equal without a rectifier', async () => {
    for (const rectifier of [mpr({ k: 1 }), mpr({ k: 7 }), null]) {
      const layer = new Lif({ rectifier });
      const looking = probe(layer);
      layer.call(tensor(normal(400, 5), [4, 1, 100]));
      const { before, after } = (await looking.report()).layers[0]!.quantization!;
      for (const measure of ['absolute', 'squared'] as const) {
        if (rectifier === null) expect(after[measure]).toBe(before[measure]);
        else expect(after[measure]).toBeLessThan(before[measure]);
      }
    }
  });

  test('measures |H - O| and (H - O)² as one does by hand', async () => {
    const layer = new Lif();
    const looking = probe(layer);
    layer.call(tensor([0.2, 0.75], [1, 1, 2]));
    const { before } = (await looking.report()).layers[0]!.quantization!;
    expect(before.absolute).toBeCloseTo((0.2 + 0.25) / 2, digits(14));
    expect(before.squared).toBeCloseTo((0.04 + 0.0625) / 2, digits(14));
  });

  test('names silent and saturated layers, and says nothing of the others', async () => {
    const of = async (value: number) => {
      const net = sequential(new Lif());
      const looking = probe(net);
      net.call(tensor([value, value, value, value], [2, 1, 2]));
      return (await looking.report()).warnings;
    };
    expect(await of(0)).toEqual(['0 is silent: not one spike in 4 neuron-steps']);
    expect(await of(2)).toEqual(['0 is saturated: 100.0 % of 4 neuron-steps are spikes']);
    expect(await of(0.45)).toEqual([]);
  });

  test('tells no firing rate of a read-out, whose membrane is no spike', async () => {
    const net = sequential(new Lif(), new Spiking(li()));
    const looking = probe(net);
    net.call(tensor([2, 2, 2, 2], [2, 1, 2]));
    const { layers, warnings } = await looking.report();
    expect(layers.map(({ name }) => name)).toEqual(['0']);
    expect(warnings).toEqual(['0 is saturated: 100.0 % of 4 neuron-steps are spikes']);
  });

  test('names three of many silent layers, in their order, and counts the others', async () => {
    const net = sequential(...Array.from({ length: 5 }, () => new Lif()));
    const looking = probe(net);
    net.call(zeros([2, 1, 2]));
    expect((await looking.report()).warnings).toEqual([
      '5 of 5 neuron layers are silent, not one spike: 0, 1, 2, 2 more',
    ]);
  });

  test('changes no bit of the output, the gradients or the running statistics', async () => {
    const [plain, watched] = [network(), network()];
    const looking = probe(watched);
    const results = [plain, watched].map((net) => {
      const y = net.call(images(2));
      y.backward(tensor(normal(20, 9), [2, 10]));
      const state = [...net.state().values()].map((entry) => Array.from(entry.tensor.dataSync()));
      const gradients = net.parameters().map((p) => Array.from(p.grad!.dataSync()));
      return { y: Array.from(y.dataSync()), state, gradients };
    });
    expect(results[1]).toEqual(results[0]);
    expect((await looking.report()).layers.length).toBe(19);
  });

  test('sees nothing after detach, and forgets with reset', async () => {
    const layer = new Lif();
    const looking = probe(layer);
    await expect(looking.report()).rejects.toThrow(/nothing has run/);
    layer.call(tensor([1, 1], [1, 2]));
    looking.reset();
    await expect(looking.report()).rejects.toThrow(/nothing has run/);
    layer.call(tensor([1, 0], [1, 2]));
    looking.detach();
    layer.call(tensor([1, 1], [1, 2]));
    expect((await looking.report()).layers[0]!.rate).toBe(0.5);
    looking.reset();
    await expect(looking.report()).rejects.toThrow(/nothing has run/);
    layer.call(tensor([1, 1], [1, 2])); // a reset attaches nothing anew
    await expect(looking.report()).rejects.toThrow(/nothing has run/);
  });

  test('keeps rates and operations but no membranes when these are not asked for', async () => {
    const layer = new Lif();
    const looking = probe(layer, { membranes: false });
    layer.call(tensor([1, 0], [1, 2]));
    expect((await looking.report()).layers).toEqual([
      { name: '', neurons: 1, rate: 0.5, ratePerStep: [0.5] },
    ]);
  });

  test('refuses a histogram without width or bins', () => {
    expect(() => probe(new Lif(), { histogram: { low: 1, high: 1, bins: 3 } })).toThrow(/low < high/);
    expect(() => probe(new Lif(), { histogram: { low: 0, high: 1, bins: 0 } })).toThrow(
      /probe: histogram: bins must be a whole number >= 1, got 0/,
    );
  });
});

describe('operations', () => {
  test('of numbers are multiply-accumulates; of spikes, accumulates at their rate', async () => {
    const net = sequential(
      new Conv2d(1, 2),
      new Lif(),
      new Conv2d(2, 3),
      new GlobalAvgPool(),
      new Linear(3, 5),
    );
    const looking = probe(net);
    noGrad(() => net.call(tensor(normal(2 * 3 * 16, 8), [2, 3, 4, 4, 1])));
    const { layers, operations } = await looking.report();
    // two time steps, 4x4 pixels, kernel 3x3
    const [first, second, last] = operations.layers;
    expect(first).toEqual({ name: '0', dense: 2 * 16 * 9 * 2, operations: 576, kind: 'mac' });
    expect(second).toMatchObject({ name: '2', dense: 2 * 16 * 9 * 6, kind: 'ac' });
    expect(second!.inputRate).toBeCloseTo(layers[0]!.rate, digits(14));
    expect(second!.operations).toBeCloseTo(layers[0]!.rate * 1728, digits(9));
    expect(last).toEqual({ name: '4', dense: 2 * 15, operations: 30, kind: 'mac' });
    const { macs, acs, energy, denseMacs, denseEnergy, ratio } = operations;
    expect(macs).toBe(606);
    expect(acs).toBe(second!.operations);
    expect(energy).toBeCloseTo((606 * ENERGY.mac + acs * ENERGY.ac) / 1000, digits(12));
    expect(denseMacs).toBe(288 + 864 + 15);
    expect(denseEnergy).toBeCloseTo((denseMacs * 4.6) / 1000, digits(12));
    expect(ratio).toBeCloseTo(energy / denseEnergy, digits(14));
  });

  test('of the first convolution count once for images and T times for sequences', async () => {
    const net = network();
    const looking = probe(net, { membranes: false });
    const stem = async () => (await looking.report()).operations.layers[0]!;
    noGrad(() => net.call(images(2)));
    expect(await stem()).toMatchObject({ name: 'stem.0.conv', dense: 64 * 9 * 6, kind: 'mac' });
    const once = (await looking.report()).operations.denseMacs;
    looking.reset();
    noGrad(() => net.call(zeros([3, 2, 8, 8, 3])));
    expect((await stem()).operations).toBe(3 * 64 * 9 * 6);
    expect((await looking.report()).operations.denseMacs).toBe(once);
  });

  test('of a layer that a pass goes through twice count twice', async () => {
    const layer = new Linear(3, 3);
    const net = sequential(layer, new Lif(), layer);
    const looking = probe(net, { membranes: false });
    noGrad(() => net.call(tensor(normal(2 * 4 * 3, 2), [2, 4, 3])));
    const [only, ...others] = (await looking.report()).operations.layers;
    expect(others).toEqual([]);
    expect(only).toEqual({ name: '0', dense: 2 * (2 * 9), operations: 36, kind: 'mac' });
  });

  test('of numbers are counted without reading them', async () => {
    const backend = activeBackend('test');
    const asked: string[] = [];
    setActiveBackend({
      ...backend,
      read(handle) {
        asked.push('read');
        return backend.read(handle);
      },
      readSync(handle) {
        asked.push('readSync');
        return backend.readSync(handle);
      },
    });
    const layer = new Linear(3, 5);
    const looking = probe(layer);
    layer.call(tensor(normal(6, 1), [2, 3]));
    expect((await looking.report()).operations.macs).toBe(15);
    expect(asked).toEqual([]);
    setActiveBackend(backend);
  });

  test('of one image do not depend on how many were seen', async () => {
    const net = network().evaluate();
    const looking = probe(net, { membranes: false });
    noGrad(() => net.call(images(1)));
    const { dense } = (await looking.report()).operations.layers[4]!;
    noGrad(() => net.call(images(5)));
    expect((await looking.report()).operations.layers[4]!.dense).toBe(dense);
  });
});

test('spikes with signs are added or taken away: their operations are additions, and their rate counts both', async () => {
  const network = sequential(new Spiking(ternary({ tau: 0 })), new Flatten(1), new Linear(2, 3));
  const looking = probe(network);
  network.call(tensor([[[1, -1]], [[0, 0.7]]]));
  const { layers, operations } = await looking.report();
  expect(layers[0]!.rate).toBe(0.75);
  expect(operations.layers[0]).toMatchObject({ kind: 'ac', inputRate: 0.75, operations: 9 });
});
