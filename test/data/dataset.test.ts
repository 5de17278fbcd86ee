import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { type Dataset, makeDataset } from '../../src/data/dataset';
import { concatDatasets, take } from '../../src/data/parts';
import { SpikegradError } from '../../src/errors';
import { init } from '../../src/init';
import { randomBytes } from './sources';

const parts = (length = 4): Omit<Dataset, 'length'> => ({
  name: 'tiny',
  classes: ['a', 'b', 'c'],
  height: 2,
  width: 3,
  channels: 2,
  pixels: randomBytes(12 * length, 5),
  labels: Uint8Array.from({ length }, (_, i) => i % 3),
  mean: [0.5, 0.25],
  deviation: [1, 2],
});

describe('makeDataset', () => {
  test('takes its length from the labels and copies nothing', () => {
    const given = parts();
    const dataset = makeDataset(given);
    expect(dataset.length).toBe(4);
    expect(dataset.pixels).toBe(given.pixels);
    expect(dataset.labels).toBe(given.labels);
  });

  test.each([
    ['a list', [2, 0, 1, 1]],
    ['64-bit integers', BigInt64Array.of(2n, 0n, 1n, 1n)],
    ['a typed array', Int32Array.of(2, 0, 1, 1)],
  ])('takes labels as %s', (_, labels) => {
    expect([...makeDataset({ ...parts(), labels }).labels]).toEqual([2, 0, 1, 1]);
  });

  test('takes labels as a tensor, and refuses those that would wrap as bytes', async () => {
    await init({ backend: 'cpu' });
    expect([...makeDataset({ ...parts(), labels: tensor([2, 0, 1, 1]) }).labels]).toEqual([2, 0, 1, 1]);
    for (const stray of [256, -1, 0.5, 3])
      expect(() => makeDataset({ ...parts(), labels: [0, stray, 1, 1] })).toThrow(
        `makeDataset: label ${stray} at row 1 is not a class from 0 to 2`,
      );
  });

  test.each<[string, Partial<Dataset>, string]>([
    [
      'pixels that do not fit the labels',
      { pixels: new Uint8Array(47) },
      '4 labels need [4,2,3,2] = 48 bytes of pixels, got 47',
    ],
    [
      'a label without a class',
      { labels: Uint8Array.of(0, 1, 3, 0) },
      'label 3 of record 2 has no class; there are 3',
    ],
    ['no record', { labels: new Uint8Array(0), pixels: new Uint8Array(0) }, 'there is no record'],
    ['no class', { classes: [] }, '1 to 256 classes, got 0'],
    ['a fractional side', { height: 1.5 }, 'height must be a whole number >= 1, got 1.5'],
    ['no channel', { channels: 0 }, 'channels must be a whole number >= 1, got 0'],
    ['a mean too few', { mean: [0.5] }, 'mean must hold one finite number for each of 2 channels'],
    ['a mean that is not a number', { mean: [0.5, Number.NaN] }, 'mean must hold one finite number'],
    [
      'a deviation of zero',
      { deviation: [1, 0] },
      'deviation must hold one positive number for each of 2 channels, got [1,0]',
    ],
  ])('refuses %s', (_, change, message) => {
    const make = () => makeDataset({ ...parts(), ...change });
    expect(make).toThrow(SpikegradError);
    expect(make).toThrow(message);
    expect(make).toThrow(/^makeDataset: tiny: /);
  });
});

describe('take', () => {
  test('is a view of the first records, and all of them where fewer are there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 12 }), (length, limit) => {
        const dataset = makeDataset(parts(length));
        const few = take(dataset, limit);
        expect(few.length).toBe(Math.min(length, limit));
        expect(few.pixels).toEqual(dataset.pixels.slice(0, 12 * few.length));
        expect(few.labels).toEqual(dataset.labels.slice(0, few.length));
        expect(few.pixels.buffer).toBe(dataset.pixels.buffer);
        expect(makeDataset(few)).toEqual(few);
      }),
    );
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a limit of %s', (limit) => {
    expect(() => take(makeDataset(parts()), limit)).toThrow(
      `take: limit must be a whole number >= 1, got ${limit}`,
    );
  });
});

describe('concatDatasets', () => {
  test('puts records behind each other', () => {
    const [a, b] = [makeDataset(parts(2)), makeDataset({ ...parts(3), name: 'more' })];
    const both = concatDatasets([a, b]);
    expect(both.length).toBe(5);
    expect(both.name).toBe('tiny');
    expect([...both.pixels]).toEqual([...a.pixels, ...b.pixels]);
    expect([...both.labels]).toEqual([...a.labels, ...b.labels]);
  });

  test('refuses other sizes, other classes and an empty list', () => {
    const a = makeDataset(parts());
    expect(() => concatDatasets([a, makeDataset({ ...parts(), height: 3, width: 2 })])).toThrow(
      'concatDatasets: tiny has images [3,2,2], tiny [2,3,2]',
    );
    expect(() => concatDatasets([a, makeDataset({ ...parts(), classes: ['a', 'b', 'd'] })])).toThrow(
      'different classes',
    );
    expect(() => concatDatasets([])).toThrow('empty list');
  });
});
