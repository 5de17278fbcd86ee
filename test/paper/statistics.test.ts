import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import { deviation, mean, pairedDifference, studentT } from '../../src/paper/statistics';

/** Density of Student's t, integrated by Simpson's rule from 0 to `t`, and one half: the distribution at `t`. */
function cumulative(t: number, degrees: number): number {
  const density = (x: number) => (1 + (x * x) / degrees) ** (-(degrees + 1) / 2);
  const integral = (to: number, pieces: number) => {
    const h = to / pieces;
    let sum = 0;
    for (let i = 0; i <= pieces; i++) {
      const weight = i === 0 || i === pieces ? 1 : i % 2 === 1 ? 4 : 2;
      sum += weight * density(i * h);
    }
    return (sum * h) / 3;
  };
  // the constant by Γ((ν+1)/2)/Γ(ν/2), from ν = 1 (1/π) and ν = 2 (1/(2√2)) by steps of two
  let constant = degrees % 2 === 1 ? 1 / Math.PI : 1 / (2 * Math.SQRT2);
  for (let n = degrees % 2 === 1 ? 1 : 2; n < degrees; n += 2)
    constant *= ((n + 1) / n) * Math.sqrt(n / (n + 2));
  return 0.5 + constant * integral(t, 4000);
}

describe('Student', () => {
  test.each([
    [1, 12.706],
    [2, 4.303],
    [4, 2.776],
    [9, 2.262],
    [30, 2.042],
  ])('with %d degrees of freedom has its quantile 0.975 at %d', (degrees, quantile) => {
    expect(studentT(degrees)).toBe(quantile);
  });

  test('every quantile leaves 2.5 % above it, to the digits that are printed', () => {
    for (let degrees = 1; degrees <= 30; degrees++) {
      const quantile = studentT(degrees);
      expect(cumulative(quantile - 0.0006, degrees)).toBeLessThan(0.975);
      expect(cumulative(quantile + 0.0006, degrees)).toBeGreaterThan(0.975);
    }
  });

  test('beyond the table an interval is never too narrow', () => {
    for (const degrees of [31, 60, 1000])
      expect(cumulative(studentT(degrees), degrees)).toBeGreaterThan(0.975);
  });
});

describe('a paired difference', () => {
  test('is mean ± t·s/√n', () => {
    const { mean: centre, interval, pairs } = pairedDifference([1, 2, 3])!;
    expect(pairs).toBe(3);
    expect(centre).toBe(2);
    expect(interval![0]).toBeCloseTo(2 - 4.303 / Math.sqrt(3), 12);
    expect(interval![1]).toBeCloseTo(2 + 4.303 / Math.sqrt(3), 12);
  });

  test('has no interval from one pair, and there is none without a pair', () => {
    expect(pairedDifference([0.5])).toEqual({ mean: 0.5, pairs: 1, interval: undefined });
    expect(pairedDifference([])).toBeUndefined();
  });

  test.each([2, 3, 5])('of %d pairs covers the truth in 95 of 100 experiments', (pairs) => {
    const random = new Random(pairs);
    const experiments = 20_000;
    let covered = 0;
    for (let i = 0; i < experiments; i++) {
      const [low, high] = pairedDifference(Array.from({ length: pairs }, () => random.normal(0.3)))!
        .interval!;
      if (low <= 0.3 && 0.3 <= high) covered++;
    }
    // four standard errors of a share of 0.95
    expect(Math.abs(covered / experiments - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / experiments));
  });

  test('moves with a shift and grows with a scale', () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        (xs, by, times) => {
          const { interval } = pairedDifference(xs)!;
          const other = pairedDifference(xs.map((x) => times * (x + by)))!.interval!;
          interval!.forEach((end, i) => {
            expect(other[i]).toBeCloseTo(times * (end + by), 6);
          });
        },
      ),
    );
  });
});

test('deviation divides by n - 1 and needs two values', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(deviation([1, 2, 6])).toBeCloseTo(Math.sqrt((4 + 1 + 9) / 2), 12);
  expect(deviation([7])).toBeUndefined();
});
