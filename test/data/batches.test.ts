import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AugmentationName, parseAugmentations } from '../../src/data/augment';
import { type BatchOptions, batchCount, batches } from '../../src/data/batches';
import { makeDataset } from '../../src/data/dataset';
import { randomBytes } from './sources';

const [height, width, channels] = [9, 11, 2];
const size = height * width * channels;
const dataset = makeDataset({
  name: 'tiny',
  classes: ['a', 'b', 'c'],
  height,
  width,
  channels,
  pixels: randomBytes(23 * size, 5),
  labels: Uint8Array.from({ length: 23 }, (_, i) => i % 3),
  mean: [0.4, 0.6],
  deviation: [0.2, 0.3],
});
const all: AugmentationName[] = ['crop', 'flip', 'cutout'];
const base: BatchOptions = { batchSize: 5, seed: 7, epoch: 2, shuffle: true, augment: all, cutoutSize: 3 };
const run = (changes: Partial<BatchOptions> = {}) => [...batches(dataset, { ...base, ...changes })];
const normal = (record: number, y: number, x: number, c: number) => {
  const byte =
    y < 0 || y >= height || x < 0 || x >= width
      ? 0
      : dataset.pixels[record * size + (y * width + x) * channels + c]!;
  return Math.fround((byte / 255 - dataset.mean[c]!) / dataset.deviation[c]!);
};
/** The image of record r under one augmentation, over many epochs. */
const views = (augment: AugmentationName[], epochs: number, cutoutSize?: number) =>
  Array.from(
    { length: epochs },
    (_, epoch) => run({ augment, epoch, shuffle: false, batchSize: 1, cutoutSize })[4]!.images,
  );
const image = (source: (y: number, x: number) => readonly [number, number]) => {
  const out: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) out.push(normal(4, ...source(y, x), c));
  return out.join();
};

