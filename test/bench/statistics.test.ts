// What a comparison of two builds says, on numbers whose answer is known.

import { describe, expect, test } from 'vitest';
import { medianInterval } from '../../bench/peers/statistics';
import { FEWEST, isOver, isPrecise, verdict } from '../../bench/peers/stopping';
import { Random } from '../../src/core/random';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('the interval of a median', () => {
  test.each([
    // ranks from the table of the sign test
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [15, 4, 12],
    [20, 6, 15],
    [25, 8, 18],
    [50, 18, 33],
    [100, 40, 61],
  ])('of %i values lies between those of rank %i and %i', (n, low, high) => {
    const shuffled = upTo(n).sort((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101));
    expect(medianInterval(shuffled)).toEqual({ median: (n + 1) / 2, low, high });
  });

  test('ends with more values than there are halvings of 1 among the numbers', () => {
    // the normal approximation: 5000 ± 1.96·√10000/2, and a rank to each side
    const { median, low, high } = medianInterval(upTo(10_000));
    expect(median).toBe(5000.5);
    expect(Math.abs(low - 4902)).toBeLessThanOrEqual(1);
    expect(high).toBe(10_001 - low);
  });

  test('is unbounded while there are too few values', () => {
    const nothing = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    expect(medianInterval([1, 2, 3, 4, 5])).toEqual({ median: 3, ...nothing });
    expect(medianInterval([1])).toEqual({ median: 1, ...nothing });
    expect(medianInterval([])).toMatchObject(nothing);
  });

  test('is wider where more confidence is asked for', () => {
    expect(medianInterval(upTo(15), 0.9999)).toEqual({ median: 8, low: 1, high: 15 });
    expect(medianInterval(upTo(15), 0.8)).toEqual({ median: 8, low: 5, high: 11 });
  });
});

/** Ratios around `truth` whose logarithm is normal with the given spread, now and then with an outlier. */
function ratioAround(truth: number, spread: number, random: Random): number {
  const outlier = random.uniform() < 0.05 ? 1.5 : 1;
  return truth * outlier * Math.exp(spread * random.normal());
}

/** Draws until the rule ends it, one alternation a second. */
function simulate(truth: number, spread: number, budget: number, random: Random) {
  const ratios: number[] = [];
  for (;;) {
    ratios.push(ratioAround(truth, spread, random));
    const interval = medianInterval(ratios);
    const alternations = ratios.length;
    if (isOver({ alternations, interval, seconds: alternations }, budget)) return { interval, alternations };
  }
}

describe('the stopping rule', () => {
  const exact = { median: 1, low: 1, high: 1 };
  const wide = { median: 2, low: 1.9, high: 2.1 };

  test('wants fifteen alternations even of ratios that agree, unless the time is over', () => {
    expect(FEWEST).toBe(15);
    expect(isOver({ alternations: 14, interval: exact, seconds: 10 }, 100)).toBe(false);
    expect(isOver({ alternations: 15, interval: exact, seconds: 10 }, 100)).toBe(true);
    expect(isOver({ alternations: 14, interval: exact, seconds: 101 }, 100)).toBe(true);
  });

  test('goes on until the half-width is one per cent of the median, or the time is over', () => {
    expect(isPrecise({ median: 2, low: 1.985, high: 2.02 })).toBe(true);
    expect(isPrecise({ median: 2, low: 1.975, high: 2.02 })).toBe(false);
    expect(isOver({ alternations: 500, interval: wide, seconds: 100 }, 100)).toBe(false);
    expect(isOver({ alternations: 500, interval: wide, seconds: 101 }, 100)).toBe(true);
  });

  test('says what was asked, and that it cannot be told where it cannot', () => {
    expect(verdict(15, { median: 1.02, low: 1.01, high: 1.03 })).toBe('faster');
    expect(verdict(15, { median: 0.98, low: 0.975, high: 0.985 })).toBe('slower');
    expect(verdict(15, { median: 1, low: 0.995, high: 1.005 })).toBe('the same');
    expect(verdict(15, wide)).toBe('cannot be told');
    expect(verdict(14, exact)).toBe('cannot be told');
    expect(verdict(0, medianInterval([]))).toBe('cannot be told');
  });

  test.each([1, 1.013, 0.8])(
    'ends with an interval that holds the true ratio %d, stopping early or not',
    (truth) => {
      const random = new Random(12);
      const runs = 600;
      let held = 0;
      let told = 0;
      for (let run = 0; run < runs; run++) {
        const { interval, alternations } = simulate(truth, 0.02, 120, random);
        if (interval.low <= truth && truth <= interval.high) held++;
        if (verdict(alternations, interval) !== 'cannot be told') told++;
      }
      // looking after every alternation costs a little of the 95 %
      expect(held / runs).toBeGreaterThan(0.92);
      expect(told / runs).toBeGreaterThan(0.9);
    },
  );
});
