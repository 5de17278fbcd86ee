// The functions that decide bits: near the true values, sound at the ends, and the very bits that are committed here.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Random } from '../src/core/random';
import { cos, cosh, exp, log, pow, sin, tanh } from '../src/mathematics';

/** Distance in units of the last place of the second. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  const size = Math.abs(b);
  const place = Math.max(2 ** (Math.floor(Math.log2(size)) - 52), 2 ** -1074);
  return Math.abs(a - b) / place;
}

const random = new Random(1);
const numbers = (low: number, high: number) => Array.from({ length: 3000 }, () => random.uniform(low, high));

const FUNCTIONS: [string, (x: number) => number, (x: number) => number, number, number][] = [
  ['exp', exp, Math.exp, -700, 700],
  ['exp near 0', exp, Math.exp, -1, 1],
  ['log', log, Math.log, 0, 1e6],
  ['log near 1', log, Math.log, 0.99, 1.01],
  ['cos', cos, Math.cos, -4, 4],
  ['sin', sin, Math.sin, -4, 4],
  ['tanh', tanh, Math.tanh, -3, 3],
  ['cosh', cosh, Math.cosh, -30, 30],
  ['x^1.7', (x) => pow(x, 1.7), (x) => x ** 1.7, 0, 50],
  ['x^-40', (x) => pow(x, -40), (x) => x ** -40, 0.1, 20],
  ['3^x', (x) => pow(3, x), (x) => 3 ** x, -400, 400],
];

describe.each(FUNCTIONS)('%s', (_, own, engine, low, high) => {
  test('is within three units of the last place of what this engine has, which may be off itself', () => {
    for (const x of numbers(low, high)) expect(ulps(own(x), engine(x)), String(x)).toBeLessThanOrEqual(3);
  });
});

describe('special numbers', () => {
  const special = [
    0,
    -0,
    1,
    -1,
    2,
    -2,
    0.5,
    5e-324,
    1e-310,
    1.7e308,
    -1.7e308,
    Infinity,
    -Infinity,
    Number.NaN,
  ];
  test.each([
    ['exp', exp, Math.exp],
    ['log', log, Math.log],
    ['tanh', tanh, Math.tanh],
    ['cosh', cosh, Math.cosh],
  ])('of %s are those of Math', (_, own, engine) => {
    for (const x of special) expect(ulps(own(x), engine(x)), String(x)).toBeLessThanOrEqual(3);
  });

  test('of powers too, for every pair', () => {
    const powers = [...special, 3, -3, 3.5, 1e300, 7e5];
    for (const x of special)
      for (const p of powers) {
        const [own, engine] = [pow(x, p), x ** p];
        expect(Object.is(own, engine) || ulps(own, engine) <= 3, `${x} ** ${p}: ${own}, ${engine}`).toBe(
          true,
        );
      }
  });

  test('a square is a product, a power of 1/2 a root', () => {
    for (const x of numbers(0, 10)) expect([pow(x, 2), pow(x, 0.5)]).toEqual([x * x, Math.sqrt(x)]);
  });
});

test('the bits of 33,000 values are those that are committed', () => {
  const stream = new Random(2);
  const hash = createHash('sha256');
  for (const [, own, , low, high] of FUNCTIONS)
    hash.update(
      new Uint8Array(Float64Array.from({ length: 3000 }, () => own(stream.uniform(low, high))).buffer),
    );
  expect(hash.digest('hex').slice(0, 16)).toBe('d8124dc30d20f9e0');
});
