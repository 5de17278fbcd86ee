// Compiled networks in other tools' files: ONNX Runtime, and our own reader of NIR, give what the integers give.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { noGrad } from '../../src/core/tape';
import { init } from '../../src/init';
import { compile, decodeCompiled, encodeCompiled } from '../../src/integer';
import { fromNir, readNir, toNir, writeNir } from '../../src/interop/nir';
import { describeOnnx, toOnnx } from '../../src/interop/onnx';
import { AvgPool2d, Conv2d, GlobalAvgPool, Linear, Residual, sequential } from '../../src/nn';
import { adex, Direct, ifNeuron, Lif, Spiking, TimeMean } from '../../src/snn';
import { numbers, run } from '../interop/onnx/runtime';
import { type Drawn, drawnNetwork } from './networks';

beforeAll(() => init({ backend: 'cpu' }));

const CONV = { kernel: 3, stride: 1, padding: 1, dilation: 1, groups: false };
const base = {
  seed: 1,
  timesteps: 2,
  height: 6,
  width: 8,
  channels: [4, 8, 8],
  convs: [CONV, CONV],
} as const;
const inputShape = [6, 8, 3];

/** Steps that the integers have too, so that all that goes in is equal. */
function images() {
  const { shape, data } = numbers([3, ...inputShape], 5);
  return { shape, data: data.map((value) => Math.round(value * 4096) / 1024) };
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

/** With what the integers' rounding of keep·V may come to: nothing where all or nothing is kept. */
const drawn: readonly (Drawn & { readonly within: number })[] = [
  { ...base, neuron: 'hard', middle: 'max', end: 'global', timesteps: 1, within: 1e-6 },
  { ...base, neuron: 'number', middle: 'sew', end: 'flatten', within: 0.03 },
  { ...base, neuron: 'soft', middle: 'none', end: 'li', timesteps: 1, within: 1e-5 },
  { ...base, neuron: 'if', middle: 'gate', end: 'global', within: 1e-6 },
  { ...base, neuron: 'if', middle: 'residual', end: 'flatten', within: 1e-6 },
  { ...base, neuron: 'soft', middle: 'max of sums', end: 'global', timesteps: 1, within: 1e-6 },
];

describe('a compiled network in ONNX Runtime', () => {
  test.each(drawn)('$neuron, $middle, $end', async (one) => {
    const x = images();
    for (const [weights, opset] of [
      [16, 21],
      [8, 17],
    ] as const) {
      const made = await compile(drawnNetwork(one), { weights, inputShape, inputRange: 16 });
      const fast = made.report().sameBits ? await decodeCompiled(await encodeCompiled(made)) : made;
      const model = await toOnnx(fast);
      const { opset: version, operators } = describeOnnx(model);
      expect(version).toBe(opset);
      const convs = made.report().layers.filter((layer) => layer.numbers !== 'f32' && layer.op === 'conv');
      // weights and biases
      expect(operators.find(({ name }) => name === 'DequantizeLinear')?.count).toBe(2 * convs.length);
      const mine = noGrad(() => fast.call(tensor(x.data, x.shape)));
      const theirs = await run(model, x);
      expect(theirs.shape).toEqual(mine.shape);
      expect(new Set(mine.dataSync()).size).toBeGreaterThan(5); // not the same for each image
      expect(farthest(mine.dataSync(), theirs.data)).toBeLessThan(one.within);
    }
  });
});

describe('a compiled network for other tools', () => {
  test('is a NIR graph of floats, with bits and scales in the metadata', async () => {
    const x = images();
    const network = drawnNetwork({ ...base, neuron: 'if', middle: 'average', end: 'global' });
    const fast = await compile(network, { weights: 6, inputShape, inputRange: 16 });
    const graph = await readNir(await writeNir(await toNir(fast)));
    const weighted = [...graph.nodes].filter(([, { type }]) => type === 'Conv2d' || type === 'Affine');
    expect(weighted.length).toBeGreaterThan(3);
    for (const [name, { attributes }] of weighted) {
      const array = (key: string) => graph.metadata.get(`${key} of ${name}`) as { data: Float32Array };
      const [bits] = array('bits').data;
      const { data: scale } = array('scale');
      const { data } = attributes.get('weight') as { data: Float32Array };
      for (const [i, value] of data.entries()) {
        const integer = value / scale[Math.floor((i * scale.length) / data.length)]!;
        expect(Math.abs(integer - Math.round(integer))).toBeLessThan(1e-4);
        expect(Math.abs(Math.round(integer))).toBeLessThan(2 ** (bits! - 1));
      }
    }
    const read = fromNir(graph);
    const still = tensor(x.data, x.shape);
    const theirs = noGrad(() => read.call(tensor(Float32Array.of(...x.data, ...x.data), [2, ...x.shape])));
    const mine = noGrad(() => fast.call(still));
    expect(farthest(mine.dataSync(), theirs.dataSync())).toBeLessThan(1e-3);
  });

  test('takes windows of an image of one pixel', async () => {
    const random = new Random(7);
    const network = sequential(
      new Conv2d(3, 8, { stride: 4, random }),
      new Direct(1),
      new Lif({ vth: 0.1 }),
      new AvgPool2d(2),
      new Conv2d(8, 8, { kernel: 1, padding: 0, random }),
      new Lif({ vth: 0.1 }),
      new Conv2d(8, 8, { random }),
      new Lif({ vth: 0.1 }),
      new GlobalAvgPool(),
      new Linear(8, 3, { random }),
      new TimeMean(),
    );
    const fast = await compile(network, { weights: 8, inputShape, inputRange: 16 });
    expect(fast.report().sameBits).toBe(true);
    const x = images();
    const mine = noGrad(() => fast.call(tensor(x.data, x.shape)));
    expect(new Set(mine.dataSync()).size).toBeGreaterThan(3);
    expect(farthest(mine.dataSync(), (await run(await toOnnx(fast), x)).data)).toBeLessThan(1e-6);
  });

  test('keeps layers in real numbers as they are', async () => {
    const random = new Random(1);
    const network = sequential(
      new Conv2d(3, 8, { random, bias: true }),
      new Direct(2),
      new Lif(),
      new Residual(
        sequential(new Conv2d(8, 8, { random }), new Spiking(adex()), new Conv2d(8, 8, { random })),
      ),
      new Spiking(ifNeuron()),
      new GlobalAvgPool(),
      new Linear(8, 3, { random }),
      new TimeMean(),
    );
    const fast = await compile(network, { weights: 8, inputShape, inputRange: 16 });
    expect(fast.report().sameBits).toBe(false);
    const x = images();
    const mine = noGrad(() => fast.call(tensor(x.data, x.shape)));
    const theirs = await run(await toOnnx(fast), x);
    expect(new Set(mine.dataSync()).size).toBeGreaterThan(1);
    expect(farthest(mine.dataSync(), theirs.data)).toBeLessThan(1e-3);
  });

  test('is refused for what it was not compiled for', async () => {
    const fast = await compile(drawnNetwork(drawn[0]!), { inputShape });
    await expect(toOnnx(fast, { inputShape: [8, 8, 3] })).rejects.toThrow(
      /compiled for \[6,8,3\], got inputShape \[8,8,3\]/,
    );
    await expect(toOnnx(fast, { input: 'sequence', timesteps: 2 })).rejects.toThrow(
      /compiled for images: leave input: 'sequence' out/,
    );
  });
});
