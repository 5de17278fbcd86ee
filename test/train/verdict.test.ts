// Whether a run has learnt anything, and how long it still takes.

import { describe, expect, test } from 'vitest';
import type { ProbeReport } from '../../src/snn';
import { Pace } from '../../src/train/pace';
import { isAtChance, verdict } from '../../src/train/report/verdict';
import { SETTINGS } from '../support/records';

/** Ten classes of so many images, of which a share is right and the others are spread over the next classes. */
function evaluation(each: number, right: number) {
  const confusion = Array.from({ length: 10 }, (_, label) =>
    Array.from({ length: 10 }, (_, c) => (c === label ? right : c === (label + 1) % 10 ? each - right : 0)),
  );
  return { loss: 2, accuracy: right / each, images: 10 * each, confusion };
}

describe('chance', () => {
  test('is what lies within the noise of guessing, which is less the more images there are', () => {
    expect(isAtChance(evaluation(50, 6))).toBe(true); // 12 % of 500: 1.5 deviations
    expect(isAtChance(evaluation(50, 10))).toBe(false); // 20 %: 7.5
    expect(isAtChance(evaluation(1000, 120))).toBe(false); // 12 % of 10,000: 6.7
    expect(isAtChance(evaluation(2, 1))).toBe(false);
    expect(isAtChance(evaluation(50, 0))).toBe(true);
  });

  test('is a network that takes every image for the same class, whatever share of them that is', () => {
    const confusion = [
      [90, 0],
      [10, 0],
    ];
    expect(isAtChance({ loss: 1, accuracy: 0.9, images: 100, confusion })).toBe(true);
    // one class: nothing to guess
    expect(isAtChance({ loss: 0, accuracy: 1, images: 8, confusion: [[8]] })).toBe(false);
  });

  const layer = (name: string, rate: number) => ({ name, neurons: 1, rate, ratePerStep: [rate] });
  const probed = (rate: number, warnings: string[]) =>
    ({ layers: [layer('a', rate)], warnings, operations: {} }) as unknown as ProbeReport;

  test('comes with the options that the run did not have', () => {
    const settings = {
      ...SETTINGS,
      dataset: 'shapes',
      batch: 128,
      lr: 0.01,
      epochs: 4,
      limit: null,
    } as const;
    const { warnings, advice } = verdict(settings, evaluation(50, 5), probed(0.1, []));
    expect(warnings).toEqual([
      'the network is no better than chance: 10.0 % of 500 test images, where guessing gives 10.0 %',
    ]);
    expect(advice).toBe('try --batch 32 --lr 0.1 --epochs 8 --limit 4000');
    const better = { ...settings, batch: 32, lr: 0.1, epochs: 8, limit: 4000 };
    expect(verdict(better, evaluation(50, 5), probed(0.1, [])).advice).toBe('try --epochs 16');
    const continued = { ...better, continued: [{ step: 1000, epochs: 16, lr: 0.01 }] };
    expect(verdict(continued, evaluation(50, 5), probed(0.1, [])).advice).toBe('try --epochs 32');
  });

  test('silent layers have advice too; a run that learns has none', () => {
    expect(verdict(SETTINGS, evaluation(50, 40), probed(0, ['a is silent']))).toMatchObject({
      warnings: ['a is silent'],
      advice: expect.stringMatching(/^try /),
    });
    expect(verdict(SETTINGS, evaluation(50, 40), probed(0.2, []))).toEqual({ warnings: [] });
  });
});

describe('the pace of a run', () => {
  test('is known after the first step, counts tests, and forgets the first step as soon as there is another', () => {
    let clock = 0;
    const pace = new Pace({ train: 100, test: 50 }, () => clock);
    expect([pace.left, pace.imagesPerSecond]).toEqual([undefined, undefined]);
    clock += 10_000;
    expect(pace.trained(10)).toBe(10);
    expect(pace.left).toBeCloseTo(90 + 0.35 * 50);
    clock += 1000;
    pace.trained(10);
    expect(pace.imagesPerSecond).toBeCloseTo(10);
    expect(pace.left).toBeCloseTo(8 + 0.35 * 5);
    pace.tested(0);
    clock += 500;
    pace.tested(25);
    expect(pace.left).toBeCloseTo(8 + 0.5);
    expect(pace.testSeconds(100)).toBeCloseTo(2);
  });
});
