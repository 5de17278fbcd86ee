// A layer that stands in a network twice, and a tensor that two layers hold: one layer, one parameter.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import type { Tensor } from '../../src/core/tensor';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import type { SafetensorsEntry } from '../../src/interop/safetensors';
import { loadState, stateOf } from '../../src/interop/state';
import { Flatten, Linear } from '../../src/nn/layers';
import { Module } from '../../src/nn/module';
import { sequential } from '../../src/nn/sequential';
import { mean, mul } from '../../src/ops';
import { clipGradNorm } from '../../src/optim/clip';
import { Sgd } from '../../src/optim/sgd';
import { Lif, probe } from '../../src/snn';
import { type RunSettings, Trainer, trainingSettings } from '../../src/train';
import { decodeCheckpoint, encodeCheckpoint, restoreTrainer } from '../../src/train/checkpoint';
import { SETTINGS } from '../support/records';

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

const twice = () => {
  const layer = new Linear(3, 3);
  return { layer, network: sequential(layer, new Lif(), layer) };
};

/** Two layers, one weight. */
class Tied extends Module {
  readonly inner = this.child('inner', new Linear(2, 2, { bias: false }));
  readonly weight = this.parameter('weight', this.inner.weight, 'linear');
  forward(x: Tensor): Tensor {
    return this.inner.call(this.inner.call(x));
  }
}

const x = () => tensor([0.5, -1, 2, 1, 1, -3], [1, 2, 3]);

describe('a layer used twice', () => {
  test('is counted, listed and saved once, under its first name', async () => {
    const { layer, network } = twice();
    expect(network.parameterCount()).toBe(12);
    expect(network.parameters()).toEqual([layer.weight, layer.bias]);
    expect([...network.state().keys()]).toEqual(['0.weight', '0.bias']);
    expect([...network.stateByEveryName().keys()]).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    expect([...network.modules()].map(([name]) => name)).toEqual(['', '0', '1']);
    expect((await stateOf(network)).map(([name]) => name)).toEqual(['0.weight', '0.bias']);
  });

  test('has the gradient of both uses, and takes one step of it', () => {
    const { layer, network } = twice();
    const before = layer.bias!.dataSync().slice();
    const optimizer = new Sgd([...network.parameters(), ...layer.parameters()], { lr: 0.1, momentum: 0 });
    mean(network.call(x())).backward();
    const gradient = layer.bias!.grad!.dataSync().slice();
    optimizer.step();
    expect(optimizer.parameters).toHaveLength(2);
    const stepped = Array.from(before, (b, i) => b - 0.1 * gradient[i]!);
    expect(Array.from(layer.bias!.dataSync())).toEqual(stepped);
  });

  test('is freed once', () => {
    const { network } = twice();
    network.dispose();
    expect(network.parameters().every((parameter) => parameter.disposed)).toBe(true);
  });

  test('works twice for an image, and a probe sees it once', async () => {
    const { layer, network } = twice();
    const looking = probe(network);
    for (let i = 0; i < 3; i++) network.call(x());
    const { operations } = await looking.report();
    expect(operations.layers.map(({ name, dense }) => [name, dense])).toEqual([['0', 2 * 9]]);
    looking.detach();
    const alone = probe(layer);
    layer.call(x());
    expect((await alone.report()).operations.layers[0]!.dense).toBe(9);
  });

  test('goes on from a checkpoint bit for bit', async () => {
    const settings: RunSettings = { ...SETTINGS, epochs: 2, batch: 8, lr: 0.05, augment: [], seed: 2 };
    const images = shapes({ count: 16, seed: 1, split: 'train' });
    const start = async () => {
      await init({ backend: 'cpu', seed: 5 });
      const layer = new Linear(10, 10);
      const network = sequential(new Flatten(3), new Linear(32 * 32 * 3, 10), layer, layer);
      return new Trainer(network, images, trainingSettings(settings));
    };
    const numbers = async ({ network }: Trainer) => (await stateOf(network)).map(([, { data }]) => data);
    const whole = await start();
    await whole.run();
    const half = await start();
    const signal = new AbortController();
    await half.run({ signal: signal.signal, onStep: () => signal.abort() });
    const file = decodeCheckpoint(await encodeCheckpoint(half, settings));
    expect([...file.tensors.keys()].filter((name) => name.endsWith('weight'))).toEqual([
      '1.weight',
      '2.weight',
      'optimizer.velocity.1.weight',
      'optimizer.velocity.2.weight',
    ]);
    const rest = await start();
    restoreTrainer(rest, file);
    await rest.run();
    expect(await numbers(rest)).toEqual(await numbers(whole));
    await init({ backend: 'cpu', precision: 'f64' });
  });
});

describe('a file of a network that shares', () => {
  const fileOf = async (module: Module) => new Map<string, SafetensorsEntry>(await stateOf(module));
  const renamed = (file: Map<string, SafetensorsEntry>, from: string, to: string) =>
    new Map([...file].map(([name, entry]) => [name.replace(from, to), entry]));

  test('may have one of the names, or all of them with the same numbers, as PyTorch writes it', async () => {
    const file = await fileOf(twice().network);
    for (const written of [
      file,
      renamed(file, '0.', '2.'),
      new Map([...file, ...renamed(file, '0.', '2.')]),
    ]) {
      const { network } = twice();
      loadState(network, written);
      expect((await fileOf(network)).get('0.weight')).toEqual(file.get('0.weight'));
    }
  });

  test('that holds different numbers under two names is refused with both', async () => {
    const [one, other] = [await fileOf(twice().network), await fileOf(twice().network)];
    const { layer, network } = twice();
    const before = layer.weight.dataSync().slice();
    expect(() => loadState(network, new Map([...one, ...renamed(other, '0.', '2.')]))).toThrow(
      /loadState: "0.weight" and "2.weight" are one tensor in the network and hold different numbers/,
    );
    expect(layer.weight.dataSync()).toEqual(before);
  });

  test('that has none of the names is refused with the first', async () => {
    const file = await fileOf(twice().network);
    file.delete('0.bias');
    expect(() => loadState(twice().network, file)).toThrow(/tensor "0.bias" is missing/);
  });
});

describe('a tensor of two layers', () => {
  test('is one parameter, under its first name', () => {
    const network = new Tied();
    expect(network.parameterCount()).toBe(4);
    expect([...network.state().keys()]).toEqual(['weight']);
    expect([...network.stateByEveryName().keys()]).toEqual(['weight', 'inner.weight']);
  });

  test('counts once in the norm of gradients, and is clipped once', () => {
    const { weight } = new Tied();
    mean(mul(weight, 8)).backward(); // a gradient of 2 each, norm 4
    expect(clipGradNorm([weight, weight], 1).dataSync()[0]).toBeCloseTo(4, 5);
    const norm = Math.hypot(...weight.grad!.dataSync());
    expect(norm).toBeCloseTo(1, 5);
  });
});

test('a module that would hold itself is refused', () => {
  class Loop extends Module {
    add(module: Module) {
      return this.child('self', module);
    }
    forward(input: Tensor) {
      return input;
    }
  }
  const outer = new Loop();
  expect(() => outer.add(outer)).toThrow(/Module: child "self" holds the module that it is to be a child of/);
  expect(() => outer.add(sequential(outer))).toThrow(/Module: child "self" holds the module/);
});
