// The paper's conditions for MPR at every k, and where floats stop them. On paper they hold for every k > 0: with y =
// u - 1/2, φ - 1/2 = tanh(ky)/(2 tanh(k/2)) is odd, increasing, concave for y > 0, and equals y at 0 and 1/2. A
// concave function lies strictly above its chord between the two points, and below the chord's extension beyond them:
// for 0 < y < 1/2, y < φ - 1/2 < 1/2, and for y > 1/2, 1/2 < φ - 1/2 < y. Both are closer, and neither crosses 0.

import { describe, expect } from 'vitest';
import { mpr } from '../../../src/snn';
import { checkRectifier } from '../../../src/testing';
import { fc, test } from '../../support/properties';
import { brokenBy, failure } from './broken';

/** Half of them even in k, half even in its logarithm. */
const steepness = (lowest: number) =>
  fc.oneof(
    fc.integer({ min: 1, max: 5000 }).map((i) => Math.max(lowest, i / 100)),
    fc.integer({ min: 0, max: 1000 }).map((i) => lowest * (50 / lowest) ** (i / 1000)),
  );

describe('MPR keeps every law', () => {
  test.prop([steepness(2 ** -21)], { numRuns: 60 })('in f64 from k = 2^-21 to 50', (k) => {
    expect(checkRectifier(mpr({ k }), { runs: 200 }).held).toHaveLength(5);
  });

  test.prop([steepness(2 ** -7)], { numRuns: 60 })('held in f32 from k = 1/128 to 50', (k) => {
    expect(checkRectifier(mpr({ k }), { runs: 200, precision: 'f32' }).held).toHaveLength(5);
  });

  test.prop([fc.integer({ min: -1020, max: -22 })], { numRuns: 30 })(
    'but "closer" in f64 down to k = 2^-1020: φ is the identity in floats there',
    (exponent) => {
      const k = 2 ** exponent;
      expect(checkRectifier(mpr({ k }), { runs: 200, except: ['closer'] }).held).toHaveLength(4);
    },
  );
});

describe('floats stop MPR', () => {
  test('where k²/384, the least that φ brings a potential closer, is below a rounding', () => {
    const closer = (k: number, precision: 'f64' | 'f32') =>
      brokenBy(() => checkRectifier(mpr({ k }), { precision, runs: 3000 }));
    expect(closer(2 ** -23, 'f64')).toEqual(['closer']);
    expect(closer(2 ** -9, 'f32')).toEqual(['closer']);
    expect(mpr({ k: 2 ** -27 }).value(0.25)).toBe(0.25);
  });

  test('below k = 2^-1020, where k(u - 1/2) loses its last digit: a potential beside the threshold fires', () => {
    expect(mpr({ k: 2 ** -1020 }).value(0.5 - 2 ** -54)).toBeLessThan(0.5);
    expect(mpr({ k: 2 ** -1021 }).value(0.5 - 2 ** -54)).toBe(0.5);
    const broken = failure(() => checkRectifier(mpr({ k: 2 ** -1021 }), { law: 'never across', runs: 3000 }));
    expect(broken.counterexamples[0]!.drawn).toBe(0.5 - 2 ** -54);
  });

  test('from k = 2^-1024 on down, where 1/(2 tanh(k/2)) is infinite: mpr refuses it', () => {
    expect(Number.isFinite(mpr({ k: 2 ** -1023 }).value(0))).toBe(true);
    expect(() => mpr({ k: 2 ** -1024 })).toThrow(
      /mpr: k 5\.56\S+ is too small: 1\/\(2 tanh\(k\/2\)\) is infinite/,
    );
  });

  test('never in the conditions for a large k, only in strict growth: tanh reaches 1 at 19.07 in f64, 9.02 held in f32', () => {
    expect([Math.tanh(19.06), Math.tanh(19.07)].map((x) => x === 1)).toEqual([false, true]);
    expect([Math.tanh(9.01), Math.tanh(9.02)].map((x) => Math.fround(x) === 1)).toEqual([false, true]);
    const flat = (k: number) => mpr({ k }).value(1 / 64) === mpr({ k }).value(1 / 128);
    expect([36, 40].map(flat)).toEqual([false, true]);
    const top = (k: number) => Math.fround(mpr({ k }).value(63 / 64)) === 1;
    expect([16, 20].map(top)).toEqual([false, true]);
  });

  test('at |k(u - 1/2)| about 372, where the derivative underflows to 0; nowhere between 0 and 1 for k up to 50', () => {
    const { derivative } = mpr({ k: 50 });
    expect(derivative(0.5 + 370 / 50)).toBeGreaterThan(0);
    expect(derivative(0.5 + 376 / 50)).toBe(0);
    expect(derivative(1)).toBeGreaterThan(1e-20);
    expect(Math.fround(derivative(1))).toBeGreaterThan(1e-20);
  });
});
