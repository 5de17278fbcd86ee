// Data sets that are read in parts: every record once an epoch with its own numbers, in an order that a seed decides,
// and never more held than was allowed.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Batch, type BatchOptions, batches, batchOptions } from '../../../src/data/batches';
import { batchesAhead } from '../../../src/data/batches/ahead';
import type { BatchWorkers } from '../../../src/data/batches/threads/pool';
import { makeDataset } from '../../../src/data/dataset';
import { split, take } from '../../../src/data/parts';
import { bytesOfRecord, type StreamedDataset, streamedDataset } from '../../../src/data/stream/dataset';
import { streamOrder } from '../../../src/data/stream/order';
import { StreamReader } from '../../../src/data/stream/reader';
import { randomBytes } from '../sources';

const [height, width] = [4, 5];
const SIZE = height * width;
const COUNT = 57;
const pixels = randomBytes(COUNT * SIZE, 2);
const labels = Uint8Array.from({ length: COUNT }, (_, i) => i % 4);
const known = { name: 'told', classes: ['a', 'b', 'c', 'd'], mean: [0.3], deviation: [0.2] };
const inMemory = makeDataset({ ...known, height, width, channels: 1, pixels, labels });

/** The same records in parts of these sizes. */
function inParts(
  sizes: readonly number[],
  memory: number,
  onRead: (part: number) => void = () => {},
): StreamedDataset {
  const starts = sizes.map((_, part) => sizes.slice(0, part).reduce((sum, size) => sum + size, 0));
  return streamedDataset({
    ...known,
    shape: [height, width, 1],
    parts: sizes,
    memory,
    async read(parts) {
      const records = parts.flatMap((part) => {
        onRead(part);
        return Array.from({ length: sizes[part]! }, (_, i) => starts[part]! + i);
      });
      const values = new Uint8Array(records.length * SIZE);
      records.forEach((record, i) => {
        values.set(pixels.subarray(record * SIZE, (record + 1) * SIZE), i * SIZE);
      });
      return { labels: records.map((record) => labels[record]!), values };
    },
  });
}

async function taken(stream: StreamedDataset, options: BatchOptions): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches(stream, options)) all.push(batch);
  return all;
}

/** Sizes of parts that hold all records. */
const partSizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 30 }).map((sizes) => {
  const kept: number[] = [];
  let left = COUNT;
  for (const size of sizes) if (left > 0) left -= kept[kept.push(Math.min(size, left)) - 1]!;
  return left > 0 ? [...kept, ...new Array<number>(left).fill(1)] : kept;
});

describe('an epoch', () => {
  test('has every record once, with the numbers that it has in memory, whatever the parts', async () => {
    const options = fc.record({
      sizes: partSizes,
      memory: fc.integer({ min: 60 * SIZE, max: 400 * SIZE }),
      batchSize: fc.integer({ min: 1, max: 15 }),
      shuffle: fc.boolean(),
      seed: fc.integer(),
      prefetch: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(options, async ({ sizes, memory, ...given }) => {
        const all = await taken(inParts(sizes, memory), { ...given, augment: ['crop', 'flip'] });
        const indices = all.flatMap((batch) => [...batch.indices]);
        expect([...indices].sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, i) => i));
        if (!given.shuffle) expect(indices).toEqual([...indices].sort((a, b) => a - b));
        const [whole] = batches(inMemory, { seed: given.seed, batchSize: COUNT, augment: ['crop', 'flip'] });
        for (const batch of all)
          batch.indices.forEach((record, i) => {
            expect(batch.labels[i]).toBe(labels[record]);
            expect(batch.images.subarray(i * SIZE, (i + 1) * SIZE)).toEqual(
              whole!.images.subarray(record * SIZE, (record + 1) * SIZE),
            );
          });
      }),
      { numRuns: 25 },
    );
  });

  test('is that of memory, to the bit, where each part is one record, whatever the memory', async () => {
    const given = { batchSize: 6, shuffle: true, seed: 4, epoch: 2, augment: ['crop' as const] };
    const wanted = [...batches(inMemory, given)];
    for (const memory of [6 * SIZE, 20 * SIZE, 2 ** 28])
      expect(await taken(inParts(new Array<number>(COUNT).fill(1), memory), given)).toEqual(wanted);
  });

  test('is the same for any workers and prefetch, and from any batch on; with dropLast without the rest', async () => {
    const stream = inParts([10, 7, 20, 5, 15], 90 * SIZE);
    const given = { batchSize: 8, shuffle: true, seed: 9 };
    const wanted = await taken(stream, given);
    expect(wanted.flatMap(({ indices }) => [...indices])).not.toEqual(
      Array.from({ length: COUNT }, (_, i) => i),
    );
    expect(await taken(stream, { ...given, workers: 2, prefetch: 5 })).toEqual(wanted);
    for (const start of [1, 4, 7])
      expect(await taken(stream, { ...given, start })).toEqual(wanted.slice(start));
    const full = await taken(stream, { ...given, dropLast: true });
    expect(full.map((batch) => batch.images)).toEqual(wanted.slice(0, 7).map((batch) => batch.images));
    expect(await taken(stream, { ...given, seed: 10 })).not.toEqual(wanted);
    expect(await taken(stream, { ...given, epoch: 1 })).not.toEqual(wanted);
  });

  test('that begins in its middle reads no part of what lies before', async () => {
    const read: number[] = [];
    const sizes = new Array<number>(6).fill(10).with(5, 7);
    const stream = inParts(sizes, 60 * SIZE, (part) => read.push(part)); // windows of two parts
    const { windows } = streamOrder(stream, { seed: 1, epoch: 0, shuffle: true });
    await taken(stream, { batchSize: 10, shuffle: true, seed: 1, start: 4 });
    expect(read).toEqual(windows!.slice(2).flatMap(({ parts }) => parts));
  });
});

