// Laws of membrane potential rectification: of φ itself, and of neurons with and without it.

import { beforeAll, describe, expect } from 'vitest';
import { tensor } from '../../src/core/create';
import { lif, mpr } from '../../src/snn';
import { dataOf, numbers } from '../../src/testing/arbitraries';
import { initTested } from '../support/backend';
import { fc, test } from '../support/properties';

beforeAll(async () => {
  await initTested();
});

const steepness = numbers({ min: 0.01, max: 50 });
const potential = numbers({ min: -50, max: 50 });
const near = numbers({ min: -1, max: 2 });
/** A few units in the last place of numbers of this size. */
const ulps = (x: number) => 4 * Number.EPSILON * Math.max(1, Math.abs(x));

describe('φ', () => {
  test.prop([steepness])('fixes 0, 1/2 and 1', (k) => {
    const phi = mpr({ k });
    expect(phi.value(0.5)).toBe(0.5);
    expect(Math.abs(phi.value(0))).toBeLessThanOrEqual(ulps(1));
    expect(Math.abs(phi.value(1) - 1)).toBeLessThanOrEqual(ulps(1));
  });

  test.prop([steepness, potential, potential])('never decreases', (k, a, b) => {
    const phi = mpr({ k });
    // tanh is good to an ulp, and no promise that it never decreases by one
    const [below, above] = [phi.value(Math.min(a, b)), phi.value(Math.max(a, b))];
    expect(below).toBeLessThanOrEqual(above + ulps(above));
  });

  test.prop([steepness, near, near])('increases strictly where tanh does not saturate', (k, a, b) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    fc.pre(high - low > 1e-3 && k * Math.max(Math.abs(low - 0.5), Math.abs(high - 0.5)) < 10);
    expect(mpr({ k }).value(low)).toBeLessThan(mpr({ k }).value(high));
  });

  test.prop([steepness, potential])('is odd about 1/2', (k, x) => {
    const phi = mpr({ k });
    expect(Math.abs(phi.value(1 - x) - (1 - phi.value(x)))).toBeLessThanOrEqual(
      1e-13 * Math.max(1, Math.abs(x)),
    );
  });

  test.prop([steepness, potential])('brings no potential farther from its spike', (k, x) => {
    const spike = x >= 0.5 ? 1 : 0;
    const distance = Math.abs(mpr({ k }).value(x) - spike);
    expect(distance).toBeLessThanOrEqual(Math.abs(x - spike) + ulps(x));
  });

  test.prop([steepness, near])('never crosses the threshold', (k, x) => {
    expect(mpr({ k }).value(x) >= 0.5).toBe(x >= 0.5);
  });

  test.prop([steepness])('has a derivative with area 1 over [0,1]', (k) => {
    const { derivative } = mpr({ k });
    const pieces = 2000;
    let area = 0;
    for (let i = 0; i < pieces; i++) area += derivative((i + 0.5) / pieces) / pieces;
    expect(area).toBeCloseTo(1, 3);
  });

  test.prop([steepness, near])('has the derivative that its differences have', (k, x) => {
    const phi = mpr({ k });
    const step = 1e-5;
    const difference = (phi.value(x + step) - phi.value(x - step)) / (2 * step);
    expect(Math.abs(phi.derivative(x) - difference)).toBeLessThan(1e-8 * Math.max(1, k ** 3));
  });

  test('is 1.0820, 1.6572, 2.5339 and 3.5064 steep at 1/2 for k = 1, 3, 5 and 7', () => {
    const slopes = [1, 3, 5, 7].map((k) => mpr({ k }).derivative(0.5).toFixed(4));
    expect(slopes).toEqual(['1.0820', '1.6572', '2.5339', '3.5064']);
  });

  test('refuses k that is not above 0', () => {
    for (const k of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => mpr({ k })).toThrow(/k must be a number above 0/);
  });
});

test.prop([
  steepness,
  dataOf([4, 6], { min: -1, max: 2 }),
  fc.constantFrom('leak' as const, 'paper' as const),
  fc.constantFrom('hard' as const, 'soft' as const),
])('MPR changes not one spike', (k, { data, shape }, dynamics, reset) => {
  const x = tensor(data, shape);
  const spikes = (rectifier: ReturnType<typeof mpr> | null) =>
    Array.from(lif(x, { rectifier, dynamics, reset }).dataSync());
  expect(spikes(mpr({ k }))).toEqual(spikes(null));
});
