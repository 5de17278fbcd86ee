import { beforeAll, describe, expect } from 'vitest';
import { tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { mean } from '../../src/ops/reduce';
import { direct, latency, poisson } from '../../src/snn';
import { tensorData } from '../../src/testing/arbitraries';
import { held, initTested } from '../support/backend';
import { fc, test } from '../support/properties';
import { evaluated, expectClose, normal } from './numbers';

beforeAll(async () => {
  await initTested();
});

describe('direct encoding', () => {
  test.prop([tensorData(), fc.integer({ min: 1, max: 5 })])(
    'repeats its input, and adds the gradients of the repetitions up',
    (drawn, steps) => {
      const x = { ...drawn, data: drawn.data.map(held) };
      const { values, gradients } = evaluated((t) => [direct(t, steps)], [x]);
      expect(values[0]).toEqual(Array.from({ length: steps }, () => x.data).flat());
      const cotangent = normal(steps * x.data.length, 1);
      const sums = x.data.map((_, i) =>
        Array.from({ length: steps }, (_, t) => cotangent[t * x.data.length + i]!).reduce((a, b) => a + b),
      );
      expectClose(gradients[0]!, sums);
    },
  );

  test('refuses zero and half time steps', () => {
    for (const steps of [0, 1.5, -1])
      for (const encode of [direct, poisson, latency])
        expect(() => encode(tensor([1]), steps)).toThrow(/timesteps must be a whole number >= 1/);
  });
});

describe('poisson encoding', () => {
  test('fires at a rate near the value', () => {
    const values = [-1, 0, 0.1, 0.5, 0.9, 1, 2];
    const rates = mean(poisson(tensor(values), 10_000, { random: new Random(4) }), 0).dataSync();
    const expected = [0, 0, 0.1, 0.5, 0.9, 1, 1];
    // 5 standard deviations of a rate over 10,000 draws
    rates.forEach((rate, i) => {
      const allowed = 5 * Math.sqrt((expected[i]! * (1 - expected[i]!)) / 10_000);
      expect(Math.abs(rate - expected[i]!)).toBeLessThanOrEqual(allowed);
    });
  });

  test.prop([fc.nat()])('gives the same spikes for the same seed and others for another', (seed) => {
    const x = tensor(new Float64Array(100).fill(0.5));
    const draw = (s: number) => Array.from(poisson(x, 2, { random: new Random(s) }).dataSync());
    expect(draw(seed)).toEqual(draw(seed));
    expect(draw(seed)).not.toEqual(draw(seed + 1));
    expect(poisson(x, 2).isSpikes).toBe(true);
  });
});

describe('latency encoding', () => {
  const value = fc.double({ min: 0, max: 1, noNaN: true }).map(held);
  const timesOf = (data: number[], steps: number) => {
    const spikes = latency(tensor(data), steps).dataSync();
    return data.map((_, i) =>
      Array.from({ length: steps }, (_, t) => t).filter((t) => spikes[t * data.length + i] === 1),
    );
  };

  test.prop([value, value, fc.integer({ min: 1, max: 9 })])(
    'fires once, the larger the sooner, and never for zero',
    (a, b, steps) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const [late, soon] = timesOf([low, high], steps);
      expect(late!.length).toBe(low > 0 ? 1 : 0);
      expect(soon!.length).toBe(high > 0 ? 1 : 0);
      if (low > 0) expect(soon![0]).toBeLessThanOrEqual(late![0]!);
    },
  );

  test('fires at once for one and above, at the end for hardly anything, never below zero', () => {
    expect(timesOf([1, 3, 1e-9, 0, -1], 5)).toEqual([[0], [0], [4], [], []]);
  });
});
