// Claims of the paper and the reading of gains: the rules, which comparison is judged, and the page, from records that
// a test makes and from those that are kept.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cellName } from '../../src/paper/cell';
import { type Claim, claims } from '../../src/paper/claims';
import { BY_SGD, comparisons, leading } from '../../src/paper/claims/evidence';
import { publishedDifference } from '../../src/paper/claims/paper';
import { NONE, steep } from '../../src/paper/claims/parts';
import { claimPictures } from '../../src/paper/claims/pictures';
import { claimsMarkdown, claimsReport } from '../../src/paper/claims/report';
import {
  allOf,
  gainsAsMuch,
  hasVanishedOrExploded,
  isAbove,
  isBelow,
  isPredicted,
  isSame,
  type Rule,
} from '../../src/paper/claims/rules';
import { claimSentence } from '../../src/paper/claims/words';
import { readResults } from '../../src/paper/node/results';
import { neuronToJson, zoo } from '../../src/snn';
import type { RunSettings } from '../../src/train';
import { named, parsePicture } from '../plot/markup';
import { cell } from '../support/records';

const between = (low: number, high: number) => ({
  mean: (low + high) / 2,
  pairs: 3,
  interval: [low / 100, high / 100] as const,
});

describe('a rule', () => {
  test.each<[string, Rule, [number, number][]]>([
    [
      'better',
      isAbove,
      [
        [0.1, 2],
        [-2, -0.1],
        [-1, 1],
      ],
    ],
    [
      'worse',
      isBelow,
      [
        [-2, -0.1],
        [0.1, 2],
        [-1, 1],
      ],
    ],
    [
      'better by 1.22',
      gainsAsMuch(0.0122),
      [
        [0.5, 1.5],
        [-0.84, 0.28],
        [-1, 2],
      ],
    ],
    [
      'no difference',
      isSame,
      [
        [-0.6, 0.6],
        [0.1, 3],
        [-1, 1],
      ],
    ],
  ])('of "%s" holds, fails and leaves open by the interval alone', (_name, rule, intervals) => {
    expect(intervals.map((interval) => rule(between(...interval)))).toEqual([
      ...['holds', 'does not hold', 'cannot be told'],
    ]);
    expect(rule({ mean: 3, pairs: 1, interval: undefined })).toBe('cannot be told');
    expect(rule(undefined)).toBe('cannot be told');
  });

  test('of a predicted gain, and of a gradient that explodes', () => {
    expect([0.7, 0.94, 1.06].map((gain) => isPredicted(gain, [0.75, 0.9]))).toEqual([
      ...['does not hold', 'holds', 'does not hold'],
    ]);
    expect([12, 0.05, 1.5, 4].map(hasVanishedOrExploded)).toEqual([
      ...['holds', 'holds', 'does not hold', 'cannot be told'],
    ]);
  });

  test('of several parts fails with one, and holds with all', () => {
    expect(allOf(['holds', 'holds'])).toBe('holds');
    expect(allOf(['holds', 'cannot be told'])).toBe('cannot be told');
    expect(allOf(['cannot be told', 'does not hold'])).toBe('does not hold');
    expect(allOf([])).toBe('cannot be told');
  });
});

const CIFAR = { dataset: 'cifar10', limit: null } as const;
const pairs = (settings: Partial<RunSettings>, lead: number, seeds = [0, 1, 2]) =>
  seeds.flatMap((seed) => [
    cell({ ...CIFAR, ...settings, mpr: null, gradientScale: undefined, seed }, 0.7),
    cell({ ...CIFAR, ...settings, seed }, 0.7 + lead / 100 + seed / 1e4),
  ]);
const named_ = (all: readonly Claim[], name: string) => all.find((claim) => claim.name === name)!;

