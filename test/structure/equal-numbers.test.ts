// Numbers that are equal to the bit are so without a look at each; whatever is not, is still found.

import { expect, test } from 'vitest';
import { sameNumbers } from '../support/equal-numbers';

test('the same bits are equal, whatever they stand for', () => {
  const bits = Float32Array.of(0, -0, Number.NaN, Infinity, 1 / 3);
  expect(sameNumbers(bits, bits.slice())).toBe(true);
  expect(sameNumbers(bits, Float32Array.of(7, ...bits).subarray(1))).toBe(true);
  expect(sameNumbers(Buffer.from('ab'), Buffer.from('ab'))).toBe(true);
  expect(sameNumbers([0.1, -0, Number.NaN], [0.1, -0, Number.NaN])).toBe(true);
});

test.each<[string, unknown, unknown]>([
  ['a number', Float32Array.of(1, 2, 3), Float32Array.of(1, 2.000001, 3)],
  ['the sign of a zero', Float32Array.of(0), Float32Array.of(-0)],
  ['a length', Float32Array.of(1, 2), Float32Array.of(1, 2, 0)],
  ['a type', Float32Array.of(0), Int32Array.of(0)],
  ['a number of a list', [1, 2], [1, 3]],
  ['the sign of a zero in a list', [0], [-0]],
  ['a list’s length', [1], [1, 2]],
  ['a hole', [1, undefined], [1, 2]],
  ['what lies deeper', { a: [Float32Array.of(1)] }, { a: [Float32Array.of(2)] }],
])('%s that differs is found', (_, a, b) => {
  expect(sameNumbers(a, b)).toBeUndefined();
  expect(a).not.toEqual(b);
  expect(b).not.toEqual(a);
});

test('a million numbers are compared in less time than a look at each takes', () => {
  const [a, b] = [new Float32Array(1e6).fill(3), new Float32Array(1e6).fill(3)];
  const before = process.cpuUsage();
  expect({ a: [a] }).toEqual({ a: [b] });
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(1e6);
});