describe('memory', () => {
  /** 50 MB of records, made when they are read. */
  const large = (parts: number | readonly number[]) => {
    const sizes = typeof parts === 'number' ? 5000 : parts;
    return streamedDataset({
      classes: ['a'],
      shape: [100, 100, 1],
      parts: sizes,
      memory: 5e6,
      async read(wanted) {
        const count = wanted.reduce((sum, part) => sum + (typeof sizes === 'number' ? 1 : sizes[part]!), 0);
        return { labels: new Uint8Array(count), values: new Uint8Array(count * 10_000) };
      },
    });
  };

  test.each([
    ['records', 5000],
    ['parts of 40', new Array<number>(125).fill(40)],
    ['parts of 160', [...new Array<number>(31).fill(160), 40]],
  ] as const)('50 MB of %s are gone through with 5 MB', async (_, parts) => {
    const stream = large(parts);
    expect(stream.length * bytesOfRecord(stream)).toBe(50e6);
    const options = batchOptions.read('test', { batchSize: 50, shuffle: true, prefetch: 30 });
    const reader = new StreamReader(stream, streamOrder(stream, options));
    let records = 0;
    // what is read counts, not what is made of it
    const idle = { make: async () => new Float32Array(0) } as unknown as BatchWorkers;
    for await (const { labels } of batchesAhead(stream, options, 100, () => idle, reader)) {
      records += labels.length;
      expect(reader.held).toBeLessThanOrEqual(5e6);
    }
    expect(records).toBe(5000);
    expect(reader.most).toBeLessThanOrEqual(5e6);
    expect(reader.most).toBeGreaterThan(1.5e6); // what was allowed was used
    expect(reader.held).toBe(0);
  });

  test('that not even a part or a batch fits into is refused with what would do', () => {
    expect(() => inParts([40, 17], 100 * SIZE)).toThrow(
      /told: its largest part takes 0\.000800 MB, and three of that size must fit into memory 0\.00200 MB: at least 2400 bytes/,
    );
    expect(() => batches(large(1), { batchSize: 600 })).toThrow(
      /batches: a batch of 600 takes 6\.00 MB, and stream leaves 5\.00 MB of its memory 5\.00 MB to batches/,
    );
  });
});

test('some of the records are read as parts that hold them', async () => {
  const read = new Set<number>();
  const stream = inParts([10, 7, 20, 5, 15], 90 * SIZE, (part) => read.add(part));
  const first = await taken(take(stream, 12), { batchSize: 12 });
  expect(first[0]!.images).toEqual([...batches(take(inMemory, 12), { batchSize: 12 })][0]!.images);
  expect([...read]).toEqual([0, 1]);
  const [one, other] = split(stream, 0.3, 5);
  const [wantedOne, wantedOther] = split(inMemory, 0.3, 5);
  for (const [part, wanted] of [
    [one, wantedOne],
    [other, wantedOther],
  ] as const) {
    const [batch] = await taken(part, { batchSize: 16 });
    const [same] = batches(wanted, { batchSize: 16 });
    expect([batch!.images, batch!.labels]).toEqual([same!.images, same!.labels]);
  }
});

test.each([
  [{ labels: [0] }, /read gave 1 labels for 57 records/],
  [
    { labels: new Uint8Array(57).fill(4), values: pixels },
    /told, part 0: label 4 of record 0 of part 0 has no class; there are 4/,
  ],
  [{ labels, values: Float32Array.from(pixels) }, /must give values, a Uint8Array/],
  [{ labels, values: pixels.subarray(1) }, /57 records of shape \[4,5,1\] need 1140 numbers, read gave 1139/],
  [new Error('the disk is gone'), /told, part 0: Error: the disk is gone/],
])('what is read is held to what was promised: %#', async (given, problem) => {
  const read = async () => {
    if (given instanceof Error) throw given;
    return given;
  };
  const stream = streamedDataset({ ...known, shape: [height, width, 1], parts: [57], read });
  await expect(taken(stream, {})).rejects.toThrow(problem);
});
