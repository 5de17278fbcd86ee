// What the arbitraries promise.

import { describe, expect } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { broadcastShapes, sizeOf } from '../../src/backends/shape';
import { tensor } from '../../src/core/create';
import { lif, lifSequence } from '../../src/snn';
import {
  broadcastPairs,
  convSettings,
  inputCurrents,
  neuronOptions,
  numbers,
  poolSettings,
  shapes,
  type TensorData,
  tensorData,
} from '../../src/testing';
import { fc, test } from '../support/properties';

const backend = cpuBackend('f64');

describe('the arbitraries', () => {
  test.prop([shapes({ minRank: 1, maxRank: 2, minLength: 2, maxLength: 3 })])(
    'shapes keep their limits',
    (shape) => {
      expect([1, 2]).toContain(shape.length);
      for (const length of shape) expect([2, 3]).toContain(length);
    },
  );

  test.prop([broadcastPairs({ minLength: 0 })])(
    'pairs broadcast to the shape that is named',
    ({ a, b, out }) => {
      expect(broadcastShapes('test', a, b)).toEqual(out);
      expect(broadcastShapes('test', a, out)).toEqual(out);
    },
  );

  test.prop([numbers({ min: -1, max: 1, kinks: [0, 0.5], margin: 0.1 })])(
    'numbers stay away from kinks',
    (x) => {
      expect(Math.abs(x)).toBeGreaterThanOrEqual(0.1);
      expect(Math.abs(x - 0.5)).toBeGreaterThanOrEqual(0.1);
      expect(Math.abs(x)).toBeLessThanOrEqual(1);
    },
  );

  test('numbers are of every size, and shrink to few digits', () => {
    const drawn = fc.sample(numbers(), { numRuns: 1000, seed: 1 });
    const share = (holds: (x: number) => boolean) => drawn.filter(holds).length / drawn.length;
    expect(share((x) => Math.abs(x) > 1)).toBeGreaterThan(0.25);
    expect(share((x) => Math.abs(x) < 1e-9)).toBeGreaterThan(0.1);
    const { counterexample } = fc.check(
      fc.property(numbers(), (x) => x < 0.3),
      { seed: 1 },
    );
    expect(counterexample).toEqual([1]);
    const bounded = fc.check(
      fc.property(numbers({ max: 0.4 }), (x) => x < 0.3),
      { seed: 1 },
    );
    expect(bounded.counterexample).toEqual([0.375]);
  });

  test.prop([tensorData()])('data fill their shape', ({ data, shape }) => {
    expect(data).toHaveLength(sizeOf(shape));
  });

  test.prop([convSettings(), poolSettings()])('windows give at least one output', (conv, pool) => {
    expect(conv.geometry.outHeight * conv.geometry.outWidth).toBeGreaterThan(0);
    expect(pool.geometry.outHeight * pool.geometry.outWidth).toBeGreaterThan(0);
  });

  test.prop([neuronOptions(), inputCurrents()])(
    'a neuron accepts every drawn option',
    (options, { data, shape }) => {
      const { spikes, carried } = lifSequence(tensor(data, shape, { backend }), undefined, options);
      expect(spikes.dataSync().every((o) => o === 0 || o === 1)).toBe(true);
      expect(carried.dataSync().every(Number.isFinite)).toBe(true);
    },
  );

  test('shapes with empty axes are drawn when they are asked for', () => {
    const drawn = fc.sample(shapes({ minLength: 0 }), { numRuns: 200, seed: 1 });
    expect(drawn.some((shape) => shape.includes(0))).toBe(true);
    expect(drawn.some((shape) => shape.length === 0)).toBe(true);
  });

  test('currents are drawn at which about half of the neurons fire, some never', () => {
    const fires = ({ data, shape }: TensorData) =>
      lif(tensor(data, shape, { backend }))
        .dataSync()
        .includes(1);
    const drawn = fc.sample(inputCurrents({ maxNeurons: 1 }), { numRuns: 300, seed: 1 });
    const share = drawn.filter(fires).length / drawn.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.8);
  });

  test('currents shrink to as few and as simple numbers as still fail', () => {
    const inOneRow = fc.property(
      inputCurrents({ maxBatch: 3 }),
      ({ data }) => data.filter((x) => x > 0.6).length < 2,
    );
    const { counterexample } = fc.check(inOneRow, { seed: 1 });
    expect(counterexample).toHaveLength(1);
    expect(counterexample![0].data).toEqual([1, 1]);
  });
});
