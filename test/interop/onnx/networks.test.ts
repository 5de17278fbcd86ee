// Networks with layers that few have, voting neurons and attention on spikes, in ONNX Runtime; and what NIR lacks.

import { beforeAll, expect, test } from 'vitest';
import { init } from '../../../src/init';
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

test('NIR has no attention, and is refused by that name', async () => {
  const network = spikformer({ width: 8, depth: 1, heads: 2 });
  await expect(toNir(network, { inputShape: [8, 8, 3] })).rejects.toThrow(
    /toNir: layer \S+: NIR has no node for (max pooling|attention)/,
  );
});
