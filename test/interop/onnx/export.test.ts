import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { manualSeed } from '../../../src/core/engine';
import type { Tensor } from '../../../src/core/tensor';
import { writeImage } from '../../../src/data/augment';
import { readCifar10 } from '../../../src/data/cifar';
import { shapes } from '../../../src/data/shapes';
import { init } from '../../../src/init';
import { describeOnnx, toOnnx } from '../../../src/interop/onnx';
import {
  AvgPool2d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  Flatten,
  type Flow,
  GlobalAvgPool,
  Linear,
  MaxPool2d,
  Module,
  Residual,
  sequential,
} from '../../../src/nn';
import { add } from '../../../src/ops';
import { Direct, Lif, type LifOptions, mpr, resnet20, TdBatchNorm, TimeMean } from '../../../src/snn';
import { golden } from '../../golden/golden';
import { openNetwork } from '../../golden/network';
import { sharedFolder } from '../../support/shared';
import { compare, numbers, run, settled } from './runtime';

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));
beforeEach(() => manualSeed(1));

const cifar = sharedFolder('data/cifar10');
const missing = cifar.missing || golden.missing;

describe.skipIf(missing)(
  `residual networks in ONNX Runtime${missing ? cifar.note + golden.note : ''}`,
  () => {
    test.each(['small-leak-k3', 'small-paper-k3', 'wide-leak-k1'])(
      '%s gives the same logits on real images',
      async (name) => {
        const set = await readCifar10([readFileSync(join(cifar.path, 'test_batch.bin'))], { limit: 2 });
        const data = new Float32Array(2 * 32 * 32 * 3);
        for (let i = 0; i < 2; i++) writeImage(set, i, data, i * 32 * 32 * 3);
        const images = { data, shape: [2, 32, 32, 3] };
        const { network } = openNetwork(name);
        settled(network, images);
        await compare(network, await toOnnx(network, { inputShape: [32, 32, 3] }), images);
      },
    );
  },
);

