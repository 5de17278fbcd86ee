// Making tensors from numbers, and reading them back.

import { beforeAll, describe, expect } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { cpuBackend } from '../../src/backends/cpu';
import {
  arange,
  bernoulli,
  full,
  type Nested,
  ones,
  randn,
  tensor,
  uniform,
  zeros,
} from '../../src/core/create';
import { manualSeed, setActiveBackend } from '../../src/core/engine';
import { Random } from '../../src/core/random';
import { tensorData } from '../../src/testing';
import { fc, test } from '../support/properties';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

function nest(data: readonly number[], shape: readonly number[]): Nested {
  if (shape.length === 0) return data[0]!;
  const [length, ...rest] = shape as [number, ...number[]];
  const size = data.length / length;
  return Array.from({ length }, (_, i) => nest(data.slice(i * size, (i + 1) * size), rest));
}

describe('tensor', () => {
  test.prop([tensorData()])('reads the shape and the numbers of nested lists', ({ data, shape }) => {
    const made = tensor(nest(data, shape));
    expect(made.shape).toEqual(shape);
    expect([...made.dataSync()]).toEqual(data);
  });

  test('takes a number, a typed array, empty lists, and a shape of its own', () => {
    expect(tensor(3).shape).toEqual([]);
    expect(tensor(new Float32Array([1, 2])).shape).toEqual([2]);
    expect(tensor(new Uint8Array([1, 2, 3, 4]), [2, 2]).shape).toEqual([2, 2]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([1, 2, 3, 4], [2, 2]).dataSync()).toEqual(Float64Array.of(1, 2, 3, 4));
  });

  test('copies: neither the source nor what was read is the tensor', () => {
    const source = new Float64Array([1, 2]);
    const made = tensor(source);
    source[0] = 9;
    made.dataSync()[1] = 9;
    expect([...made.dataSync()]).toEqual([1, 2]);
  });

  test('refuses ragged lists and says where', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow(
      'tensor: lists at depth 1 must all have 2 entries, one has 1',
    );
    expect(() => tensor([[1, 2], 3])).toThrow(
      'tensor: lists at depth 1 must all have 2 entries, one has number',
    );
    expect(() => tensor([1, [2]])).toThrow('tensor: expected a number at depth 1');
    expect(() => tensor([1, 'a' as unknown as number])).toThrow(
      "tensor: expected a number at depth 1, got 'a'",
    );
  });

  test('refuses shapes that do not hold the numbers or are none', () => {
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow('tensor: 3 numbers do not fill shape [2,2]');
    expect(() => zeros([2, -1])).toThrow('zeros: shape must be a list of whole numbers >= 0, got [2, -1]');
    expect(() => randn([1.5])).toThrow('randn: shape must be a list of whole numbers >= 0, got [1.5]');
    expect(() => zeros([2 ** 16, 2 ** 16])).toThrow('has 2^31 elements or more');
  });
});

describe('filled tensors', () => {
  test('hold what they say', () => {
    expect([...full([2, 2], 7).dataSync()]).toEqual([7, 7, 7, 7]);
    expect([...zeros([2]).dataSync(), ...ones([2]).dataSync()]).toEqual([0, 0, 1, 1]);
    expect(Object.is(full([1], -0).itemSync(), -0)).toBe(true);
    expect([...arange(0, 1, 0.25).dataSync()]).toEqual([0, 0.25, 0.5, 0.75]);
    expect([...arange(3, 0, -1).dataSync()]).toEqual([3, 2, 1]);
    expect(arange(3, 0).shape).toEqual([0]);
    expect(() => arange(0, 1, 0)).toThrow('arange: from 0 to 1 by 0 never ends');
  });

  test.prop([fc.nat()])(
    'drawn at random repeat with the seed, of their own stream or the global one',
    (seed) => {
      const own = () => [
        randn([3], { random: new Random(seed) }),
        uniform([3], 2, 5, { random: new Random(seed) }),
      ];
      expect(own().map((t) => t.dataSync())).toEqual(own().map((t) => t.dataSync()));
      const global = () => {
        manualSeed(seed);
        return [randn([3]), uniform([3]), bernoulli([9], 0.5)].map((t) => t.dataSync());
      };
      expect(global()).toEqual(global());
    },
  );

  test('drawn at random keep to their ranges', () => {
    const drawn = uniform([500], 2, 5, { random: new Random(1) }).dataSync();
    expect(drawn.every((x) => x >= 2 && x < 5)).toBe(true);
    const spikes = bernoulli([4000], 0.25, { random: new Random(1) }).dataSync();
    expect(new Set(spikes)).toEqual(new Set([0, 1]));
    expect(spikes.filter((x: number) => x === 1).length / 4000).toBeCloseTo(0.25, 1);
    expect(() => bernoulli([1], 1.5)).toThrow(
      'bernoulli: probability must be a number >= 0 and <= 1, got 1.5',
    );
  });
});

describe('reading', () => {
  test('at once is refused by a backend that reads asynchronously, and await works there', async () => {
    const cpu = cpuBackend('f32');
    const slow: Backend = {
      ...cpu,
      name: 'slow',
      synchronous: false,
      readSync() {
        throw new Error('never called');
      },
    };
    const made = tensor([1, 2], [2], { backend: slow });
    expect(() => made.dataSync()).toThrow(
      'dataSync: the slow backend reads asynchronously: use `await t.data()`',
    );
    expect([...(await made.data())]).toEqual([1, 2]);
    expect(String(made)).toBe('Tensor [2] f32 slow');
  });

  test('one number is refused where there are more', async () => {
    expect(tensor([[4]]).itemSync()).toBe(4);
    expect(() => tensor([1, 2]).itemSync()).toThrow('itemSync: expects one element, shape is [2]');
    await expect(tensor([1, 2]).item()).rejects.toThrow('item: expects one element');
  });

  test('after dispose is refused, and disposing twice is once', () => {
    const made = tensor([1, 2]);
    made.dispose();
    made.dispose();
    expect(() => made.dataSync()).toThrow('Tensor: this [2] tensor was disposed of');
    expect(String(made)).toContain('(disposed)');
  });

  test('prints few numbers and only the shape of many', () => {
    expect(String(tensor([[1, 2.5]]))).toBe('Tensor [1,2] f64 cpu [1, 2.5]');
    expect(String(zeros([100]))).toBe('Tensor [100] f64 cpu');
  });
});
