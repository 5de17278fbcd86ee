import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellName, conditionOf, lossCurve, sameSettings } from '../../src/paper/cell';
import { parseCell } from '../../src/paper/cell/parse';
import type { RunSettings } from '../../src/train';
import { cell, SETTINGS } from '../support/records';

const reordered = Object.fromEntries(Object.entries(SETTINGS).reverse()) as unknown as RunSettings;
const other: [keyof RunSettings, Partial<RunSettings>][] = [
  ['lr', { lr: 0.2 }],
  ['augment', { augment: [] }],
  ['limit', { limit: null }],
  ['clip', { clip: 1 }],
  ['dynamics', { dynamics: 'paper' }],
  ['momentum', { momentum: 0 }],
];

describe('a cell', () => {
  test('is named by its settings, in whatever order they stand', () => {
    expect(cellName(SETTINGS)).toMatch(/^shapes-resnet20-small-w4-T2-none-s0-[0-9a-f]{8}$/);
    expect(cellName(reordered)).toBe(cellName(SETTINGS));
    expect(cellName({ ...SETTINGS, mpr: 3, seed: 5 })).toBe(
      cellName(SETTINGS).replace('none-s0', 'k3-s5'), // arm and seed do not change the rest
    );
  });

  test.each(other)('with another %s has another name and another condition', (_, changed) => {
    const settings = { ...SETTINGS, ...changed };
    expect(cellName(settings)).not.toBe(cellName(SETTINGS));
    expect(conditionOf(settings)).not.toBe(conditionOf(SETTINGS));
    expect(sameSettings(settings, SETTINGS)).toBe(false);
  });

  test('shares its condition with other arms and seeds only', () => {
    expect(conditionOf({ ...SETTINGS, mpr: 7, seed: 3 })).toBe(conditionOf(SETTINGS));
    expect(sameSettings({ ...SETTINGS, seed: 3 }, SETTINGS)).toBe(false);
    expect(sameSettings(reordered, SETTINGS)).toBe(true);
  });
});

describe('a loss curve', () => {
  test('keeps short ones whole', () => {
    expect(lossCurve([3, 2, 1])).toEqual([
      [1, 3],
      [2, 2],
      [3, 1],
    ]);
    expect(lossCurve([])).toEqual([]);
  });

  test('of any length has at most 200 points, ends at the last step, and keeps the mean', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (length) => {
        const losses = Array.from({ length }, (_, i) => 1 + (i % 7));
        const points = lossCurve(losses);
        expect(points.length).toBeLessThanOrEqual(200);
        expect(points.at(-1)![0]).toBe(length);
        const sum = points.reduce(
          (total, [step, loss], i) => total + loss * (step - (points[i - 1]?.[0] ?? 0)),
          0,
        );
        expect(sum / length).toBeCloseTo(losses.reduce((a, b) => a + b) / length, 3);
      }),
    );
  });
});

describe('a record', () => {
  const text = JSON.stringify(cell({ mpr: 3 }, 0.5));

  test('comes back as it was written', () => {
    expect(parseCell(text, 'here')).toEqual(cell({ mpr: 3 }, 0.5));
  });

  test('cut off anywhere is refused with the name of its file', () => {
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), (end) => {
        expect(() => parseCell(text.slice(0, end), 'cells/x.json')).toThrow(/^parseCell: cells\/x\.json /);
      }),
    );
  });

  test.each([
    ['null', /x\.json is no cell: "format" is undefined/],
    ['[]', /is no cell/],
    ['{"format":"spikegrad cell 2"}', /"format" is "spikegrad cell 2", expected "spikegrad cell 1"/],
    ['{"format":"spikegrad cell 1"}', /x\.json: settings\.dataset must be 'cifar10' or/],
  ])('%s is none', (wrong, message) => {
    expect(() => parseCell(wrong, 'x.json')).toThrow(message);
  });

  const record = cell({}, 0.5);
  test.each<[string, object]>([
    ['settings.width', { settings: { ...SETTINGS, width: '4' } }],
    ['settings.augment', { settings: { ...SETTINGS, augment: ['spin'] } }],
    ['images.train', { images: { train: -1, test: 5 } }],
    ['images.test', { images: { train: 5 } }],
    ['summary.testAccuracy', { summary: { ...record.summary, testAccuracy: 76.1 } }],
    ['summary.seconds', { summary: { ...record.summary, seconds: '60' } }],
    ['summary.testLoss', { summary: { ...record.summary, testLoss: null } }],
    ['history', { history: [null, null] }],
    ['history', { history: record.history.slice(1) }],
    ['loss', { loss: [[1, '2']] }],
    ['environment.processor', { environment: {} }],
    ['finished', { finished: 'yesterday' }],
  ])('with a wrong %s is refused by that name', (field, wrong) => {
    expect(() => parseCell(JSON.stringify({ ...record, ...wrong }), 'cells/x.json')).toThrow(
      `cells/x.json: ${field} must be `,
    );
  });
});
