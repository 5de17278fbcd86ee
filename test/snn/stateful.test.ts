// Neurons that go on where they stopped: a recording that arrives in pieces gives what the whole gives.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { scope } from '../../src/core/scope';
import { memory } from '../../src/core/storage';
import { noGrad } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import { Conv2d } from '../../src/nn/conv';
import { Flatten, Linear } from '../../src/nn/layers';
import { sequential } from '../../src/nn/sequential';
import { mul } from '../../src/ops/arithmetic';
import { concat, slice } from '../../src/ops/layout';
import { sum } from '../../src/ops/reduce';
import {
  Lif,
  type LifLayerOptions,
  lif,
  lifSequence,
  mpr,
  probe,
  resnet20,
  TdBatchNorm,
  TimeMean,
} from '../../src/snn';
import { initTested } from '../support/backend';
import { normal } from './numbers';

beforeAll(async () => {
  await initTested();
});

const numbers = (x: Tensor) => Array.from(x.dataSync());
const pieces = (x: Tensor, cuts: readonly number[]) =>
  [0, ...cuts].map((from, i) => slice(x, [from], [cuts[i] ?? x.shape[0]!]));
const currents = (shape: readonly number[], seed = 1) =>
  tensor(
    normal(
      shape.reduce((a, b) => a * b, 1),
      seed,
      0.4,
    ),
    shape,
  );

const neurons: Record<string, LifLayerOptions> = {
  'with MPR': { rectifier: mpr({ k: 3 }) },
  'with a soft reset, integrating': { reset: 'soft', dynamics: 'paper', tau: 0.6 },
  'with a rectifier of operators': { rectifier: (h) => mul(h, 1.1), tau: 0.9 },
  'resetting below zero': { vReset: -0.3, tau: 0.8 },
};

describe.each(Object.entries(neurons))('a stateful neuron %s', (_, options) => {
  test.each([[[9, 2, 5]], [[9, 2, 3, 3, 8]], [[9, 3]]])(
    'gives of %j in pieces the very spikes of the whole, and again after reset',
    (shape) => {
      const x = currents(shape);
      const whole = numbers(lif(x, options));
      expect(whole).toContain(1);
      const layer = new Lif({ ...options, stateful: true });
      for (let recording = 0; recording < 2; recording++) {
        const parts = pieces(x, [1, 4]).map((piece) => layer.call(piece));
        expect(numbers(concat(parts))).toEqual(whole);
        layer.reset();
      }
    },
  );
});

/** In evaluation, with running statistics under which its neurons fire. */
const network = () => {
  const random = new Random(4);
  const neuron = { rectifier: mpr(), stateful: true };
  const norm = (channels: number) => new TdBatchNorm(channels, { momentum: 1 });
  const net = sequential(
    new Conv2d(2, 8, { random }),
    norm(8),
    new Lif(neuron),
    new Flatten(3),
    new Linear(8 * 16, 6, { random }),
    norm(6),
    new Lif(neuron),
  );
  const warmUp = () => void net.call(currents([6, 2, 4, 4, 2]));
  scope(warmUp);
  return net.reset().evaluate();
};

describe('a network of stateful neurons', () => {
  test('gives piece by piece what it gives of the whole, and TimeMean the mean of each piece', () => {
    const net = network();
    const x = currents([6, 2, 4, 4, 2]);
    const whole = numbers(net.call(x));
    expect(new Set(whole)).toEqual(new Set([0, 1]));
    net.reset();
    expect(numbers(concat(pieces(x, [2, 3]).map((piece) => net.call(piece))))).toEqual(whole);
    net.reset();
    const mean = new TimeMean();
    const [first] = pieces(x, [2]);
    expect(numbers(mean.call(net.call(first!)))).toEqual(
      numbers(mean.call(slice(tensor(whole, [6, 2, 6]), [0], [2]))),
    );
  });

  test('is any that takes options of neurons, resnet20 too', () => {
    const image = currents([1, 8, 8, 3]);
    const net = resnet20({
      width: 2,
      timesteps: 2,
      neuron: { stateful: true, tau: 0.9 },
      random: new Random(1),
    });
    const first = numbers(net.call(image));
    const second = numbers(net.call(image));
    expect(second).not.toEqual(first);
    expect(numbers(net.reset().call(image))).toEqual(first);
  });

  test('is not stateful unless asked for', () => {
    const layer = new Lif();
    const x = currents([3, 2, 4]);
    expect(layer.stateful).toBe(false);
    expect(numbers(layer.call(x))).toEqual(numbers(layer.call(x)));
  });

  test('refuses another batch before reset, naming it, and takes it after', () => {
    const net = network();
    net.call(currents([2, 3, 4, 4, 2]));
    expect(() => net.call(currents([2, 1, 4, 4, 2]))).toThrow(
      /^Lif: carries the state \[3,4,4,8\] .* x without time is \[1,4,4,8\]: call reset\(\)/,
    );
    net.reset().call(currents([2, 1, 4, 4, 2]));
  });

  test('keeps its state through scope() and gives it back with reset() and dispose()', () => {
    const net = network();
    const x = currents([4, 2, 4, 4, 2]);
    const [a, b] = pieces(x, [2]);
    const before = memory().tensors;
    const step = (piece: Tensor) => scope(() => noGrad(() => net.call(piece)).dataSync());
    const taken = [...step(a!), ...step(b!)];
    const held = memory().tensors;
    for (let i = 0; i < 3; i++) step(a!);
    expect(memory().tensors).toBe(held);
    net.reset();
    expect(memory().tensors).toBe(before);
    expect(taken).toEqual(Array.from(step(x)));
    net.dispose();
    expect(memory().tensors).toBe(before - net.state().size);
  });

  test('has nothing of the state in what is saved', () => {
    const net = network();
    const names = [...net.state().keys()];
    net.call(currents([2, 1, 4, 4, 2]));
    expect([...net.state().keys()]).toEqual(names);
  });
});

test('gradients end at the piece: they are those from a state without history', () => {
  const [x1, x2] = [currents([3, 2, 4], 1), currents([3, 2, 4], 2)];
  for (const x of [x1, x2]) x.requiresGrad = true;
  const layer = new Lif({ tau: 0.9, stateful: true });
  layer.call(x1);
  sum(layer.call(x2)).backward();
  const gradient = numbers(x2.grad!);
  expect(x1.grad).toBeNull();
  x2.grad = null;
  const { carried } = lifSequence(x1, undefined, { tau: 0.9 });
  sum(lifSequence(x2, carried.detach(), { tau: 0.9 }).spikes).backward();
  expect(gradient).toEqual(numbers(x2.grad!));
  expect(gradient.some((g) => g !== 0)).toBe(true);
});

test('a probe sees the membranes of a piece as they were, from where it started', async () => {
  const x = currents([8, 1, 6]);
  const options = { tau: 0.9, rectifier: mpr() };
  const histogram = async (layer: Lif, parts: readonly Tensor[]) => {
    const looking = probe(layer);
    for (const part of parts) layer.call(part);
    return (await looking.report()).layers[0]!;
  };
  const whole = await histogram(new Lif(options), [x]);
  const pieced = await histogram(new Lif({ ...options, stateful: true }), pieces(x, [1, 5]));
  expect(pieced.membrane).toEqual(whole.membrane);
  expect(pieced.rate).toBe(whole.rate);
});
