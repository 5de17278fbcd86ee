// What the policy says and how often it comes true; the operations themselves are tested in autoaugment.test.ts.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import { type DrawnOperation, drawOperations } from '../../src/data/autoaugment';
import { CIFAR10_POLICY, magnitudeOf, OPERATIONS, SIGNED } from '../../src/data/autoaugment/policy';

describe('the policy', () => {
  test('has 25 pairs of known operations, probabilities in tenths and levels of 0 to 9', () => {
    expect(CIFAR10_POLICY.length).toBe(25);
    for (const [first, p1, level1, second, p2, level2] of CIFAR10_POLICY) {
      expect(OPERATIONS).toContain(first);
      expect(OPERATIONS).toContain(second);
      for (const p of [p1, p2]) expect(Math.abs(10 * p - Math.round(10 * p))).toBeLessThan(1e-9);
      for (const level of [level1, level2]) expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).toContain(level);
    }
  });

  test('levels 0 and 9 are the ends of the ranges of the paper', () => {
    const ends = OPERATIONS.map((name) => [name, magnitudeOf(name, 0), magnitudeOf(name, 9)]);
    expect(ends).toEqual([
      ['shearX', 0, 0.3],
      ['shearY', 0, 0.3],
      ['translateX', 0, 150 / 331],
      ['translateY', 0, 150 / 331],
      ['rotate', 0, 30],
      ['autocontrast', 0, 0],
      ['invert', 0, 0],
      ['equalize', 0, 0],
      ['solarize', 256, 0],
      ['posterize', 8, 4],
      ['contrast', 0, 0.9],
      ['color', 0, 0.9],
      ['brightness', 0, 0.9],
      ['sharpness', 0, 0.9],
    ]);
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((level) => magnitudeOf('posterize', level))).toEqual([
      8, 8, 7, 7, 6, 6, 5, 5, 4, 4,
    ]);
  });

  test('each operation runs as often as the table says, with either sign half of the time', () => {
    const expected = new Map<string, number>();
    for (const [first, p1, level1, second, p2, level2] of CIFAR10_POLICY) {
      for (const [name, p, level] of [[first, p1, level1] as const, [second, p2, level2] as const]) {
        for (const sign of SIGNED.has(name) && magnitudeOf(name, level) !== 0 ? [1, -1] : [1]) {
          const key = `${name} ${sign * magnitudeOf(name, level)}`;
          const share = p / 25 / (SIGNED.has(name) && magnitudeOf(name, level) !== 0 ? 2 : 1);
          expected.set(key, (expected.get(key) ?? 0) + share);
        }
      }
    }
    const counts = new Map<string, number>();
    const runs = 40_000;
    for (let seed = 0; seed < runs; seed++)
      for (const { name, magnitude } of drawOperations(new Random(seed))) {
        const key = `${name} ${magnitude}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    for (const key of counts.keys()) expect(expected.get(key), key).toBeGreaterThan(0);
    for (const [key, share] of expected) {
      const deviation = Math.sqrt(runs * share);
      expect(Math.abs((counts.get(key) ?? 0) - runs * share), key).toBeLessThanOrEqual(4.5 * deviation);
    }
  });

  test('operations come in the order of their sub-policy', () => {
    const follows = (operations: readonly DrawnOperation[]) =>
      CIFAR10_POLICY.some(([first, , , second]) => {
        const names = operations.map(({ name }) => name);
        return names.length < 2 || (names[0] === first && names[1] === second);
      });
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const operations = drawOperations(new Random(seed));
        expect(operations.length).toBeLessThanOrEqual(2);
        expect(follows(operations)).toBe(true);
      }),
    );
  });

  test('what is drawn is 0 to 2 operations, always by the same number of draws', () => {
    const fromStream = (seed: number) => {
      const random = new Random(seed);
      drawOperations(random);
      return random.state();
    };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed);
        random.integer(25);
        for (let step = 0; step < 2; step++) {
          random.uniform();
          random.integer(2);
        }
        expect(fromStream(seed)).toEqual(random.state());
      }),
    );
  });
});
