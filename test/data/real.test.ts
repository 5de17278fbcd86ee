// The readers on the published files: what is known about them must come out, to the digit.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../src/data/dataset';
import { loadDataset } from '../../src/data/node/files';
import { sharedFolder } from '../support/shared';

/** How many records each class has. */
function balance({ labels, classes }: Dataset): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

/** Mean and population deviation of pixels/255 per channel, from exact counts of each byte value. */
function moments({ pixels, channels }: Dataset): { mean: number[]; deviation: number[] } {
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  for (let i = 0; i < pixels.length; i += channels)
    for (let c = 0; c < channels; c++) counts[c]![pixels[i + c]!]!++;
  const each = counts.map((count) => {
    const total = pixels.length / channels;
    const mean = count.reduce((sum, n, value) => sum + n * value, 0) / total;
    const variance = count.reduce((sum, n, value) => sum + n * (value - mean) ** 2, 0) / total;
    return [mean / 255, Math.sqrt(variance) / 255] as const;
  });
  return { mean: each.map(([mean]) => mean), deviation: each.map(([, deviation]) => deviation) };
}

const fourDigits = (values: readonly number[]) => values.map((value) => value.toFixed(4));

const cifar10 = sharedFolder('data/cifar10');
describe.skipIf(cifar10.missing)(`the published CIFAR-10${cifar10.note}`, () => {
  test('has 5,000 training images of each class, and its normalisation is that of those images', async () => {
    const train = await loadDataset('cifar10', 'train', cifar10.path);
    expect(train.length).toBe(50_000);
    expect(balance(train)).toEqual(new Array(10).fill(5000));
    expect([...train.labels.subarray(0, 10)]).toEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    const { mean, deviation } = moments(train);
    expect(fourDigits(mean)).toEqual(fourDigits(train.mean));
    expect(fourDigits(deviation)).toEqual(fourDigits(train.deviation));
  });

  test('has 1,000 test images of each class, the first a cat, and its classes are the published ones', async () => {
    const held = await loadDataset('cifar10', 'test', cifar10.path);
    expect(held.length).toBe(10_000);
    expect(balance(held)).toEqual(new Array(10).fill(1000));
    expect([...held.labels.subarray(0, 5)].map((label) => held.classes[label])).toEqual([
      'cat',
      'ship',
      'ship',
      'airplane',
      'frog',
    ]);
    const names = await readFile(join(cifar10.path, 'batches.meta.txt'), 'utf8');
    expect(held.classes).toEqual(names.trim().split('\n'));
    const raw = await readFile(join(cifar10.path, 'test_batch.bin'));
    const [last, y, x] = [9999, 20, 3];
    for (let c = 0; c < 3; c++)
      expect(held.pixels[((last * 32 + y) * 32 + x) * 3 + c]).toBe(
        raw[last * 3073 + 1 + 1024 * c + 32 * y + x],
      );
  });

  test('a limit that crosses a file gives the beginning of the whole', async () => {
    const few = await loadDataset('cifar10', 'train', cifar10.path, { limit: 10_003 });
    expect(few.length).toBe(10_003);
    const second = await readFile(join(cifar10.path, 'data_batch_2.bin'));
    expect([...few.labels.subarray(10_000)]).toEqual([0, 1, 2].map((i) => second[i * 3073]));
  });
});

const cifar100 = sharedFolder('data/cifar100');
describe.skipIf(cifar100.missing)(`the published CIFAR-100, or its beginning${cifar100.note}`, () => {
  test('begins with cattle, a dinosaur and an apple, and has all 100 classes', async () => {
    const train = await loadDataset('cifar100', 'train', cifar100.path);
    expect(train.length).toBeGreaterThanOrEqual(3000);
    expect([...train.labels.subarray(0, 3)].map((label) => train.classes[label])).toEqual([
      'cattle',
      'dinosaur',
      'apple',
    ]);
    expect(Math.min(...balance(train))).toBeGreaterThan(0);
    const { mean, deviation } = moments(train);
    for (const [found, published] of [
      [mean, train.mean],
      [deviation, train.deviation],
    ] as const)
      for (let c = 0; c < 3; c++) expect(Math.abs(found[c]! - published[c]!)).toBeLessThan(0.006);
  });

  test('the test images begin with mountain and forest, and the classes are the published ones', async () => {
    const held = await loadDataset('cifar100', 'test', cifar100.path);
    expect(held.length).toBeGreaterThanOrEqual(1000);
    expect([...held.labels.subarray(0, 2)].map((label) => held.classes[label])).toEqual([
      'mountain',
      'forest',
    ]);
    const names = await readFile(join(cifar100.path, 'fine_label_names.txt'), 'utf8');
    expect(held.classes).toEqual(names.trim().split('\n'));
  });
});

const mnist = sharedFolder('data/mnist');
describe.skipIf(mnist.missing)(`the published MNIST${mnist.note}`, () => {
  test('has 60,000 training digits from 5, 0, 4, 1, 9 on, and its normalisation is theirs', async () => {
    const train = await loadDataset('mnist', 'train', mnist.path);
    expect(train).toMatchObject({ length: 60_000, height: 28, width: 28, channels: 1 });
    expect([...train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect(balance(train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    const { mean, deviation } = moments(train);
    expect(fourDigits(mean)).toEqual(fourDigits(train.mean));
    expect(fourDigits(deviation)).toEqual(fourDigits(train.deviation));
  });

  test('has 10,000 test digits from 7, 2, 1, 0, 4 on', async () => {
    const held = await loadDataset('mnist', 'test', mnist.path);
    expect(held.length).toBe(10_000);
    expect([...held.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    expect(balance(held)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  test('a limit reads the beginning of the gzipped files', async () => {
    const [few, whole] = [
      await loadDataset('mnist', 'test', mnist.path, { limit: 20 }),
      await loadDataset('mnist', 'test', mnist.path),
    ];
    expect(few.length).toBe(20);
    expect([...few.pixels]).toEqual([...whole.pixels.subarray(0, 20 * 784)]);
  });
});
