// Schedules as values: how they compose, and the average of weights over steps.

import { beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { setActiveBackend } from '../../src/core/engine';
import { Linear } from '../../src/nn';
import { constantRate, cosine, Ema, linearDecay, oneCycle, Schedule, stepDecay } from '../../src/optim';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

describe('a schedule', () => {
  test('begins at its base, and another follows over the rest', () => {
    const schedule = constantRate().until(0.5, linearDecay());
    expect(schedule.list(8, 2)).toEqual([2, 2, 2, 2, 2, 1.5, 1, 0.5]);
    expect(schedule.name).toBe('constant until 0.5, then linear to 0');
  });

  test('rises in front to where the next one begins', () => {
    const rates = linearDecay({ from: 0.5 }).warmUp(4, 0).list(8);
    expect(rates).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.375, 0.25, 0.125]);
    expect(constantRate().warmUp(10, 0).list(4)).toEqual([0, 0.25, 0.5, 0.75]); // no run is too short
  });

  test('is multiplied by another', () => {
    expect(
      stepDecay({ at: [0.5], factor: 0.5 })
        .times(linearDecay())
        .list(4),
    ).toEqual([1, 0.75, 0.25, 0.125]);
  });

  test('of one step or none has its base', () => {
    for (const schedule of [cosine(), linearDecay(), stepDecay(), constantRate()]) {
      expect(schedule.at(0, 0), schedule.name).toBe(1);
      expect(schedule.list(1), schedule.name).toEqual([1]);
    }
    expect(oneCycle().list(1)[0]).toBeGreaterThan(0);
  });

  test("of one's own that gives no share is told at the step", () => {
    expect(new Schedule('halves', (step) => 2 ** -step).list(3)).toEqual([1, 0.5, 0.25]);
    expect(() => new Schedule('falls', (step) => 1 - step).list(3)).toThrow(
      'Schedule.at: falls gives -1 at step 2 of 3: a share is a number >= 0',
    );
  });
});

describe('the average of weights', () => {
  test('forgets where it began, is put in and taken out again', async () => {
    const network = new Linear(1, 1, { bias: false });
    const ema = new Ema(network, { decay: 0.5 });
    await expect(ema.apply()).rejects.toThrow('Ema.apply: there is no average yet');
    let expected = 0;
    for (const [i, weight] of [4, 8, 6].entries()) {
      network.weight.overwrite([weight]);
      ema.update();
      const beta = Math.min(0.5, i / (i + 9));
      expected = beta * expected + (1 - beta) * weight;
    }
    expect(await ema.during(() => network.weight.itemSync())).toBeCloseTo(expected, 14);
    expect(network.weight.itemSync()).toBe(6);
    const other = new Ema(network, { decay: 0.5 });
    other.loadState(await ema.state());
    await other.apply();
    expect(network.weight.itemSync()).toBeCloseTo(expected, 14);
  });
});