describe('batches', () => {
  test('the same seed and epoch give the same bytes, another seed or epoch others', () => {
    expect(run()).toEqual(run());
    expect(run({ seed: 8 })).not.toEqual(run());
    expect(run({ epoch: 3 })).not.toEqual(run());
  });

  test('resuming from a batch gives the same batches as going through', () => {
    for (let start = 0; start <= 5; start++) expect(run({ start })).toEqual(run().slice(start));
  });

  test('every index comes once an epoch with its own label, and batch size changes no image', () => {
    const images = (batchSize: number) => {
      const found = new Map<number, Float32Array>();
      for (const batch of run({ batchSize }))
        batch.indices.forEach((record, i) => {
          expect(found.has(record)).toBe(false);
          expect(batch.labels[i]).toBe(dataset.labels[record]);
          found.set(record, batch.images.slice(i * size, (i + 1) * size));
        });
      expect(found.size).toBe(23);
      return found;
    };
    const one = images(1);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), (batchSize) => {
        expect(images(batchSize)).toEqual(one);
      }),
      { numRuns: 8 },
    );
  });

  test('numbers and counts batches, keeps or drops the last one', () => {
    expect(run().map((b) => [b.index, b.count, b.labels.length])[4]).toEqual([4, 5, 3]);
    expect(run({ dropLast: true }).map((b) => b.labels.length)).toEqual([5, 5, 5, 5]);
    expect([batchCount(23, 5), batchCount(23, 5, true), batchCount(0, 5)]).toEqual([5, 4, 0]);
  });

  test('without shuffling and augmentation the images are the normalised pixels in order', () => {
    const [first] = run({ shuffle: false, augment: [] });
    expect([...first!.indices]).toEqual([0, 1, 2, 3, 4]);
    expect([...first!.images.slice(4 * size)].join()).toBe(image((y, x) => [y, x]));
  });

  test('neither the batch size nor the first batch changes the order, and shuffling no image', () => {
    const order = (batches: ReturnType<typeof run>) => batches.flatMap(({ indices }) => [...indices]);
    expect(order(run({ batchSize: 4 }))).toEqual(order(run()));
    expect(order(run({ batchSize: 4, start: 2 }))).toEqual(order(run()).slice(8));
    const [straight] = run({ batchSize: 23, shuffle: false });
    for (const { indices, images } of run())
      indices.forEach((record, i) => {
        expect(images.slice(i * size, (i + 1) * size)).toEqual(
          straight!.images.slice(record * size, (record + 1) * size),
        );
      });
  });

  test('the order and the augmentation of a seed and an epoch are these on every machine', () => {
    const [batch] = run({ batchSize: 23 });
    expect([...batch!.indices]).toEqual([
      13, 8, 21, 1, 3, 10, 14, 12, 16, 4, 22, 17, 18, 15, 11, 6, 2, 19, 7, 0, 9, 5, 20,
    ]);
    const sums = [0, 1, 2].map((i) =>
      batch!.images.subarray(i * size, (i + 1) * size).reduce((sum, value, j) => sum + value * (1 + j), 0),
    );
    expect(sums.map((sum) => sum.toPrecision(6))).toEqual(['-13140.6', '-5436.75', '-8946.37']);
  });

  test('a batch is made when it is asked for, in arrays of its own', () => {
    const changing = { ...dataset, pixels: dataset.pixels.slice() };
    const lazy = batches(changing, { ...base, shuffle: false, augment: [] });
    const first = lazy.next().value!;
    const kept = first.images.slice();
    changing.pixels.fill(0);
    expect(lazy.next().value!.images[1]).toBe(Math.fround(-0.6 / 0.3));
    expect(first.images).toEqual(kept);
  });

  test.each([
    { augment: ['rotate' as 'crop'] },
    { augment: ['autoaugment' as const] },
    { epoch: Number.NaN },
    { batchSize: 0 },
    { start: 6 },
    { start: -1 },
    { seed: 0.5 },
    { cutoutSize: 0 },
    { batchSize: 99, dropLast: true },
  ])('refuses %j before the first batch is asked for', (changes) => {
    expect(() => batches(dataset, { ...base, ...changes })).toThrow(/^batches: /);
  });
});

describe('augmentations', () => {
  test('flip shows the image or its mirror image, about equally often', () => {
    const [plain, mirrored] = [image((y, x) => [y, x]), image((y, x) => [y, width - 1 - x])];
    const seen = views(['flip'], 200).map((view) => [...view].join());
    expect(seen.every((view) => view === plain || view === mirrored)).toBe(true);
    expect(Math.abs(seen.filter((view) => view === plain).length - 100)).toBeLessThan(35);
  });

  test('crop shows one of the 81 shifts by up to 4 pixels, with raw zeros beyond the edge', () => {
    const shifts = new Set<string>();
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) shifts.add(image((y, x) => [y + dy, x + dx]));
    const seen = views(['crop'], 400).map((view) => [...view].join());
    expect(seen.every((view) => shifts.has(view))).toBe(true);
    expect(new Set(seen).size).toBeGreaterThan(70);
  });

  test('cutout sets to 0 a square that is clipped at the border, 16 wide by default', () => {
    const counts = views(['cutout'], 300, 3).map((view) => view.filter((v) => v === 0).length / channels);
    expect(Math.max(...counts)).toBe(9);
    expect(Math.min(...counts)).toBe(4);
    expect(views(['cutout'], 20)).toEqual(views(['cutout'], 20, 16));
  });

  test('names are parsed, and a wrong or repeated word is refused with the valid ones', () => {
    expect(parseAugmentations('crop, flip')).toEqual(['crop', 'flip']);
    expect(parseAugmentations('none')).toEqual([]);
    expect(() => parseAugmentations('crop,blur')).toThrow(
      '"blur" is not one of crop, shift, flip, alternate-flip, autoaugment, cutout (or none)',
    );
    expect(() => parseAugmentations('flip,flip')).toThrow('"flip" is given twice');
  });
});
