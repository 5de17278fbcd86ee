import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { manualSeed } from '../../../src/core/engine';
import { noGrad } from '../../../src/core/tape';
import type { Tensor } from '../../../src/core/tensor';
import { writeImage } from '../../../src/data/augment';
import { readCifar10 } from '../../../src/data/cifar';
import { init } from '../../../src/init';
import { fromNir, type NirArray, type NirGraph, readNir, toNir, writeNir } from '../../../src/interop/nir';
import { toOnnx } from '../../../src/interop/onnx';
import {
  AvgPool2d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  Flatten,
  Linear,
  MaxPool2d,
  Module,
  Residual,
  sequential,
} from '../../../src/nn';
import { Direct, direct, Lif, mpr, resnet20, TdBatchNorm, TimeMean } from '../../../src/snn';
import { golden } from '../../golden/golden';
import { openNetwork } from '../../golden/network';
import { sharedFolder } from '../../support/shared';

const cifar = sharedFolder('data/cifar10');
const missing = cifar.missing || golden.missing;

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));
beforeEach(() => manualSeed(1));

/** The first images of the test set, [count,32,32,3]. */
async function realImages(count: number): Promise<Tensor> {
  const set = await readCifar10([readFileSync(join(cifar.path, 'test_batch.bin'))], { limit: count });
  const data = new Float32Array(count * 32 * 32 * 3);
  for (let i = 0; i < count; i++) writeImage(set, i, data, i * 32 * 32 * 3);
  return tensor(data, [count, 32, 32, 3]);
}

/** What each layer of one type gives in a forward pass, by its name. */
function outputs(
  modules: Iterable<readonly [string, Module]>,
  run: () => unknown,
): Map<string, Float64Array> {
  const all = new Map<string, Float64Array>();
  const off = [...modules].map(([name, module]) =>
    module.onForward((_, y) => all.set(name.replaceAll('.', '_'), Float64Array.from(y.dataSync()))),
  );
  noGrad(run);
  for (const remove of off) remove();
  return all;
}

const through = async (graph: NirGraph) => fromNir(await readNir(await writeNir(graph)));
const numbers = (graph: NirGraph, node: string, key: string) => {
  const value = graph.nodes.get(node)!.attributes.get(key) as NirArray;
  return { shape: value.shape, values: [...new Set(value.data)] };
};

describe.skipIf(missing)(
  `a residual network by way of a NIR file${missing ? cifar.note + golden.note : ''}`,
  () => {
    test.each(['small-leak-k3', 'small-paper-k3', 'wide-leak-k1'])(
      '%s: the same spikes on real images, layer by layer',
      async (name) => {
        const { network } = openNetwork(name);
        const images = await realImages(2);
        // running statistics as training leaves them
        for (let i = 0; i < 8; i++) noGrad(() => network.call(images));
        network.evaluate();
        const back = await through(await toNir(network, { inputShape: [32, 32, 3] }));
        const timesteps = network.options.timesteps;
        const lifs = [...network.modules()].filter(([, module]) => module instanceof Lif);
        const mine = outputs(lifs, () => network.call(images));
        const theirs = outputs(back.layers, () => back.call(direct(images, timesteps)));
        let spikes = 0;
        for (const [layer, values] of mine) {
          expect(theirs.get(layer), layer).toEqual(values);
          spikes += values.reduce((sum, value) => sum + value, 0);
        }
        expect(mine.size).toBe(lifs.length);
        expect(spikes).toBeGreaterThan(1000);
        const logits = noGrad(() => network.call(images).dataSync());
        const steps = theirs.get('fc')!;
        logits.forEach((logit, i) => {
          let mean = 0;
          for (let t = 0; t < timesteps; t++) mean += steps[t * logits.length + i]! / timesteps;
          expect(mean).toBeCloseTo(logit, 10);
        });
      },
      60_000,
    );
  },
);

