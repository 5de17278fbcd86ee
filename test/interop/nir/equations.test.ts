// Neurons of equations by way of a NIR file: which node they become, that they fire there as here, and what NIR has no
// node for.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { Random } from '../../../src/core/random';
import { noGrad } from '../../../src/core/tape';
import { init } from '../../../src/init';
import { fromNir, readNir, toNir, writeNir } from '../../../src/interop/nir';
import { Flatten, Linear, type Module, sequential } from '../../../src/nn';
import { Delay, learnable, type NeuronModel, neuron, Recurrent, Spiking, zoo } from '../../../src/snn';

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

const drawn = (shape: readonly number[], around = 0.3) => {
  const random = new Random(5);
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(
    Float64Array.from({ length: size }, () => around + 2 * (random.uniform() - 0.4)),
    shape,
  );
};

/** The node that a network's only neuron becomes, and how far the graph is from the network. */
async function through(network: Module, inputShape: readonly number[], neuronName: string) {
  const graph = await readNir(await writeNir(await toNir(network, { inputShape, dt: 0.01 })));
  const x = drawn([12, 2, ...inputShape]);
  const [mine, theirs] = noGrad(() => [network.call(x).dataSync(), fromNir(graph).call(x).dataSync()]);
  const off = Math.max(...Array.from(mine, (value, i) => Math.abs(value - theirs[i]!)));
  const sum = Array.from(mine).reduce((total, value) => total + value, 0);
  return { type: graph.nodes.get(neuronName)!.type, node: graph.nodes.get(neuronName)!, off, sum };
}

const layer = (model: NeuronModel) => sequential(new Spiking(model, { channels: 6 }));

describe('a neuron of equations in NIR', () => {
  test.each([
    ['IF', zoo.if({ vReset: -0.1 })],
    ['LIF', zoo.lif({ tau: 0.7, vth: 0.9, vReset: 0.1 })],
    ['LIF', zoo['lif-detached']()],
    ['LIF', zoo['lif-mpr']()],
    ['LIF', zoo.plif({ tau: 3, vth: 0.5 })],
    ['CubaLIF', zoo['cuba-lif']({ alpha: 0.8, vReset: -0.2 })],
    ['LI', zoo.li()],
    ['CubaLI', zoo['cuba-li']()],
    ['I', neuron('v = v + 0.5*x')],
    ['LIF', neuron('h = v + 0.2*(x - v + 0.1); spikes = spike(5*h > 0.75); v = spikes > 0.5 ? 0.05 : h')],
    ['LIF', neuron('dv/dt = (x - v)/4', { threshold: 'v > 0.3', reset: 'v = 0.05' })],
    ['LIF', neuron('h = 0.5*v + x; spikes = 1 - spike(1 - h); v = spikes > 0.5 ? 0 : h')],
  ] as const)('is %s and gives there what it gives here', async (type, model) => {
    const found = await through(layer(model), [6], '0');
    expect(found.type).toBe(type);
    expect(found.off).toBeLessThan(1e-9);
    expect(found.sum).toBeGreaterThan(5);
  });

  test('with constants of its own for each channel, behind images and flattened ones', async () => {
    const model = zoo.plif({ per: 'channel', vth: 0.4 });
    const images = new Spiking(model, { channels: 3 });
    images.learned.w!.overwrite([-1, 0, 2]);
    const found = await through(sequential(images), [4, 2, 3], '0');
    expect(found).toMatchObject({ type: 'LIF', off: 0 });
    expect(new Set((found.node.attributes.get('tau') as { data: Float64Array }).data).size).toBe(3);
    const flat = new Spiking(model, { channels: 24 });
    flat.learned.w!.overwrite(Array.from({ length: 24 }, (_, i) => i / 8 - 1));
    const whole = sequential(new Flatten(), flat, new Linear(24, 2));
    expect((await through(whole, [4, 2, 3], '1')).off).toBeLessThan(1e-9);
  });

  test('of which NIR has no node is refused, saying why', async () => {
    const refused = (network: Module) => toNir(network, { inputShape: [6] });
    await expect(refused(layer(zoo['lif-soft']()))).rejects.toThrow(
      "layer 0: NIR's neurons are set to v_reset",
    );
    await expect(refused(layer(zoo['lif-no-reset']()))).rejects.toThrow('it has none without reset');
    for (const make of [zoo.adex, zoo['lif-refractory'], zoo.izhikevich, zoo.ternary, zoo.alif, zoo.klif])
      await expect(refused(layer(make()))).rejects.toThrow('NIR has no node that computes its equations');
    const growing = neuron('h = k*v + x; spikes = spike(h - 1); v = h*(1 - spikes)', {
      parameters: { k: learnable(1.5) },
    });
    await expect(refused(layer(growing))).rejects.toThrow('keeps 1.5 of itself in a step grows by itself');
  });
});

test('spikes that come back are an edge back, through a map', async () => {
  const layer = new Recurrent(zoo.lif({ tau: 0.6 }), 6, {
    deviation: 0.7,
    bias: true,
    random: new Random(2),
  });
  layer.feedback.bias!.overwrite([0.1, 0, -0.1, 0.2, 0, 0]);
  const found = await through(
    sequential(new Linear(6, 6, { deviation: 1, random: new Random(3) }), layer),
    [6],
    '1',
  );
  expect(found).toMatchObject({ type: 'LIF', off: 0 });
  expect(found.sum).toBeGreaterThan(5);
});

test('a delay waits in NIR as here, each channel by its own', async () => {
  const found = await through(sequential(new Delay([0, 3, 1, 0, 2, 5])), [6], '0');
  expect(found).toMatchObject({ type: 'Delay', off: 0 });
  await expect(toNir(sequential(new Delay(0.5)), { inputShape: [6] })).rejects.toThrow('no whole steps');
});
