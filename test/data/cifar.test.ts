import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCifar10, readCifar100 } from '../../src/data/cifar';
import { SpikegradError } from '../../src/errors';
import {
  Counted,
  chunkSizes,
  cifarBytes,
  cut,
  damaged,
  damages,
  joined,
  randomBytes,
  resultOrRefusal,
} from './sources';

const labels10 = [[6], [9], [0], [4]];
const labels100 = [
  [11, 19],
  [19, 99],
  [0, 0],
];
const file10 = cifarBytes(labels10);
const file100 = cifarBytes(labels100);

describe('readCifar10 and readCifar100', () => {
  test('the pixel at (y, x, c) is byte 1024c + 32y + x of the record, after its label bytes', async () => {
    for (const [read, file, head] of [
      [readCifar10, file10, 1],
      [readCifar100, file100, 2],
    ] as const) {
      const { pixels, length } = await read([file]);
      for (let n = 0; n < length; n++)
        for (const [y, x] of [
          [0, 0],
          [0, 31],
          [17, 5],
          [31, 31],
        ] as const)
          for (let c = 0; c < 3; c++)
            expect(pixels[((n * 32 + y) * 32 + x) * 3 + c]).toBe(
              file[n * (head + 3072) + head + 1024 * c + 32 * y + x],
            );
    }
  });

  test('labels are the one byte of CIFAR-10 and the fine byte of CIFAR-100', async () => {
    const ten = await readCifar10([file10]);
    expect([...ten.labels]).toEqual([6, 9, 0, 4]);
    expect(ten).toMatchObject({ name: 'cifar10', length: 4, height: 32, width: 32, channels: 3 });
    const hundred = await readCifar100([file100]);
    expect([...hundred.labels]).toEqual([19, 99, 0]);
    expect(hundred).toMatchObject({ name: 'cifar100', length: 3, height: 32, width: 32, channels: 3 });
    expect([hundred.classes[0], hundred.classes[19], hundred.classes[99]]).toEqual([
      'apple',
      'cattle',
      'worm',
    ]);
  });

  test('how the input is cut into chunks changes nothing', async () => {
    const [whole10, whole100] = [await readCifar10([file10]), await readCifar100([file100])];
    await fc.assert(
      fc.asyncProperty(chunkSizes, async (sizes) => {
        const [ten, hundred] = [cut(file10, sizes), new Counted(cut(file100, sizes))];
        for (const [again, whole] of [
          [await readCifar10(ten), whole10],
          [await readCifar100(hundred), whole100],
        ] as const) {
          expect([...again.labels]).toEqual([...whole.labels]);
          expect(Buffer.compare(again.pixels, whole.pixels)).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a limit gives the first records, reads no further and closes the source', async () => {
    const records = cut(file10, [3073]);
    const source = new Counted(records);
    const few = await readCifar10(source, { limit: 2 });
    expect([...few.labels]).toEqual([6, 9]);
    expect([source.nexts, source.returns]).toEqual([2, 1]);
    expect((await readCifar10([file10], { limit: 100 })).length).toBe(4);
  });

  test('what lies behind a limit may be damaged', async () => {
    const few = await readCifar10([joined([file10, Uint8Array.of(255, 1)])], { limit: 4 });
    expect(few.length).toBe(4);
  });

  test('no array of the result has room for more than the result', async () => {
    const { pixels, labels } = await readCifar10([file10]);
    expect([pixels.buffer.byteLength, labels.buffer.byteLength]).toEqual([4 * 3072, 4]);
  });

  test('a source that fails is passed on as it fails', async () => {
    const failure = new Error('line lost');
    await expect(readCifar10(new Counted([file10], failure))).rejects.toBe(failure);
  });
});

describe('damaged CIFAR files', () => {
  test('a file cut short is refused with the offset and the number of bytes over', async () => {
    await expect(readCifar10([file10.subarray(0, 2 * 3073 + 17)])).rejects.toThrow(
      'readCifar10: the input ends at byte 6163, which leaves 17 bytes over after 2 whole records of 3073 bytes (the last of them ends at byte 6146)',
    );
    await expect(readCifar100([file100.subarray(0, 3074 * 2 - 1)])).rejects.toThrow(
      'readCifar100: the input ends at byte 6147, which leaves 3073 bytes over after 1 whole records',
    );
  });

  test('a label out of range is refused with its record and offset', async () => {
    await expect(readCifar10([cifarBytes([[1], [9], [10]])])).rejects.toThrow(
      'label byte 10 of record 2, at byte offset 6146, is not below 10',
    );
    await expect(
      readCifar100([
        cifarBytes([
          [1, 2],
          [20, 5],
        ]),
      ]),
    ).rejects.toThrow('label byte 20 of record 1, at byte offset 3074, is not below 20');
    await expect(
      readCifar100([
        cifarBytes([
          [1, 2],
          [3, 100],
        ]),
      ]),
    ).rejects.toThrow('label byte 100 of record 1, at byte offset 3075, is not below 100');
  });

  test('a bad record closes the source at once', async () => {
    const source = new Counted(cut(cifarBytes([[1], [77], [1], [1]]), [3073]));
    await expect(readCifar10(source)).rejects.toThrow('label byte 77');
    expect([source.nexts, source.returns]).toEqual([2, 1]);
  });

  test('CIFAR-100 read as CIFAR-10 and an empty file are refused', async () => {
    await expect(readCifar10([file100])).rejects.toThrow(SpikegradError);
    await expect(readCifar10([])).rejects.toThrow('readCifar10: the input is empty');
  });

  test.each([0, -3, 2.5, Number.NaN])('a limit of %s is refused before anything is read', async (limit) => {
    const source = new Counted([file10]);
    await expect(readCifar10(source, { limit })).rejects.toThrow(`got ${limit}; leave it out`);
    expect(source.nexts).toBe(0);
  });

  test('whatever the bytes are, the answer is a dataset of whole records or a SpikegradError', async () => {
    const inputs = fc.oneof(
      damages.map((damage) => [damaged(file10, damage), damaged(file100, damage)] as const),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => [bytes, bytes] as const),
      fc.tuple(fc.nat(13_000), fc.nat()).map(([length, seed]) => {
        const bytes = randomBytes(length, seed);
        return [bytes, bytes] as const;
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        inputs,
        chunkSizes,
        fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        async ([ten, hundred], sizes, limit) => {
          for (const [read, bytes, size] of [
            [readCifar10, ten, 3073],
            [readCifar100, hundred, 3074],
          ] as const) {
            const result = await resultOrRefusal(read(new Counted(cut(bytes, sizes)), { limit }));
            if (result instanceof SpikegradError) continue;
            expect(result.length).toBe(Math.min(limit ?? Number.POSITIVE_INFINITY, bytes.length / size));
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