describe('the graph of a network', () => {
  test('every convolution says its input shape, every neuron has parameters of full shape', async () => {
    const graph = await toNir(resnet20({ width: 2 }), { inputShape: [8, 12, 3] });
    expect(graph.nodes.get('input')!.attributes.get('shape')).toMatchObject({
      data: Float64Array.of(3, 8, 12),
    });
    expect(numbers(graph, 'stages_1_0_conv2', 'input_shape').values).toEqual([4, 6]);
    for (const key of ['tau', 'r', 'v_leak', 'v_threshold', 'v_reset'])
      expect(numbers(graph, 'stages_2_2_lif2', key).shape).toEqual([8, 2, 3]);
    for (const { type, attributes } of graph.nodes.values()) {
      if (type === 'Conv2d') expect(attributes.has('input_shape')).toBe(true);
    }
    expect(graph.metadata.get('readout')).toBe('mean over time');
    const into = graph.edges.filter(([, to]) => to === 'stages_0_1_lif2').map(([from]) => from);
    expect(into).toEqual(['stages_0_1_conv2', 'stages_0_0_lif2']);
  });

  test('leak dynamics are LIF, the printed ones IF, with the constants of the equations', async () => {
    const leak = await toNir(resnet20({ width: 1 }), { inputShape: [8, 8, 3] });
    expect(numbers(leak, 'stem_0_lif', 'tau').values).toEqual([1e-4 / 0.75]);
    expect(numbers(leak, 'stem_0_lif', 'r').values).toEqual([1 / 0.75]);
    expect(numbers(leak, 'stem_0_lif', 'v_threshold').values).toEqual([0.5]);
    const paper = await toNir(resnet20({ width: 1, neuron: { dynamics: 'paper' } }), {
      inputShape: [8, 8, 3],
      dt: 1e-3,
    });
    expect(paper.nodes.get('stem_0_lif')!.type).toBe('IF');
    expect(numbers(paper, 'stem_0_lif', 'r').values).toEqual([250]);
  });

  test('a network of layers: the flattened image is turned, dropout and the mean over time leave no node', async () => {
    const layers = [
      new Conv2d(2, 3),
      new TdBatchNorm(3),
      new Lif({ rectifier: mpr({ k: 5 }) }),
      new AvgPool2d(2),
      new Flatten(),
      new Dropout(0.5),
      new Linear(12, 5, { deviation: 1 }),
      new TdBatchNorm(5),
      new Lif(),
      new Linear(5, 2, { deviation: 1, bias: false }),
      new TimeMean(),
    ];
    const network = sequential(...layers);
    const x = tensor(
      Float64Array.from({ length: 6 * 2 * 4 * 4 * 2 }, (_, i) => Math.sin(i * i)),
      [6, 2, 4, 4, 2],
    );
    for (let i = 0; i < 30; i++) noGrad(() => network.call(x));
    network.evaluate();
    const back = await through(await toNir(network, { inputShape: [4, 4, 2] }));
    expect([...back.layers.keys()]).toEqual(['input', '0', '2', '3', '4', '6', '8', '9', 'output']);
    const lifs = [...network.modules()].filter(([, module]) => module instanceof Lif);
    const mine = outputs(lifs, () => network.call(x));
    const theirs = outputs(back.layers, () => back.call(x));
    for (const [name, values] of mine) expect(theirs.get(name), name).toEqual(values);
    expect(mine.get('8')!.some((value) => value === 1)).toBe(true);
  });

  test('groups, dilation, strides and padding by axis, biases and floor pooling come back the same', async () => {
    const network = sequential(
      new Conv2d(2, 4, { kernel: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2], bias: true }),
      new TdBatchNorm(4),
      new AvgPool2d([2, 3], { stride: [1, 2], padding: [1, 0], ceil: false }),
      new Lif(),
      new Conv2d(4, 4, { groups: 4, bias: true }),
    );
    const x = tensor(
      Float64Array.from({ length: 3 * 2 * 6 * 9 * 2 }, (_, i) => Math.sin(i * i)),
      [3, 2, 6, 9, 2],
    );
    for (let i = 0; i < 10; i++) noGrad(() => network.call(x));
    for (const conv of [network.layers[0], network.layers[4]] as Conv2d[])
      conv.bias!.backend.overwrite(conv.bias!.handle, [0.5, -1, 0.25, 2]);
    network.evaluate();
    const back = await through(await toNir(network, { inputShape: [6, 9, 2] }));
    const mine = noGrad(() => network.call(x)).dataSync();
    const theirs = noGrad(() => back.call(x)).dataSync();
    theirs.forEach((value, i) => {
      expect(value).toBeCloseTo(mine[i]!, 10);
    });
  });

  test('a membrane exactly at the threshold fires here and not in NIR, the next float above in both', async () => {
    const neuron = sequential(new Lif());
    const there = await through(await toNir(neuron, { inputShape: [2] }));
    const x = tensor(Float64Array.of(0.5, 0.5 + Number.EPSILON), [1, 1, 2]);
    expect(Array.from(neuron.call(x).dataSync())).toEqual([1, 1]);
    expect(Array.from(there.call(x).dataSync())).toEqual([0, 1]);
  });

  test('what has a forward of its own is refused by name and place, with what to do', async () => {
    class Mine extends Module {
      readonly layer = this.child('layer', new Linear(2, 2));
      forward(x: Tensor): Tensor {
        return this.layer.call(x);
      }
    }
    for (const to of [toNir, toOnnx]) {
      await expect(to(new Mine(), { inputShape: [2] })).rejects.toThrow(
        /the network is a Mine, which cannot be exported/,
      );
      const inside = sequential(new Linear(2, 2), sequential(new Lif(), new Mine()));
      await expect(to(inside, { inputShape: [2], ...(to === toOnnx && { timesteps: 1 }) })).rejects.toThrow(
        /layer 1\.1: a Mine cannot be exported: it has a forward of its own, .* Build it of layers by sequential\(a, b\), or let its class say .* outline\(x\)/,
      );
    }
  });

  test.each([
    ['a soft reset', () => sequential(new Lif({ reset: 'soft' })), [2], /layer 0: .* it has no soft reset/],
    [
      'a rectifier that may change spikes',
      () => sequential(new Lif({ rectifier: mpr({ centre: 0.4 }) })),
      [2],
      /only MPR centred on the threshold/,
    ],
    [
      'a pool that sticks out',
      () => sequential(new AvgPool2d(2)),
      [5, 4, 1],
      /layer 0: windows of 2x2 stick out of an image of 5x4, and NIR's pools fit; give it ceil: false/,
    ],
    [
      'a pool that leaves its padding out',
      () => sequential(new AvgPool2d(3, { stride: 1, padding: 1, countIncludePad: false })),
      [3, 3, 1],
      /layer 0: NIR's pools average their padding too/,
    ],
    [
      'max pooling',
      () => sequential(new MaxPool2d(2)),
      [4, 4, 1],
      /layer 0: NIR has no node for max pooling/,
    ],
    [
      'a transposed convolution',
      () => sequential(new ConvTranspose2d(1, 1)),
      [4, 4, 1],
      /layer 0: NIR has no node for transposed convolutions/,
    ],
    [
      'an AND of two layers',
      () => sequential(new Direct(2), new Residual(new Lif(), { join: 'and' })),
      [2],
      /layer 1_and: NIR has no node for products of two layers/,
    ],
    [
      'a lone tdBN over many numbers',
      () => sequential(new TdBatchNorm(2000)),
      [2000],
      /layer 0: NIR has no node that scales and moves each of 2000 numbers; put the TdBatchNorm behind/,
    ],
    [
      'a missing Flatten',
      () => sequential(new Linear(4, 1)),
      [2, 2, 1],
      /layer 0 \(Linear\): takes 4 numbers, it is fed \[2,2,1\]/,
    ],
    ['a tau above 1', () => sequential(new Lif({ tau: 1.5 })), [2], /lets a membrane grow by itself/],
  ])('%s is refused by name', async (_, network, inputShape, message) => {
    await expect(toNir(network(), { inputShape })).rejects.toThrow(message);
  });
});
