// Small things of the operators that nothing else would miss; each stands for a mutant that no test had noticed.

import { beforeAll, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { ones, tensor, zeros } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import * as ops from '../../src/ops';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

const leaf = () => tensor([2, 3], [2], { requiresGrad: true });
const wrong = (value: unknown) => value as never;

test('only the second factor may want a gradient', () => {
  const y = leaf();
  ops.sum(ops.mul(tensor([5, 7]), y)).backward();
  expect([...y.grad!.dataSync()]).toEqual([5, 7]);
});

test('words and lists where numbers are meant are refused by name', () => {
  expect(() => ops.clamp(leaf(), 0, wrong('1'))).toThrow("clamp: high must be a number, got '1'");
  expect(() => ops.clamp(leaf(), wrong('0'), 1)).toThrow("clamp: low must be a number, got '0'");
  expect(() => ops.pad(leaf(), [[1, 1]], wrong('0'))).toThrow("pad: value must be a number, got '0'");
  expect(() => ops.pad(leaf(), [[1, 1]], 0, wrong(7))).toThrow('pad: takes no further argument, got 7');
  expect(() => ops.customOp(wrong({ name: 'a', backward: () => [] }))).toThrow('customOp: forward must be');
  expect(() => ops.customOp(wrong({ name: 'a', forward: leaf }))).toThrow('customOp: backward must be');
});

test('a scalar has no classes', () => {
  expect(() => ops.logSoftmax(tensor(3))).toThrow('logSoftmax: last axis of [] has no classes');
});

test('the global average is over height and width, however many axes lead', () => {
  expect(ops.globalAvgPool(ones([5, 2, 3, 4, 6])).shape).toEqual([5, 2, 6]);
  expect(ops.globalAvgPool(ones([3, 4, 6])).shape).toEqual([6]);
});

test('a place that f32 cannot hold is not looked for', () => {
  const long = zeros([1, 2 ** 24 + 1], { backend: cpuBackend('f32') });
  expect(() => ops.argMax(long, 1)).toThrow(
    'argMax: f32 cannot hold places beyond 2^24, got 16777217 elements',
  );
  expect(ops.argMax(zeros([2, 3], { backend: cpuBackend('f32') }), 1).shape).toEqual([2]);
  long.dispose();
});
