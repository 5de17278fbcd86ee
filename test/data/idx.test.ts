import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIdxImages, readIdxLabels, readMnist } from '../../src/data/idx';
import { SpikegradError } from '../../src/errors';
import {
  bigEndian,
  Counted,
  chunkSizes,
  cut,
  damaged,
  damages,
  idxImages,
  idxLabels,
  joined,
  randomBytes,
  resultOrRefusal,
} from './sources';

const body = randomBytes(6 * 15, 3);
const images = idxImages(6, 3, 5, body);
const digits = Uint8Array.of(5, 0, 4, 1, 9, 2);
const labels = idxLabels(6, digits);
const gz = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

describe('idx files', () => {
  test('pixels and labels are the bytes after the header', async () => {
    const read = await readIdxImages([images]);
    expect(read).toEqual({ count: 6, height: 3, width: 5, pixels: body });
    expect(await readIdxLabels([labels])).toEqual({ count: 6, labels: digits });
  });

  test('neither gzip nor how the input is cut into chunks changes anything', async () => {
    const expected = await readMnist([images], [labels]);
    const [zippedImages, zippedLabels] = [gz(images), gz(labels)];
    await fc.assert(
      fc.asyncProperty(chunkSizes, fc.boolean(), fc.boolean(), async (sizes, first, second) => {
        const read = await readMnist(
          new Counted(cut(first ? zippedImages : images, sizes)),
          cut(second ? zippedLabels : labels, sizes),
        );
        expect(read).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('MNIST is a dataset of one channel and ten classes', async () => {
    const dataset = await readMnist([images], [labels]);
    expect(dataset).toMatchObject({ name: 'mnist', length: 6, height: 3, width: 5, channels: 1 });
    expect(dataset.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(dataset.mean).toHaveLength(1);
  });

  test('a limit gives the first records, reads no further and closes both sources', async () => {
    const sources = [new Counted(cut(images, [16, 15])), new Counted(cut(labels, [8, 1]))] as const;
    const few = await readMnist(...sources, { limit: 2 });
    expect(few.length).toBe(2);
    expect([...few.labels]).toEqual([5, 0]);
    expect([...few.pixels]).toEqual([...body.subarray(0, 30)]);
    for (const source of sources) expect(source.returns).toBe(1);
    expect(sources[0].nexts).toBeLessThanOrEqual(5);
    expect((await readMnist([images], [labels], { limit: 50 })).length).toBe(6);
  });

  test('a limit within gzipped data closes its source too', async () => {
    const large = idxImages(3000, 20, 20, randomBytes(3000 * 400, 8));
    const source = new Counted(cut(gz(large), [1024]));
    const few = await readIdxImages(source, { limit: 3 });
    expect([...few.pixels]).toEqual([...large.subarray(16, 16 + 1200)]);
    expect(source.returns).toBe(1);
    expect(source.nexts).toBeLessThan(source.chunks.length);
  });

  test('a source that fails is passed on as it fails, gzipped or not', async () => {
    const failure = new Error('line lost');
    for (const bytes of [images, gz(images)]) {
      const source = new Counted([bytes.subarray(0, 30)], failure);
      await expect(readIdxImages(source)).rejects.toBe(failure);
    }
  });

  test('where one file of MNIST is bad, the other source is finished nevertheless', async () => {
    const good = new Counted(cut(images, [40]));
    await expect(readMnist(good, [images])).rejects.toThrow('readIdxLabels: expects magic');
    expect(good.nexts).toBeGreaterThan(good.chunks.length);
  });
});

describe('damaged idx files', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'the input ends at byte 0, inside the header of 16 bytes'],
    ['half a header', images.subarray(0, 11), 'the input ends at byte 11, inside the header of 16 bytes'],
    [
      'labels instead of images',
      labels,
      'expects magic 0x00000803 at byte offset 0, got 0x00000801: this is a file of labels',
    ],
    ['another format', randomBytes(99, 4), 'this is no idx file'],
    [
      'a file cut short',
      images.subarray(0, 16 + 15 * 4 + 2),
      'the input ends at byte 78, inside image 4 of 6: 28 bytes are missing',
    ],
    [
      'bytes behind the images',
      joined([images, Uint8Array.of(0)]),
      'bytes follow after 6 images of 3x5, from byte offset 106 on',
    ],
    ['images without rows', idxImages(6, 0, 5, body), 'images have 0 rows and 5 columns in the header'],
    [
      'a header of four billion images',
      idxImages(2 ** 32 - 1, 28, 28, body),
      'the header claims 4294967295 images of 28x28 (byte offset 4)',
    ],
    [
      'one image of 2^64 pixels',
      idxImages(1, 2 ** 32 - 1, 2 ** 32 - 1, body),
      'claims 1 images of 4294967295x',
    ],
    [
      'a claim that could just be',
      idxImages(2 ** 31, 1, 1, body),
      'the input ends at byte 106, inside image 90 of 2147483648: 2147483558 bytes are missing',
    ],
  ])('%s is refused', async (_, bytes, message) => {
    for (const chunks of [[bytes], cut(bytes, [1]), [gz(bytes)]]) {
      const reading = readIdxImages(chunks);
      await expect(reading).rejects.toThrow(SpikegradError);
      await expect(reading).rejects.toThrow(message);
    }
  });

  test('labels are refused with offsets too', async () => {
    await expect(readIdxLabels([images])).rejects.toThrow('this is a file of images');
    await expect(readIdxLabels([labels.subarray(0, 7)])).rejects.toThrow('ends at byte 7, inside the header');
    await expect(readIdxLabels([labels.subarray(0, 12)])).rejects.toThrow(
      'the input ends at byte 12, after 4 of 6 labels: 2 bytes are missing',
    );
    await expect(readIdxLabels([joined([labels, digits])])).rejects.toThrow(
      'bytes follow after 6 labels, from byte offset 14 on',
    );
    await expect(readIdxLabels([labels], { classes: 9 })).rejects.toThrow(
      'label 9 of record 4, at byte offset 12, is not below 9',
    );
    await expect(readIdxLabels([bigEndian(0x801, 2 ** 32 - 1)])).rejects.toThrow(
      'the header claims 4294967295 labels (byte offset 4), more than 2147483648',
    );
    await expect(readIdxLabels([bigEndian(0x801, 2 ** 31)])).rejects.toThrow('2147483648 bytes are missing');
  });

  test('images and labels of different counts are refused, also where a limit is below both', async () => {
    const five = idxLabels(5, digits.subarray(0, 5));
    for (const limit of [undefined, 3])
      await expect(readMnist([images], [five], { limit })).rejects.toThrow(
        'readMnist: the headers (byte offset 4) promise 6 images but 5 labels',
      );
  });

  test('files of no image are refused as a dataset', async () => {
    const none = new Uint8Array(0);
    await expect(readMnist([idxImages(0, 3, 5, none)], [idxLabels(0, none)])).rejects.toThrow(
      'there is no record',
    );
  });

  test('gzip data that is cut, changed or followed by rubbish is refused wherever that happens', async () => {
    const whole = gz(images);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: whole.length - 1 }), chunkSizes, async (length, sizes) => {
        await expect(readIdxImages(cut(whole.subarray(0, length), sizes))).rejects.toThrow(
          /^readIdxImages: gzip data is damaged or ends early, near byte \d+ of the compressed/,
        );
      }),
      { numRuns: 30 },
    );
    const checksum = whole.slice();
    checksum[whole.length - 8]! ^= 1;
    await expect(readIdxImages([checksum])).rejects.toThrow('gzip data is damaged');
    await expect(readIdxImages([joined([whole, Uint8Array.of(1, 2, 3)])])).rejects.toThrow(
      'gzip data is damaged',
    );
  });

  test('whatever the bytes are, the answer is as many whole records as promised or a SpikegradError', async () => {
    const file = fc.tuple(fc.boolean(), damages, damages).map(([zip, inner, outer]) => {
      const change = (bytes: Uint8Array) =>
        zip ? damaged(gz(damaged(bytes, inner)), outer) : damaged(bytes, inner);
      return [change(images), change(labels)] as const;
    });
    const rubbish = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 60 }));
    const limits = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.oneof(file, file, rubbish), chunkSizes, limits, async ([a, b], sizes, limit) => {
        const dataset = await resultOrRefusal(
          readMnist(new Counted(cut(a, sizes)), new Counted(cut(b, sizes)), { limit }),
        );
        if (dataset instanceof SpikegradError) return;
        expect(dataset.length).toBeLessThanOrEqual(limit ?? Number.POSITIVE_INFINITY);
        expect(dataset.pixels.length).toBe(dataset.length * dataset.height * dataset.width);
      }),
      { numRuns: 300 },
    );
  });
});
