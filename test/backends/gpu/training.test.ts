// Loss and update: labels go up once and leave with their probabilities, nothing is read back, large logits lose
// nothing.

import { afterAll, describe, expect, test } from 'vitest';
import type { Operand } from '../../../src/backends/backend';
import { backendOn } from '../../../src/backends/gpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { twinUpdate, wgslUpdate } from '../../../src/backends/gpu/update';
import { Random } from '../../../src/core/random';
import { sgdRule } from '../../../src/optim/sgd';
import { testDriver } from '../../support/gpu';

const u = 2 ** -24;
const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

describe.skipIf(missing)(`training on the gpu${note}`, () => {
  const backend = backendOn(driver);
  const place = (data: ArrayLike<number>, shape: readonly number[] = [data.length]): Operand => ({
    handle: backend.upload(data),
    shape,
  });
  const read = async ({ handle }: Pick<Operand, 'handle'>) => Array.from(await backend.read(handle));
  afterAll(() => driver.close());

  test('labels go up once for loss and gradient, and are freed with the probabilities', async () => {
    const logits = place([1, 2, 3, -1, 0, 0.5], [2, 3]);
    const scale = place([1], []);
    const labels = Int32Array.of(2, 0);
    const before = { counters: driver.counters, live: driver.use.live };
    const { loss, probabilities } = backend.crossEntropy(logits, labels);
    const p = { handle: probabilities, shape: [2, 3] };
    const gradients = [0, 1].map(() => backend.crossEntropyGradient(scale, p, labels));
    expect(driver.counters.uploads - before.counters.uploads).toBe(1);
    expect(driver.counters.reads).toBe(before.counters.reads);
    const others = backend.crossEntropyGradient(scale, p, Int32Array.of(0, 0));
    const [first, second, other] = await Promise.all(
      [...gradients, others].map((handle) => read({ handle })),
    );
    expect(second).toEqual(first);
    expect(other!.slice(3)).toEqual(first!.slice(3));
    expect(other![0]).toBeCloseTo(first![0]! - 0.5, 6);
    for (const handle of [loss, probabilities, ...gradients, others]) backend.free(handle);
    expect(driver.use.live).toBe(before.live);
    for (const { handle } of [logits, scale]) backend.free(handle);
  });

  test('logits that are large together lose no digit of their differences', async () => {
    const logits = place([1000, 1001, 998, -5000, -5001, -5000.5], [2, 3]);
    const { loss, probabilities } = backend.crossEntropy(logits, Int32Array.of(0, 2));
    const soft = backend.logSoftmax(logits);
    const expected = [
      [0, 1, -2],
      [0, -1, -0.5],
    ].map((row) => {
      const sum = row.reduce((total, x) => total + Math.exp(x), 0);
      return row.map((x) => x - Math.log(sum));
    });
    const logs = await read({ handle: soft });
    const shares = await read({ handle: probabilities });
    for (const [i, value] of expected.flat().entries()) {
      expect(Math.abs(logs[i]! - value)).toBeLessThan(2e-6);
      expect(Math.abs(shares[i]! - Math.exp(value))).toBeLessThan(2e-6);
    }
    const [mean] = await read({ handle: loss });
    expect(Math.abs(mean! + (expected[0]![0]! + expected[1]![2]!) / 2)).toBeLessThan(2e-6);
    for (const handle of [logits.handle, loss, probabilities, soft]) backend.free(handle);
  });

  test.each([
    ['WGSL, in place', wgslUpdate],
    ['gpu.js, by exchange', twinUpdate],
  ] as const)('sgd moves parameters and velocities as f64 does: %s', async (_, kernels) => {
    const options = { learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4 };
    const random = new Random(3);
    const draw = () => Float32Array.from({ length: 1000 }, () => random.normal());
    const [p, g, v] = [draw(), draw(), draw()];
    const [parameter, gradient, velocity] = [place(p), place(g), place(v)];
    const { learningRate, momentum, weightDecay } = options;
    const constants = [learningRate, momentum, 1, weightDecay];
    kernels(driver).update(sgdRule(false), { parameter, gradient, states: [velocity], constants });
    const [moved, speed] = [await read(parameter), await read(velocity)];
    expect(await read(gradient)).toEqual(Array.from(g));
    for (let i = 0; i < p.length; i++) {
      const terms = [options.momentum * v[i]!, g[i]!, options.weightDecay * p[i]!];
      const expected = terms.reduce((a, b) => a + b);
      const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
      expect(Math.abs(speed[i]! - expected)).toBeLessThanOrEqual(5 * u * size);
      const step = options.learningRate * expected;
      expect(Math.abs(moved[i]! - (p[i]! - step))).toBeLessThanOrEqual(
        u * (Math.abs(p[i]!) + 8 * options.learningRate * size + Math.abs(step)),
      );
    }
    for (const { handle } of [parameter, gradient, velocity]) backend.free(handle);
  });

  test('every buffer is free again', () => {
    expect(driver.use).toMatchObject({ live: 0, liveBytes: 0 });
  });
});
