// The networks of `train --arch` beside the ResNet20: on wasm, where spikes go through pools and blocks as bits, each
// takes images and sequences, and its loss reaches the first layer.

import { beforeAll, expect, test } from 'vitest';
import { randn } from '../../src/core/create';
import { scope } from '../../src/core/scope';
import { noGrad } from '../../src/core/tape';
import { init } from '../../src/init';
import { crossEntropy } from '../../src/ops';
import { ARCHITECTURES, buildNetwork } from '../../src/train';
import { knownNetworks } from '../../src/train/network/known';

beforeAll(() => init({ backend: 'wasm', threads: 1, seed: 1 }));

const known = ARCHITECTURES.filter((arch) => knownNetworks[arch] !== undefined);

test.each(known)('%s learns of images, and takes sequences', (arch) => {
  const of = { arch, width: 8, timesteps: 2, dynamics: 'leak', mpr: 3, classes: 3 } as const;
  const network = buildNetwork({ ...of, channels: 2, height: 32, imageWidth: 34 });
  scope(() => {
    crossEntropy(network.call(randn([4, 32, 34, 2])), [0, 1, 2, 1]).backward();
    const [first] = network.parameters();
    const gradient = Array.from(first!.grad!.dataSync());
    expect(gradient.every(Number.isFinite) && gradient.some((g) => g !== 0)).toBe(true);
    for (const parameter of network.parameters()) parameter.grad?.dispose();
    const logits = noGrad(() => network.evaluate().call(randn([3, 2, 32, 34, 2])));
    expect(logits.shape).toEqual([2, 3]);
    expect(Array.from(logits.dataSync()).every(Number.isFinite)).toBe(true);
  });
  network.dispose();
});