test('the comparison that is judged has an interval, then chosen rates, then the most images', () => {
  const asked = { dataset: 'cifar10', timesteps: 2, optimizers: BY_SGD } as const;
  const pick = (...groups: ReturnType<typeof pairs>[]) =>
    leading(comparisons(groups.flat(), steep(3), NONE), asked);
  const [short, long] = [pairs({ mpr: 3 }, 1), pairs({ mpr: 3, epochs: 4 }, 2)];
  expect(pick(short, long)!.settings.epochs).toBe(4);
  expect(pick(short, pairs({ mpr: 3, epochs: 9 }, 2, [0]))!.settings.epochs).toBe(2);
  const tuned = pairs({ mpr: 3, epochs: 1, rateRule: 'best of two' }, 3);
  expect(pick(long, tuned)!.settings.rateRule).toBe('best of two');
  expect(pick(pairs({ mpr: 3, validation: 0.1 }, 1))).toBeUndefined();
  expect(pick(pairs({ mpr: 3, optimizer: 'adamw' }, 1))).toBeUndefined();
});

describe('claims', () => {
  test('are judged from what is there, and say what is not', () => {
    const all = claims([...pairs({ mpr: 3 }, 1.2), ...pairs({ mpr: 3, optimizer: 'adamw' }, 0.05)], []);
    const gain = named_(all, 'P3');
    expect(gain.parts.map(({ verdict }) => verdict)).toEqual(['holds', ...Array(3).fill('cannot be told')]);
    expect(claimSentence(gain)).toBe('Cannot be told: of 4 parts 1 is measured; 1 holds.');
    expect(named_(all, 'R4').parts[0]!.verdict).toBe('holds');
    expect(claimSentence(named_(all, 'R3'))).toBe('Cannot be told: nothing of it is measured yet.');
  });

  test('the text of the paper contradicts its table at T = 6, without any training', () => {
    const { verdict, parts } = named_(claims([], []), 'P4');
    expect(verdict).toBe('does not hold');
    expect(parts.map(({ verdict: one }) => one)).toEqual(['holds', 'holds', 'does not hold']);
    expect(parts[2]!.measured).toBe('+1.22 by the table; +0.69 is that of k = 5');
    expect(publishedDifference('cifar100', 4, 3)).toBeCloseTo(0.0316, 12);
  });
});

describe('a folder of results', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spikegrad-claims-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is read with all grids below it, a cell of two of them once', async () => {
    const records = pairs({ mpr: 3 }, 1, [0]);
    for (const grid of ['one', 'two/deep']) {
      mkdirSync(join(folder, grid, 'cells'), { recursive: true });
      for (const record of records)
        writeFileSync(
          join(folder, grid, 'cells', `${cellName(record.settings)}.json`),
          JSON.stringify(record),
        );
    }
    expect((await readResults(folder)).cells.length).toBe(2);
    writeFileSync(join(folder, 'gradients.json'), '{"arms": 3}');
    await expect(readResults(folder)).rejects.toThrow('gradients.json is no study of gradients');
    await expect(readResults(join(folder, 'none'))).rejects.toThrow('--results is the folder of a grid');
  });

  test('that is kept gives a page and Markdown with a picture for what was measured', async () => {
    const { cells, studies } = await readResults(resolve('bench/results/paper'));
    const other = cell({ ...cells[0]!.settings, mpr: null, neuron: neuronToJson(zoo.inflor()) }, 0.5);
    const page = {
      claims: claims([...cells, other], studies),
      cells: [...cells, other],
      pictures: [] as never,
    };
    const pictures = claimPictures(page.claims);
    for (const { svg } of pictures) expect(named(parsePicture(svg), 'svg').length).toBe(1);
    expect(pictures.map(({ name }) => name)).toEqual(expect.arrayContaining(['accuracy-cifar-10', 'gain']));
    const text = claimsMarkdown({ ...page, pictures }, ({ name }) => `${name}.svg`);
    expect(text).toMatch(/^\| P4 \| does not hold \| 3 of 3 \|/m);
    expect(text).toContain('](gain.svg)');
    expect(text).toMatch(/^\| inflor \| 50.00 \|/m);
    const html = claimsReport({ ...page, pictures });
    expect(html).toContain('R2. A rectangle with k = 3’s gain');
    expect(html).toContain('How a verdict is come by');
  });
});
