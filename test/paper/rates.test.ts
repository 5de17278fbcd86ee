import { describe, expect, test } from 'vitest';
import { longRuns, pickedInWords, shortRuns } from '../../src/cli/paper/table1/pick-rate';
import { parseArm } from '../../src/paper/arm';
import { type CellRecord, cellName, conditionOf } from '../../src/paper/cell';
import { rateStudies } from '../../src/paper/rates';
import { ratesMarkdown, ratesSections } from '../../src/paper/rates/words';
import { table1 } from '../../src/paper/table1';
import { table1Markdown } from '../../src/paper/table1/files';
import type { RunSettings } from '../../src/train';
import { cell, SETTINGS } from '../support/records';

/** A finished cell with an accuracy on held-out images besides that on test images. */
function heldOut(settings: Partial<RunSettings>, accuracy: number, onTest = 0.9): CellRecord {
  const one = cell({ validation: 0.1, ...settings }, onTest);
  const history = one.history.map((epoch) => ({ ...epoch, validationAccuracy: accuracy }));
  return { ...one, history };
}

const cells = [
  heldOut({ lr: 0.1 }, 0.6),
  heldOut({ lr: 0.03 }, 0.5),
  heldOut({ lr: 0.1, seed: 1 }, 0.4),
  heldOut({ lr: 0.03, mpr: 3 }, 0.7),
  heldOut({ lr: 0.1, mpr: 3 }, 0.2),
];

describe('accuracy by learning rate', () => {
  test('is the mean over seeds on held-out images, whatever the test images say, and each arm has its best', () => {
    const [study, ...more] = rateStudies([...cells, cell({ lr: 0.5 }, 1)]);
    expect(more).toEqual([]);
    expect(study).toMatchObject({ rates: [0.03, 0.1], judgedOn: 'held-out training images' });
    expect(study!.arms.map(({ accuracies, best }) => [accuracies, best])).toEqual([
      [[0.5, 0.5], 0.03],
      [[0.7, 0.2], 0.03],
    ]);
    const [text] = ratesMarkdown([study!]);
    expect(text).toMatch(
      /on held-out training images, mean over seeds; 2 epochs .*learning rates 0.03, 0.1,/,
    );
    expect(text).toContain('| k = 3 | 70.00 | 20.00 | 0.03 |');
    expect(ratesSections([study!])[0]!.figures![0]!.svg).toContain('learning rate');
  });

  test('is judged on test images where none are held out, and needs two rates', () => {
    const [study] = rateStudies([cell({ lr: 0.1 }, 0.6), cell({ lr: 0.3 }, 0.8)]);
    expect(study).toMatchObject({ judgedOn: 'test images', arms: [{ accuracies: [0.6, 0.8], best: 0.3 }] });
    expect(rateStudies([cell({ lr: 0.1 }, 0.6), cell({ lr: 0.1, seed: 1 }, 0.8)])).toEqual([]);
  });
});

describe('picking the rate of each arm', () => {
  const picking = {
    base: SETTINGS,
    timesteps: [2],
    arms: ['none', 'mpr:3'].map(parseArm),
    rates: [0.03, 0.1],
    seeds: [4, 5],
    epochs: 1,
  };
  const short = shortRuns(picking);

  test('takes one seed, few epochs, and a tenth of the training images to judge by', () => {
    expect(short.map(({ lr, mpr, seed, epochs, validation }) => [lr, mpr, seed, epochs, validation])).toEqual(
      [
        [0.03, null, 4, 1, 0.1],
        [0.03, 3, 4, 1, 0.1],
        [0.1, null, 4, 1, 0.1],
        [0.1, 3, 4, 1, 0.1],
      ],
    );
    expect(longRuns(picking, [], [])).toBeUndefined();
  });

  test('passes over rates at which an arm was lost, and refuses an arm that was lost at all', () => {
    const [first, second, third, fourth] = short as [RunSettings, RunSettings, RunSettings, RunSettings];
    const done = [first, second, third].map((settings) => heldOut(settings, 0.5, 0.5));
    expect(longRuns(picking, done, [])).toBeUndefined();
    const long = longRuns(picking, done, [fourth])!;
    expect(long.filter(({ mpr }) => mpr === 3).map(({ lr }) => lr)).toEqual([0.03, 0.03]);
    const none = [heldOut(first, 0.5, 0.5), heldOut(third, 0.5, 0.5)];
    expect(() => longRuns(picking, none, [second, fourth])).toThrow(
      'k = 3 was lost at every rate of 0.03, 0.1 with T = 2: give --lr smaller ones, or --clip',
    );
  });

  test('gives each arm the best on held-out images; its runs are of one condition, whatever their rates', () => {
    const accuracies = [0.6, 0.1, 0.5, 0.7];
    // the test images say the contrary and are not asked
    const done = short.map((settings, i) => heldOut(settings, accuracies[i]!, 1 - accuracies[i]!));
    const long = longRuns(picking, done, [])!;
    expect(long.map(({ lr, mpr, seed, epochs, validation }) => [lr, mpr, seed, epochs, validation])).toEqual([
      [0.03, null, 4, 2, undefined],
      [0.1, 3, 4, 2, undefined],
      [0.03, null, 5, 2, undefined],
      [0.1, 3, 5, 2, undefined],
    ]);
    expect(pickedInWords(long)).toEqual(['T = 2: none at 0.03, k = 3 at 0.1']);
    expect(new Set(long.map(conditionOf)).size).toBe(1);
    expect(new Set(long.map(cellName)).size).toBe(4);
    const finished = long.map((settings, i) => cell(settings, [0.5, 0.52, 0.5, 0.54][i]!));
    const [condition, ...others] = table1(finished);
    expect(others).toEqual([]);
    expect(condition!.rows.map(({ lr, difference }) => [lr, difference?.pairs])).toEqual([
      [0.03, undefined],
      [0.1, 2],
    ]);
    expect(table1Markdown([condition!])).toMatch(
      /each arm at its own learning rate \(best of 0.03, 0.1 after 1 epoch on a tenth .*, seed 4\)/,
    );
    expect(rateStudies(finished)).toEqual([]);
  });
});

test('cells pair only within a build; old records name none and pair among themselves', () => {
  const by = (build: string | undefined, one: CellRecord): CellRecord => ({
    ...one,
    environment: { ...one.environment, ...(build !== undefined && { build }) },
  });
  const [condition] = table1([
    by('0.1.0+a', cell({ seed: 0 }, 0.5)),
    by('0.1.0+b', cell({ seed: 0, mpr: 3 }, 0.6)),
    by(undefined, cell({ seed: 1 }, 0.5)),
    by(undefined, cell({ seed: 1, mpr: 3 }, 0.7)),
  ]);
  const { difference } = condition!.rows[1]!;
  expect(difference!.pairs).toBe(1);
  expect(difference!.mean).toBeCloseTo(0.2, 12);
});