describe('a network as an ONNX model', () => {
  const kinds: [string, LifOptions][] = [
    ['leak, hard reset', { rectifier: mpr({ k: 5 }) }],
    ['leak, soft reset', { reset: 'soft' }],
    ['paper', { dynamics: 'paper', tau: 0.5 }],
    ['another threshold and reset', { vth: 0.75, vReset: -0.25, tau: 0.5 }],
  ];
  test.each(kinds)('a neuron with %s gives every spike that it gives here', async (_, options) => {
    const network = sequential(new Lif(options));
    const x = numbers([6, 3, 40], 1);
    const model = await toOnnx(network, { inputShape: [40], timesteps: 6, input: 'sequence' });
    const mine = network.call(tensor(x.data, x.shape)).dataSync();
    const theirs = await run(model, x);
    expect(theirs.shape).toEqual([6, 3, 40]);
    expect(Array.from(theirs.data)).toEqual(Array.from(mine));
    const spikes = Array.from(mine).reduce((sum, value) => sum + value, 0);
    expect(spikes).toBeGreaterThan(20);
    expect(spikes).toBeLessThan(700);
  });

  test('a membrane exactly at the threshold fires in both', async () => {
    const model = await toOnnx(sequential(new Lif()), { inputShape: [2], timesteps: 1, input: 'sequence' });
    const { data } = await run(model, { data: Float64Array.of(0.5, 0.49999997), shape: [1, 1, 2] });
    expect(Array.from(data)).toEqual([1, 0]);
  });

  test('a network of layers on sequences, folded, pooled, flattened', async () => {
    const x = numbers([5, 2, 6, 4, 3], 2);
    const network = settled(
      sequential(
        new Conv2d(3, 4, { stride: 1 }),
        new TdBatchNorm(4),
        new Lif(),
        new AvgPool2d(2),
        new Flatten(),
        new Linear(24, 7, { deviation: 1 }),
        new TdBatchNorm(7),
        new Lif(),
        new Linear(7, 3, { deviation: 1 }),
      ),
      x,
    );
    const options = { inputShape: [6, 4, 3], timesteps: 5, input: 'sequence' as const };
    await compare(network, await toOnnx(network, options), x);
    const averaged = sequential(...network.layers, new TimeMean()).evaluate();
    await compare(averaged, await toOnnx(averaged, options), x);
  });

  test('the batch is open: one model takes one image and five', async () => {
    const network = settled(resnet20({ width: 4, timesteps: 3 }), numbers([4, 8, 8, 3], 3), 30);
    const model = await toOnnx(network, { inputShape: [8, 8, 3] });
    for (const batch of [1, 5]) await compare(network, model, numbers([batch, 8, 8, 3], batch));
  });

  test('norms that no weights can hold, and layers behind the mean over time, are exported too', async () => {
    const x = numbers([3, 6, 6, 2], 4);
    const network = settled(
      sequential(
        new TdBatchNorm(2),
        new Conv2d(2, 3),
        new Direct(4),
        new AvgPool2d(2),
        new TdBatchNorm(3, { vth: 1 }),
        new Lif(),
        new TdBatchNorm(3),
        new Flatten(),
        new TdBatchNorm(27),
        new Linear(27, 8, { deviation: 1 }),
        new TimeMean(),
        new Dropout(0.5),
        new TdBatchNorm(8),
        new Linear(8, 3, { deviation: 1 }),
      ),
      x,
    );
    await compare(network, await toOnnx(network, { inputShape: [6, 6, 2] }), x);
  });

  test('groups, dilation, transposes, biases, and pools of every rule', async () => {
    const x = numbers([3, 7, 9, 2], 7);
    const network = settled(
      sequential(
        new Conv2d(2, 4, { kernel: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2], bias: true }),
        new MaxPool2d(3, { stride: 2, padding: 1, ceil: true }),
        new TdBatchNorm(4),
        new Direct(3),
        new Lif(),
        new Conv2d(4, 4, { groups: 4, bias: true }),
        new MaxPool2d([2, 1], { stride: 1, dilation: 2, padding: [1, 0] }),
        new TdBatchNorm(4),
        new Lif(),
        new ConvTranspose2d(4, 6, { stride: 2, padding: 1, outputPadding: [1, 0], groups: 2, bias: true }),
        new AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false }),
        new AvgPool2d(2),
        new AvgPool2d([2, 1], { padding: [1, 0], stride: 1, ceil: false }),
        new Flatten(),
        new Linear(36, 4, { deviation: 1 }),
        new TimeMean(),
      ),
      x,
    );
    for (const layer of network.layers)
      if (layer instanceof Conv2d || layer instanceof ConvTranspose2d)
        layer.bias!.backend.overwrite(layer.bias!.handle, numbers([layer.bias!.size], 8).data);
    await compare(network, await toOnnx(network, { inputShape: [7, 9, 2] }), x);
  });

  test('spikes around a body are added, held back or taken where both are', async () => {
    for (const join of ['add', 'and', 'iand'] as const) {
      const body = sequential(new Conv2d(2, 2, { kernel: 1 }), new TdBatchNorm(2, { vth: 1 }), new Lif());
      const network = sequential(
        new Direct(3),
        new TdBatchNorm(2, { vth: 1 }),
        new Lif(),
        new Residual(body, { join }),
        new TimeMean(),
      );
      const x = numbers([4, 5, 5, 2], 9);
      settled(network, x, 20);
      await compare(network, await toOnnx(network, { inputShape: [5, 5, 2] }), x);
    }
  });

  test('an image goes on beside its spikes: what stands still is added at every step', async () => {
    const x = numbers([2, 4, 4, 2], 5);
    class Beside extends Module {
      readonly conv = this.child('conv', new Conv2d(2, 2));
      readonly direct = this.child('direct', new Direct(3));
      readonly lif = this.child('lif', new Lif());
      readonly pool = this.child('pool', new GlobalAvgPool());
      forward(image: Tensor): Tensor {
        const current = this.direct.call(this.conv.call(image));
        return this.pool.call(add(this.lif.call(current), current));
      }
      override outline(image: Flow): Flow {
        const current = image.through(this.conv).through(this.direct);
        return current.through(this.lif).plus(current).through(this.pool);
      }
    }
    const network = new Beside().evaluate();
    await compare(network, await toOnnx(network, { inputShape: [4, 4, 2] }), x);
  });

  test('a layer at two places has its weights once, and works at both', async () => {
    const layer = new Linear(6, 6, { deviation: 1 });
    const norm = new TdBatchNorm(6);
    const network = sequential(
      new Direct(3),
      layer,
      norm,
      new Lif(),
      layer,
      norm,
      new Lif(),
      new Linear(6, 2),
      new TimeMean(),
    );
    const x = numbers([4, 6], 6);
    settled(network, x, 30);
    const model = await toOnnx(network, { inputShape: [6] });
    await compare(network, model, x);
    expect(describeOnnx(model).parameters).toBeLessThan(36 + 6 + 12 + 2 + 20);
    const plain = sequential(
      new Direct(3),
      layer,
      norm,
      new Lif(),
      layer,
      new Lif(),
      new Linear(6, 2),
      new TimeMean(),
    );
    await compare(settled(plain, x, 30), await toOnnx(plain, { inputShape: [6] }), x); // folded at one place only
  });

  test('with raw takes pixels from 0 to 1 and gives what normalised ones give', async () => {
    const [mean, deviation] = [
      [0.4914, 0.4822, 0.4465],
      [0.247, 0.2435, 0.2616],
    ];
    const images = shapes({ count: 6, seed: 3 });
    const shape = [6, 32, 32, 3];
    const raw = Float32Array.from(images.pixels, (pixel) => pixel / 255);
    const x = Float32Array.from(
      images.pixels,
      (pixel, i) => (pixel / 255 - mean[i % 3]!) / deviation[i % 3]!,
    );
    const network = settled(resnet20({ width: 2, timesteps: 2 }), { data: x, shape });
    const options = { inputShape: [32, 32, 3], mean, deviation, classes: images.classes };
    await compare(network, await toOnnx(network, options), { data: x, shape });
    const model = await toOnnx(network, { ...options, raw: true });
    await compare(network, model, { data: x, shape }, { data: raw, shape });
    const { metadata, images: said, inputs, outputs, opset, producer } = describeOnnx(model);
    expect(said).toEqual(options);
    expect(metadata).toMatchObject({
      timesteps: '2',
      input: 'image, pixels from 0 to 1',
      input_shape: '[3,32,32]',
    });
    expect(inputs).toEqual([{ name: 'input', shape: ['N', 3, 32, 32] }]);
    expect(outputs).toEqual([{ name: 'output', shape: ['N', 10] }]);
    expect([producer, opset]).toEqual(['spikegrad', 17]);
    await expect(toOnnx(network, { inputShape: [32, 32, 3], raw: true })).rejects.toThrow(
      /toOnnx: raw needs mean and deviation of pixels from 0 to 1/,
    );
  });

  test('a damaged model is told with the byte, another file as none', async () => {
    const model = await toOnnx(sequential(new Linear(2, 2)), { inputShape: [2], timesteps: 1 });
    expect(() => describeOnnx(model.subarray(0, model.length - 3))).toThrow(
      /describeOnnx: byte \d+: .* this is no ONNX model/,
    );
    expect(() => describeOnnx(new Uint8Array())).toThrow(/byte 0: the file ends without a graph/);
  });

  test('a network that is one layer is named where it is refused', async () => {
    const alone = toOnnx(new AvgPool2d(3, { padding: 1, stride: 2 }), {
      inputShape: [8, 8, 2],
      timesteps: 1,
    });
    await expect(alone).rejects.toThrow('toOnnx: the network: its last windows stick out');
  });

  test('the number of time steps must be known', async () => {
    await expect(toOnnx(sequential(new Lif()), { inputShape: [2] })).rejects.toThrow(
      /toOnnx: needs timesteps, a whole number >= 1/,
    );
  });
});
