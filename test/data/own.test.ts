// Arrays of one's own as a data set: every form in which people hold them comes to the same batches, and what cannot
// be a data set is refused with what was found.

import { beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { type AnyDataset, batches, concatDatasets, datasetOf, split, take } from '../../src/data';
import { SpikegradError } from '../../src/errors';

beforeAll(() => setActiveBackend(cpuBackend('f32')));

const flat = [1, 2, 3, 4, 5, 6];
const plain = { mean: 0, deviation: 1 };
const all = (dataset: AnyDataset, options = {}) => [...batches(dataset, { batchSize: 100, ...options })][0]!;

describe('records', () => {
  test.each<readonly [string, () => AnyDataset]>([
    [
      'nested lists',
      () =>
        datasetOf(
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          [0, 1, 1],
          plain,
        ),
    ],
    ['a flat typed array', () => datasetOf(Float32Array.from(flat), [0, 1, 1], plain)],
    ['a flat array of f64', () => datasetOf(Float64Array.from(flat), [0, 1, 1], { ...plain, shape: [2] })],
    [
      'a list of typed arrays',
      () => datasetOf([Float32Array.of(1, 2), Float32Array.of(3, 4), Int16Array.of(5, 6)], [0, 1, 1], plain),
    ],
    ['a tensor', () => datasetOf(tensor(flat, [3, 2]), [0, 1, 1], plain)],
    ['bytes that are no image', () => datasetOf(Uint8Array.from(flat), [0, 1, 1], plain)],
    ['labels as BigInt64Array', () => datasetOf(tensor(flat, [3, 2]), BigInt64Array.of(0n, 1n, 1n), plain)],
    ['labels as a tensor', () => datasetOf(tensor(flat, [3, 2]), tensor([0, 1, 1]), plain)],
    ['labels as bytes', () => datasetOf(tensor(flat, [3, 2]), Uint8Array.of(0, 1, 1), plain)],
  ])('from %s', (_, make) => {
    const { images, shape, labels } = all(make());
    expect(Array.from(images)).toEqual(flat);
    expect(shape).toEqual([3, 2]);
    expect(Array.from(labels)).toEqual([0, 1, 1]);
  });

  test('bytes of images are pixels, as in every data set of 8-bit images, and can be augmented', () => {
    const bytes = Uint8ClampedArray.from({ length: 2 * 4 * 4 }, (_, i) => (i % 2) * 255);
    const images = datasetOf(bytes, [0, 1], { shape: [4, 4, 1], name: 'checks' });
    expect(images).toMatchObject({
      name: 'checks',
      height: 4,
      width: 4,
      channels: 1,
      mean: [0.5],
      deviation: [0.5],
    });
    expect(new Set(all(images).images)).toEqual(new Set([-1, 1]));
    expect(all(images, { augment: ['crop', 'autoaugment', 'cutout'] }).shape).toEqual([2, 4, 4, 1]);
    const lists = datasetOf([new Uint8Array(16), new Uint8Array(16).fill(255)], [0, 1], { shape: [4, 4, 1] });
    expect(lists).toMatchObject({ mean: [0.5], deviation: [0.5] });
  });

  test('images of floats are shifted and mirrored as those of bytes are', () => {
    const bytes = Uint8Array.from({ length: 3 * 6 * 6 }, (_, i) => (i * 37) % 256);
    const norm = { mean: [0.25], deviation: [0.5], shape: [6, 6, 1] };
    const eight = datasetOf(bytes, [0, 1, 2], norm);
    const floats = datasetOf(
      Float64Array.from(bytes, (byte) => byte / 255),
      [0, 1, 2],
      norm,
    );
    for (const augment of [[], ['crop', 'flip'], ['cutout']] as const) {
      const options = { augment, seed: 3, epoch: 2, shuffle: true, cutoutSize: 3 };
      const [a, b] = [all(eight, options), all(floats, options)];
      for (const [i, value] of b.images.entries()) expect(value).toBeCloseTo(a.images[i]!, 6);
      expect(b.labels).toEqual(a.labels);
    }
  });

  test('sequences [T,N,...] come as [T,n,...], left as they are, in any order', () => {
    const frames = Array.from({ length: 2 * 3 * 2 }, (_, i) => i); // T = 2, N = 3
    const data = datasetOf(tensor(frames, [2, 3, 2]), [0, 1, 0], { sequences: true });
    expect(data).toMatchObject({ shape: [2, 2], length: 3 });
    const { images, shape } = all(data);
    expect([Array.from(images), shape]).toEqual([frames, [2, 3, 2]]);
    const [first, last] = [...batches(data, { batchSize: 2 })];
    expect([Array.from(first!.images), first!.shape]).toEqual([
      [0, 1, 2, 3, 6, 7, 8, 9],
      [2, 2, 2],
    ]);
    expect([Array.from(last!.images), last!.shape]).toEqual([
      [4, 5, 10, 11],
      [2, 1, 2],
    ]);
    const flatToo = datasetOf(Float32Array.from(frames), [0, 1, 0], { sequences: true, shape: [2, 2] });
    expect(all(flatToo).images).toEqual(images);
  });

  test('frames of one recording are all shifted and mirrored alike', () => {
    const frame = Array.from({ length: 16 }, (_, i) => i + 1);
    const data = datasetOf(tensor([...frame, ...frame, ...frame], [3, 1, 4, 4, 1]), [0], { sequences: true });
    const { images } = all(data, { augment: ['crop', 'flip'], seed: 1 });
    expect(images.slice(16, 32)).toEqual(images.slice(0, 16));
    expect(images.slice(32)).toEqual(images.slice(0, 16));
    expect(images.slice(0, 16)).not.toEqual(Float32Array.from(frame));
  });

  test('are normalised by mean and deviation of each channel or feature; one that never changes stays at 0', () => {
    const data = datasetOf(
      [
        [1, 10, 0.1],
        [3, 30, 0.1],
        [2, 20, 0.1],
      ],
      [0, 1, 2],
    );
    expect(data.mean.map((value) => Number(value.toFixed(6)))).toEqual([2, 20, 0.1]);
    expect(data.deviation[1]).toBeCloseTo(Math.sqrt(200 / 3), 10);
    expect(data.deviation[2]).toBe(1);
    const { images } = all(data);
    expect(images[0]).toBeCloseTo(-Math.sqrt(1.5), 6);
    expect(images[2]).toBeCloseTo(0, 6);
    expect(Array.from(all(datasetOf([[4], [6]], [0, 1], { mean: 5, deviation: 2 })).images)).toEqual([
      -0.5, 0.5,
    ]);
  });

  test('classes are named, counted, or as many as the largest label asks for', () => {
    expect(datasetOf([[1], [2]], [0, 2]).classes).toEqual(['0', '1', '2']);
    expect(datasetOf([[1], [2]], [0, 1], { classes: 4 }).classes).toEqual(['0', '1', '2', '3']);
    expect(datasetOf([[1], [2]], [0, 1], { classes: ['cat', 'dog'] }).classes).toEqual(['cat', 'dog']);
  });
});

const cases: readonly (readonly [string, () => unknown])[] = [
  ['record 1 holds NaN (number 0 in it)', () => datasetOf([[1], [Number.NaN]], [0, 1])],
  ['record 0 holds Infinity (number 1 in it)', () => datasetOf(Float64Array.of(1, 1e300), [0])],
  ['2 records for 3 labels', () => datasetOf([[1], [2]], [0, 1, 1])],
  [
    '3 records for 2 labels; sequences are [T,N,...], time first',
    () => datasetOf(tensor(new Float32Array(6), [2, 3, 1]), [0, 1], { sequences: true }),
  ],
  ['5 numbers cannot be shared among 2 labels', () => datasetOf(new Float32Array(5), [0, 1])],
  [
    '2 labels need [2,28,28,1] = 1568 numbers, got 5',
    () => datasetOf(new Float32Array(5), [0, 1], { shape: [28, 28, 1] }),
  ],
  ['shape is that of one record: [2,2]', () => datasetOf(new Float32Array(8), [0, 1], { shape: [2, 2, 2] })],
  ['label 3 at row 1 is not a class from 0 to 1', () => datasetOf([[1], [2]], [0, 3], { classes: 2 })],
  ['label -1 at row 0 is not a class', () => datasetOf([[1], [2]], [-1, 0])],
  ['label 0.5 at row 1 is not a class', () => datasetOf([[1], [2]], [0, 0.5])],
  ['1000001 classes are more than 65536', () => datasetOf([[1], [2]], [0, 1e6])],
  ["label 'cat' at row 0 is no number", () => datasetOf([[1]], ['cat'] as never)],
  ['there is no label', () => datasetOf([], [])],
  ['record 1 has 1 entries where the first has 2', () => datasetOf([[1, 2], [3]], [0, 1])],
  ["record 1 holds 'x', which is no number", () => datasetOf([[1], ['x']] as never, [0, 1])],
  ['mean has 1 numbers for 2 entries of the last axis', () => datasetOf([[1, 2]], [0], { mean: [1] })],
  ['images must be nested lists, a typed array or a Tensor, got', () => datasetOf('x' as never, [0])],
  [
    'images must be nested lists, a typed array or a Tensor, got',
    () => datasetOf(BigInt64Array.of(1n) as never, [0]),
  ],
  ['await it first', () => datasetOf(Promise.resolve([1]) as never, [0])],
];

test.each(cases)('datasetOf refuses: %s', (message, act) => {
  expect(act).toThrow(SpikegradError);
  expect(act).toThrow(message);
  expect(act).toThrow(/^datasetOf: /);
});

test('augmentations that do not fit are refused', () => {
  const vectors = datasetOf([[1, 2]], [0]);
  expect(() => batches(vectors, { augment: ['flip'] })).toThrow('batches: flip is for images [H,W,C]');
  const floats = datasetOf(new Float32Array(48), [0], { shape: [4, 4, 3] });
  expect(() => batches(floats, { augment: ['autoaugment'] })).toThrow('autoaugment is for 8-bit images');
});

describe('parts', () => {
  const data = datasetOf(
    Array.from({ length: 10 }, (_, i) => [i, -i]),
    Array.from({ length: 10 }, (_, i) => i),
    plain,
  );
  const labelsOf = ({ labels }: AnyDataset) => Array.from(labels);

  test('split gives every record once, with its own numbers, the same for a seed', () => {
    const [a, b] = split(data, 0.3, 7);
    expect([a.length, b.length]).toEqual([7, 3]);
    expect([...labelsOf(a), ...labelsOf(b)].sort((p, q) => p - q)).toEqual(labelsOf(data));
    for (const part of [a, b]) {
      expect(labelsOf(part)).toEqual(labelsOf(part).sort((p, q) => p - q));
      expect(Array.from(all(part).images)).toEqual(labelsOf(part).flatMap((i) => [i, -i]));
    }
    expect(labelsOf(split(data, 0.3, 7)[1])).toEqual(labelsOf(b));
    expect(labelsOf(split(data, 0.3, 8)[1])).not.toEqual(labelsOf(b));
  });

  test('each part of a split has a record', () => {
    expect(split(data, 0.001).map(({ length }) => length)).toEqual([9, 1]);
    expect(split(data, 0.999).map(({ length }) => length)).toEqual([1, 9]);
    expect(() => split(take(data, 1), 0.5)).toThrow('split: arrays has 1 record, which cannot be split');
    expect(() => split(data, 1)).toThrow('split: share must be a number above 0 and below 1, got 1');
  });

  test('take and concatDatasets know them too', () => {
    const joined = concatDatasets([take(data, 2), take(data, 1)]);
    expect(labelsOf(joined)).toEqual([0, 1, 0]);
    expect(Array.from(all(joined).images)).toEqual([0, -0, 1, -1, 0, -0]);
    const others = datasetOf([[1, 2, 3]], [0], { classes: data.classes });
    expect(() => concatDatasets([data, others])).toThrow('arrays has records [3], arrays [2]');
  });
});
