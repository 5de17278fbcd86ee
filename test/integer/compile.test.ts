// What becomes of networks: that integers decide as real numbers do where nothing is near a threshold, what stays as it
// was, and what is refused.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { init } from '../../src/init';
import { compile } from '../../src/integer';
import { integerMembrane, weighted } from '../../src/integer/interval';
import { leak } from '../../src/integer/twin';
import { AvgPool2d, Conv2d, Flatten, GlobalAvgPool, Linear, sequential } from '../../src/nn';
import {
  adex,
  csnn,
  Direct,
  Lif,
  msResnet20,
  resnet20,
  Spiking,
  sewResnet,
  spikingMlp,
  TimeMean,
  vgg,
} from '../../src/snn';

beforeAll(() => init({ backend: 'cpu' }).then(() => undefined));

const pixels = (size: number, seed = 1) => {
  const random = new Random(seed);
  return Float32Array.from({ length: size }, () => random.normal());
};

describe('compiling a network', () => {
  test.each([
    ['resnet20', () => resnet20({ width: 4, timesteps: 2 }), [16, 16, 3]],
    ['csnn', () => csnn({ timesteps: 2, side: 16, channels: 1, width: 3 }), [16, 16, 1]],
    ['spikingMlp', () => spikingMlp({ inputShape: [12], hidden: [10], timesteps: 3, classes: 4 }), [12]],
    ['sewResnet', () => sewResnet({ width: 4, timesteps: 2 }), [16, 16, 3]],
    ['vgg', () => vgg({ depth: 11, width: 4, timesteps: 1, side: 32 } as never), [32, 32, 3]],
  ] as const)('of %s makes all of its layers integers', async (_, make, inputShape) => {
    const network = make().evaluate();
    const fast = await compile(network, { inputShape: [...inputShape] });
    const real = fast.report().layers.filter(({ numbers }) => numbers === 'f32');
    expect(real).toEqual([]);
    expect(fast.report().sameBits).toBe(true);
    const shape = [2, ...inputShape];
    const x = tensor(pixels(shape.reduce((a, b) => a * b)), shape);
    const [ours, theirs] = [fast.call(x), network.call(x)];
    expect(ours.shape).toEqual(theirs.shape);
    expect(ours.dataSync().every(Number.isFinite)).toBe(true);
  });

  test('of msResnet20, whose shortcuts weigh sums of weights, leaves those in real numbers and runs', async () => {
    const network = msResnet20({ width: 4, timesteps: 2 }).evaluate();
    const fast = await compile(network, { inputShape: [8, 8, 3] });
    const real = fast.report().layers.filter(({ numbers }) => numbers === 'f32');
    expect(real.map(({ name }) => name)).toContain('layer2_0_shortcut_0');
    const x = tensor(pixels(384), [2, 8, 8, 3]);
    expect(fast.call(x).shape).toEqual(network.call(x).shape);
  });

  test('keeps spikes and logits where no membrane is near a threshold', async () => {
    const random = new Random(2);
    const body = () => [
      new Linear(6, 16, { random }),
      new Direct(3),
      new Lif(),
      new Linear(16, 4, { random }),
      new TimeMean(),
    ];
    const network = sequential(...body()).evaluate();
    const fast = await compile(network, { inputShape: [6] });
    const x = tensor(pixels(600), [100, 6]);
    const [ours, theirs] = [fast.call(x).dataSync(), network.call(x).dataSync()];
    const near = Array.from({ length: 100 }, (_, n) =>
      [0, 1, 2, 3].every((k) => Math.abs(ours[4 * n + k]! - theirs[4 * n + k]!) < 2e-3),
    );
    expect(near.filter(Boolean).length).toBeGreaterThan(90);
  });

  test('leaves a layer that integers cannot be as it is, with its reason, and goes on behind it', async () => {
    const random = new Random(3);
    const network = sequential(
      new Conv2d(2, 8, { random }),
      new Direct(2),
      new Lif(),
      new Conv2d(8, 8, { random }),
      new Spiking(adex()),
      new AvgPool2d(2),
      new Conv2d(8, 8, { random }),
      new Lif({ vth: 0.1 }),
      new Flatten(3),
      new Linear(32, 3, { random }),
      new TimeMean(),
    ).evaluate();
    const fast = await compile(network, { inputShape: [4, 4, 2] });
    const { layers, sameBits } = fast.report();
    expect(sameBits).toBe(false);
    expect(layers.filter(({ numbers }) => numbers === 'f32').map(({ name }) => name)).toEqual(['3', '4']);
    expect(layers.find(({ name }) => name === '4')).toMatchObject({
      why: 'its equations are no LIF, IF or LI',
    });
    const x = tensor(pixels(64, 5), [2, 4, 4, 2]);
    const [ours, theirs] = [fast.call(x).dataSync(), network.call(x).dataSync()];
    expect(ours.length).toBe(6);
    expect(Math.max(...ours.map((one, i) => Math.abs(one - theirs[i]!)))).toBeLessThan(0.5);
  });

  test('needs the shape of an image, and T where nothing repeats images', async () => {
    const images = sequential(new Conv2d(1, 2), new Direct(2), new Lif());
    await expect(compile(images)).rejects.toThrow(/needs inputShape/);
    const sequences = sequential(new Conv2d(1, 2), new Lif());
    await expect(compile(sequences, { inputShape: [3, 3, 1] })).rejects.toThrow(
      /takes sequences.*give timesteps/,
    );
    await expect(compile(images, { weights: 7 as never, inputShape: [3, 3, 1] })).rejects.toThrow(
      /weights must be 16, 8, 6 or 4/,
    );
  });

  test('refuses a number that the ranges were not proved for, and other shapes', async () => {
    const fast = await compile(sequential(new Conv2d(1, 2), new Direct(1), new Lif(), new GlobalAvgPool()), {
      inputShape: [2, 2, 1],
      inputRange: 4,
    });
    expect(() => fast.call(tensor([4.5, 0, 0, 0], [1, 2, 2, 1]))).toThrow(
      /from -4 to 4: give compile a larger inputRange/,
    );
    expect(() => fast.call(tensor([Number.NaN, 0, 0, 0], [1, 2, 2, 1]))).toThrow(/inputRange/);
    expect(() => fast.call(tensor([1, 2], [1, 2, 1, 1]))).toThrow(
      /takes images \[N,2,2,1\], got \[1,2,1,1\]/,
    );
  });

  test('refuses weights that are no numbers, naming their layer', async () => {
    const conv = new Conv2d(1, 2);
    conv.weight.overwrite(new Float32Array(18).fill(Number.NaN));
    await expect(
      compile(sequential(new Conv2d(1, 1), new Direct(1), new Lif(), conv), { inputShape: [3, 3, 1] }),
    ).rejects.toThrow(/layer 3: its weight holds NaN, which no integer can be/);
  });

  test('proves ranges that the worst spikes reach, and none goes beyond', () => {
    const weights = [3, -5, 7, -11];
    const { low, high } = weighted(weights, 1, 0, 1);
    expect([low[0], high[0]]).toEqual([-16, 10]);
    const line = { limit: 50, drop: 0, soft: false, offset: 0 };
    const h = integerMembrane(-100, 100, line, 24576, Number.POSITIVE_INFINITY);
    let [least, most] = [0, 0];
    let [down, up] = [0, 0];
    for (let t = 0; t < 200; t++) {
      down = -100 + leak(down, 24576);
      up = 100 + leak(up > 50 ? 0 : up, 24576);
      least = Math.min(least, down);
      most = Math.max(most, 100 + leak(50, 24576), up);
    }
    expect(h.steady).toBe(true);
    expect([h.low, h.high]).toEqual([least, most]);
  });
});
