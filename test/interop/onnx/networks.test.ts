// Networks with layers that few have, voting neurons and attention on spikes, in ONNX Runtime; and what NIR lacks.

import { beforeAll, expect, test } from 'vitest';
import { init } from '../../../src/init';
import { fromMap, type NameMap } from '../../../src/interop/maps';
import { toNir } from '../../../src/interop/nir';
import { toOnnx } from '../../../src/interop/onnx';
import { parametricLifNet, spikformer } from '../../../src/snn';
import { compare, numbers, settled } from './runtime';

beforeAll(() => init({ backend: 'cpu', precision: 'f64', seed: 1 }));

const networks = {
  spikformer: () => spikformer({ width: 8, depth: 1, heads: 2, timesteps: 2 }),
  parametricLifNet: () =>
    parametricLifNet({ of: 'cifar10', width: 4, hidden: 12, side: 8, timesteps: 2, neuron: { vth: 0.5 } }),
};

test.each(Object.entries(networks))('%s gives in ONNX Runtime what it gives here', async (_, build) => {
  const side = 8;
  const x = numbers([2, side, side, 3], 1);
  const network = settled(build(), x);
  await compare(network, await toOnnx(network, { inputShape: [side, side, 3] }), x);
});

const entry = (shape: number[]) => ({
  dtype: 'F64' as const,
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(7 * i + 1)),
});
const weights = new Map([
  ['c.weight', entry([3, 2, 3, 3])],
  ['c.bias', entry([3])],
  ['fc.weight', entry([4, 48])],
  ['fc.bias', entry([4])],
]);
const map: NameMap = {
  inputShape: [4, 4, 2],
  timesteps: 3,
  library: 'snntorch',
  neuron: { kind: 'Leaky', beta: 0.8 },
  layers: [{ conv: 'c', padding: 1 }, { neuron: 'n' }, { flatten: true }, { linear: 'fc' }],
};
const analog = [
  { conv: 'c', padding: 1 },
  { relu: true },
  { flatten: true },
  { linear: 'fc' },
  { relu: true },
];

test.each<[string, NameMap]>([
  ['the sum over time, of neurons that are reset a step late', { ...map, output: 'sum' }],
  ['the last step', { ...map, output: 'last' }],
  ['a network with ReLU and without time', { inputShape: [4, 4, 2], layers: analog }],
])('%s gives in ONNX Runtime what it gives here', async (_, of) => {
  const network = await fromMap(of, weights);
  await compare(network, await toOnnx(network, { inputShape: [4, 4, 2] }), numbers([2, 4, 4, 2], 1));
});

test('NIR has no ReLU, and none is written', async () => {
  const network = await fromMap({ inputShape: [4, 4, 2], layers: analog }, weights);
  await expect(toNir(network, { inputShape: [4, 4, 2] })).rejects.toThrow(/NIR has no node for a ReLU/);
});

test('NIR has no attention, and is refused by that name', async () => {
  const network = spikformer({ width: 8, depth: 1, heads: 2 });
  await expect(toNir(network, { inputShape: [8, 8, 3] })).rejects.toThrow(
    /toNir: layer \S+: NIR has no node for (max pooling|attention)/,
  );
});
