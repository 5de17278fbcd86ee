import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { manualSeed } from '../../../src/core/engine';
import { Random } from '../../../src/core/random';
import { noGrad } from '../../../src/core/tape';
import { writeImage } from '../../../src/data/augment';
import { readCifar10 } from '../../../src/data/cifar';
import { init } from '../../../src/init';
import { permuteArray } from '../../../src/interop/layout';
import { toOnnx } from '../../../src/interop/onnx';
import { AvgPool2d, Conv2d, Flatten, Linear, type Module, sequential } from '../../../src/nn';
import { Lif, type LifOptions, mpr, resnet20, TdBatchNorm, TimeMean } from '../../../src/snn';
import { golden } from '../../golden/golden';
import { openNetwork } from '../../golden/network';
import { sharedFolder } from '../../support/shared';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));
beforeEach(() => manualSeed(1));

interface Numbers {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Axes of an image, the last three, from [H,W,C] to [C,H,W]. */
function channelsFirst({ data, shape }: Numbers) {
  const rank = shape.length;
  if (rank < 4) return { data, shape };
  const leading = Array.from({ length: rank - 3 }, (_, axis) => axis);
  return permuteArray({ data, shape }, [...leading, rank - 1, rank - 3, rank - 2]);
}

/** What ONNX Runtime makes of a model. @param x as the network takes it, channels last */
async function run(model: Uint8Array, x: Numbers) {
  const session = await ort.InferenceSession.create(model);
  const first = channelsFirst(x);
  const { output } = await session.run({
    input: new ort.Tensor('float32', Float32Array.from(first.data), [...first.shape]),
  });
  await session.release();
  return { shape: [...output!.dims], data: output!.data as Float32Array };
}

function numbers(shape: readonly number[], seed: number): Numbers {
  const random = new Random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return { data: Float64Array.from({ length: size }, () => Math.fround(random.normal())), shape };
}

/** In evaluation, with running statistics that let neurons fire. */
function settled<M extends Module>(network: M, { data, shape }: Numbers, passes = 8): M {
  for (let i = 0; i < passes; i++) noGrad(() => network.call(tensor(data, shape)));
  return network.evaluate();
}

/** Both give the same numbers, as far as f32 goes; and not all the same number. */
async function compare(network: Module, model: Uint8Array, x: Numbers): Promise<void> {
  const mine = noGrad(() => network.call(tensor(x.data, x.shape)));
  const theirs = await run(model, x);
  const expected = channelsFirst({ data: mine.dataSync(), shape: mine.shape });
  expect(theirs.shape).toEqual(expected.shape);
  expect(new Set(expected.data).size).toBeGreaterThan(1);
  const far = Array.from(expected.data).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - theirs.data[i]!)),
    0,
  );
  expect(far).toBeLessThan(1e-5);
}

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

  test('the number of time steps must be known', async () => {
    await expect(toOnnx(sequential(new Lif()), { inputShape: [2] })).rejects.toThrow(
      /toOnnx: needs timesteps, a whole number >= 1/,
    );
  });
});
