// A whole training step stays on the device: images and labels go up, nothing comes back, no buffer is left over; and
// what it computes is what the f64 reference computes.

import { afterAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { backendOn } from '../../../src/backends/gpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { tensor } from '../../../src/core/create';
import { setActiveBackend, withBackend } from '../../../src/core/engine';
import { Random } from '../../../src/core/random';
import { scope } from '../../../src/core/scope';
import { fromFileLayout } from '../../../src/interop/layout';
import { AvgPool2d, Conv2d, GlobalAvgPool, Linear, type Module, sequential } from '../../../src/nn';
import { crossEntropy } from '../../../src/ops';
import { Sgd } from '../../../src/optim';
import { Direct, Lif, mpr, resnet20, TdBatchNorm, TimeMean } from '../../../src/snn';
import { golden, relativeError } from '../../golden/golden';
import { openNetwork } from '../../golden/network';
import { testDriver } from '../../support/gpu';
import { counted } from '../../support/gpu-traffic';

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

const [batch, classes] = [2, 10];
const build = (width: number) => resnet20({ width, timesteps: 2, classes, random: new Random(5) });

/** Images that are exact in f32, and labels; others for every step. */
function sample(side: number, step: number) {
  const random = new Random(11, step);
  return {
    images: Float32Array.from({ length: batch * side * side * 3 }, () => random.normal()),
    labels: Array.from({ length: batch }, () => random.integer(classes)),
  };
}

/** Forward, loss and backward; gradients are left at the parameters. */
function lossOf(network: Module, side: number, step: number) {
  const { images, labels } = sample(side, step);
  return crossEntropy(network.call(tensor(images, [batch, side, side, 3])), labels);
}

describe.skipIf(missing)(`a training step on the gpu${note}`, () => {
  const gpu = backendOn(driver);
  afterAll(() => {
    setActiveBackend(undefined);
    gpu.close();
  });

  /** Loss, gradients and running statistics by name after the first step. */
  async function firstStep(backend: Backend): Promise<Map<string, ArrayLike<number>>> {
    const { network, loss } = withBackend(backend, () => {
      const made = build(4);
      // the reference starts from the same numbers, rounded to f32
      for (const [, { tensor: state }] of made.state()) {
        if (backend.synchronous) backend.overwrite(state.handle, Float32Array.from(state.dataSync()));
      }
      const value = lossOf(made, 8, 0);
      value.backward();
      return { network: made, loss: value };
    });
    const results = [...network.state()].map(
      ([key, { tensor: state, trainable }]) => [key, trainable ? state.grad! : state] as const,
    );
    const reads = [['loss', loss] as const, ...results].map(
      async ([key, result]) => [key, await result.data()] as const,
    );
    return new Map(await Promise.all(reads));
  }

  test('has the loss, the gradients and the running statistics of the f64 reference', async () => {
    const got = await firstStep(gpu);
    const expected = await firstStep(cpuBackend('f64'));
    expect([...got.keys()]).toEqual([...expected.keys()]);
    const errors = [...expected].map(
      ([key, numbers]) => [key, relativeError(got.get(key)!, numbers)] as const,
    );
    expect(errors.filter(([, error]) => !(error <= 2e-5))).toEqual([]);
    expect(Math.abs(got.get('loss')![0]! / expected.get('loss')![0]! - 1)).toBeLessThan(1e-5);
  });

  /** A network of every kind of layer that is quick on a device in software. */
  const smallNetwork = () => {
    const random = new Random(6);
    return sequential(
      new Direct(2),
      new Conv2d(3, 4, { random }),
      new TdBatchNorm(4),
      new Lif({ rectifier: mpr() }),
      new AvgPool2d(2),
      new Conv2d(4, 4, { random, stride: 2 }),
      new TdBatchNorm(4),
      new Lif(),
      new GlobalAvgPool(),
      new Linear(4, classes, { random }),
      new TimeMean(),
    );
  };

  /** One step of SGD at a time. */
  function trainer(network: Module, side: number): (step: number) => void {
    const optimizer = new Sgd(network.parameters(), { lr: 0.05, weightDecay: 1e-4 });
    return (step) => {
      scope(() => lossOf(network, side, step).backward());
      optimizer.step();
      optimizer.zeroGrad();
    };
  }

  test.each([
    ['resnet20', 2, 3, () => build(2)],
    ['a small network', 10, 100, smallNetwork],
  ] as const)(
    'sends up images and labels, reads nothing and leaves no buffer over: %s, %i steps and %i more',
    async (_, first, more, make) => {
      setActiveBackend(gpu);
      const side = 8;
      const network = make();
      const train = trainer(network, side);
      for (let step = 0; step < first; step++) train(step);
      const [use, before] = [driver.use, driver.counters];
      for (let step = 1; step <= more; step++) {
        train(first + step);
        const { uploads, uploadedBytes, reads, pipelines } = driver.counters;
        expect(uploads - before.uploads).toBe(2 * step);
        expect(uploadedBytes - before.uploadedBytes).toBe(4 * step * (batch * side * side * 3 + batch));
        expect([reads, pipelines]).toEqual([before.reads, before.pipelines]);
        expect(driver.use).toEqual(use);
        await Promise.resolve();
      }
      const weights = await network.parameters()[0]!.data();
      expect(weights.every(Number.isFinite)).toBe(true);
    },
  );

  test('takes no more dispatches and moves no more bytes than with kernels written for LIF', async () => {
    const { driver: watched, bytes } = counted(driver);
    setActiveBackend(backendOn(watched));
    const network = smallNetwork();
    const train = trainer(network, 8);
    train(0);
    const [before, moved] = [driver.counters.dispatches, bytes()];
    train(1);
    expect(driver.counters.dispatches - before).toBeLessThanOrEqual(61);
    expect(bytes() - moved).toBeLessThanOrEqual(127_700);
    await network.parameters()[0]!.data();
  });

  test.skipIf(golden.missing)(
    `has the loss of the reference vectors to 1e-4, every gradient to 1e-3${golden.note}`,
    async () => {
      setActiveBackend(gpu);
      const { network, input, labels, floats } = openNetwork('small-leak-k3');
      const loss = crossEntropy(network.call(input), labels);
      loss.backward();
      expect(Math.abs((await loss.item()) / floats('loss').data[0]! - 1)).toBeLessThanOrEqual(1e-4);
      const gradients = [...network.state()]
        .filter(([, { trainable }]) => trainable)
        .map(async ([key, { tensor: state, layout }]) => {
          const expected = fromFileLayout(floats(`grad.${key}`), layout);
          return [key, relativeError(await state.grad!.data(), expected.data)] as const;
        });
      const errors = await Promise.all(gradients);
      expect(errors.filter(([, error]) => !(error <= 1e-3))).toEqual([]);
    },
  );
});
