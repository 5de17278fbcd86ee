// Compiled networks in other tools' files: ONNX Runtime, and our own reader of NIR, give what the integers give.

import { beforeAll, describe, expect, test } from 'vitest';
import { stack, tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { noGrad } from '../../src/core/tape';
import { init } from '../../src/init';
import { compile, decodeCompiled, encodeCompiled } from '../../src/integer';
import { fromNir, readNir, toNir, writeNir } from '../../src/interop/nir';
import { describeOnnx, toOnnx } from '../../src/interop/onnx';
import { Conv2d, GlobalAvgPool, Linear, Residual, sequential } from '../../src/nn';
import { adex, Direct, ifNeuron, Lif, Spiking, TimeMean } from '../../src/snn';
import { numbers, run } from '../interop/onnx/runtime';
import { type Drawn, drawnNetwork } from './networks';

beforeAll(() => init({ backend: 'cpu' }));

const CONV = { kernel: 3, stride: 1, padding: 1, dilation: 1, groups: false };
const base = {
  seed: 1,
  timesteps: 2,
  height: 6,
  width: 7,
  channels: [8, 16, 16],
  convs: [CONV, CONV],
} as const;
const inputShape = [6, 7, 3];

/** Steps that the integers have too, so that all that goes in is equal. */
function images() {
  const { shape, data } = numbers([3, ...inputShape], 5);
  return { shape, data: data.map((value) => Math.round(value * 2048) / 2048) };
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

const drawn: readonly Drawn[] = [
  { ...base, neuron: 'hard', middle: 'max', end: 'global' },
  { ...base, neuron: 'number', middle: 'sew', end: 'flatten' },
  { ...base, neuron: 'if', middle: 'average', end: 'li' },
  { ...base, neuron: 'paper', middle: 'gate', end: 'global', seed: 4 },
  { ...base, neuron: 'soft', middle: 'max of sums', end: 'global' },
  // one pixel behind the pool, and windows of 3x3 on that
  {
    ...base,
    neuron: 'soft',
    middle: 'average',
    end: 'flatten',
    convs: [CONV, { ...CONV, stride: 3 }],
  },
];

describe('a compiled network in ONNX Runtime', () => {
  test.each(drawn)('$neuron, $middle, $end', async (one) => {
    const x = images();
    for (const [weights, opset] of [
      [16, 21],
      [8, 17],
    ] as const) {
      const made = await compile(drawnNetwork(one), { weights, inputShape });
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
      expect(farthest(mine.dataSync(), theirs.data)).toBeLessThan(1e-3);
    }
  });
});

describe('a compiled network for other tools', () => {
  test('is a NIR graph of floats, with bits and scales in the metadata', async () => {
    const x = images();
    const network = drawnNetwork({ ...base, neuron: 'hard', middle: 'average', end: 'global' });
    const fast = await compile(network, { weights: 6, inputShape });
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
    const theirs = noGrad(() => read.call(stack([still, still])));
    const mine = noGrad(() => fast.call(still));
    expect(farthest(mine.dataSync(), theirs.dataSync())).toBeLessThan(1e-3);
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
    const fast = await compile(network, { weights: 8, inputShape });
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
      /compiled for \[6,7,3\], got inputShape \[8,8,3\]/,
    );
    await expect(toOnnx(fast, { input: 'sequence', timesteps: 2 })).rejects.toThrow(
      /compiled for images: leave input: 'sequence' out/,
    );
  });
});
