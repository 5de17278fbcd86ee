// What lies on disk, read in parts, is what loadDataset and loadEventDataset read whole.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Batch, type BatchOptions, batches } from '../../../src/data/batches';
import { loadEventDataset } from '../../../src/data/event-sets/node/load';
import { loadDataset } from '../../../src/data/node/files';
import type { TrainingData } from '../../../src/data/stream/dataset';
import { streamDataset } from '../../../src/data/stream/node';
import { sharedFolder } from '../../support/shared';
import { cifarBytes, idxImages, idxLabels, randomBytes } from '../sources';

const fixtures = resolve('test/data/fixtures');
const folder = mkdtempSync(join(tmpdir(), 'spikegrad-stream-'));
const write = (name: string, bytes: Uint8Array) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
};

beforeAll(() => {
  for (let n = 1; n <= 5; n++)
    write(`cifar10/data_batch_${n}.bin`, cifarBytes([[n], [n + 1], [0], [n + 3]], 10 * n));
  write('cifar10/test_batch.bin', cifarBytes([[3], [1]], 90));
  write(
    'cifar100/train.bin',
    cifarBytes(
      [
        [3, 42],
        [4, 99],
        [0, 0],
      ],
      70,
    ),
  );
  write('cifar100/test.bin', cifarBytes([[3, 42]], 80));
  for (const which of ['train', 't10k']) {
    write(`mnist/${which}-images-idx3-ubyte`, idxImages(7, 6, 5, randomBytes(7 * 30, 4)));
    write(`mnist/${which}-labels-idx1-ubyte`, idxLabels(7, Uint8Array.of(1, 2, 3, 4, 5, 6, 0)));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function taken(dataset: TrainingData, options: BatchOptions): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches(dataset, options)) all.push(batch);
  return all;
}

const shuffled: BatchOptions = { batchSize: 3, shuffle: true, seed: 2, augment: ['flip'] };

describe('the batches of loadDataset, to the bit', () => {
  test.each([
    ['cifar10', 'cifar10', 'train'],
    ['cifar10', 'cifar10', 'test'],
    ['cifar100', 'cifar100', 'train'],
    ['mnist', 'mnist', 'test'],
  ] as const)('of %s in %s, %s', async (name, where, split) => {
    const [whole, stream] = [
      await loadDataset(name, split, join(folder, where)),
      await streamDataset(name, split, join(folder, where), { memory: 1e5 }),
    ];
    expect(await taken(stream, shuffled)).toEqual([...batches(whole, shuffled)]);
    const limited = await streamDataset(name, split, join(folder, where), { limit: 2 });
    expect(await taken(limited, shuffled)).toEqual([
      ...batches(await loadDataset(name, split, join(folder, where), { limit: 2 }), shuffled),
    ]);
  });

  test.each([0, 1])('of folders of pictures, shared out, with %i workers', async (workers) => {
    for (const split of ['train', 'test'] as const) {
      const whole = await loadDataset('images', split, join(fixtures, 'pictures'));
      const stream = await streamDataset('images', split, join(fixtures, 'pictures'));
      expect(stream).toMatchObject({ shape: [6, 6, 3], classes: whole.classes, length: whole.length });
      expect(await taken(stream, { ...shuffled, workers })).toEqual([...batches(whole, shuffled)]);
    }
  });

  test('of recordings of events', async () => {
    const path = join(fixtures, 'nmnist');
    const whole = await loadEventDataset('nmnist', 'test', path);
    const stream = await streamDataset('nmnist', 'test', path);
    expect(await taken(stream, { shuffle: true })).toEqual([...batches(whole, { shuffle: true })]);
  });

  test('of many recordings in one HDF5 file, which is read where they lie', async () => {
    const path = join(fixtures, 'shd');
    const whole = await loadEventDataset('shd', 'test', path);
    const stream = await streamDataset('shd', 'test', path);
    expect(await taken(stream, { shuffle: true })).toEqual([...batches(whole, { shuffle: true })]);
  });

  test("of CIFAR's Python version, whose pixels are read where they lie in the pickle", async () => {
    const python = join(folder, 'python');
    const lay = (made: string) => {
      for (let n = 1; n <= 5; n++) cpSync(join(fixtures, made), join(python, `data_batch_${n}`));
    };
    for (const made of ['cifar10-protocol-5', 'cifar10-python2']) {
      lay(made);
      const whole = await loadDataset('cifar10', 'train', python);
      const stream = await streamDataset('cifar10', 'train', python, { memory: 1e5 });
      expect(await taken(stream, shuffled)).toEqual([...batches(whole, shuffled)]);
    }
    lay('cifar10-protocol-2');
    await expect(streamDataset('cifar10', 'train', python)).rejects.toThrow(/spells its pixels as text/);
  });

  test('of idx that is packed, which is unpacked into a temporary file', async () => {
    const packed = join(folder, 'packed');
    for (const name of ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'])
      write(`packed/${name}.gz`, gzipSync(readFileSync(join(folder, 'mnist', name))));
    const whole = await loadDataset('mnist', 'test', packed);
    expect(await taken(await streamDataset('mnist', 'test', packed), shuffled)).toEqual([
      ...batches(whole, shuffled),
    ]);
    const images = readFileSync(join(packed, 't10k-images-idx3-ubyte.gz'));
    write('packed/t10k-images-idx3-ubyte.gz', images.subarray(0, images.length - 9));
    await expect(streamDataset('mnist', 'test', packed)).rejects.toThrow(/t10k-images.*damaged or cut off/);
    write(
      'packed/t10k-images-idx3-ubyte.gz',
      gzipSync(new Uint8Array([...readFileSync(join(folder, 'mnist/t10k-images-idx3-ubyte')), 1])),
    );
    await expect(streamDataset('mnist', 'test', packed)).rejects.toThrow(
      /unpacks to more than the 226 bytes/,
    );
  });

  test.each(['keras.npz', 'first-channels.npz', 'uneven.npz', 'truth.npz'])('of %s, both splits', async (name) => {
    const path = join(folder, name.replace('.', '-'));
    cpSync(join(fixtures, name), join(path, name));
    for (const split of ['train', 'test'] as const) {
      const whole = await loadDataset('images', split, path);
      const stream = await streamDataset('images', split, path, { memory: 1e5 });
      expect(stream).toMatchObject({ name: whole.name, classes: whole.classes, length: whole.length });
      expect(await taken(stream, shuffled)).toEqual([...batches(whole, shuffled)]);
    }
  });
});

test('a table gives its groups of rows, of which each record comes once', async () => {
  const path = join(folder, 'table');
  for (const which of ['train', 'test'])
    cpSync(join(fixtures, 'parquet/groups/train-00000-of-00001.parquet'), join(path, `${which}.parquet`));
  const whole = await loadDataset('mnist', 'train', path);
  const stream = await streamDataset('mnist', 'train', path, { memory: 1e5 });
  expect(stream.sizes.length).toBeGreaterThan(1);
  expect(await taken(stream, { batchSize: 2 })).toEqual([...batches(whole, { batchSize: 2 })]);
  const order = (await taken(stream, { batchSize: 1, shuffle: true })).map(({ indices }) => indices[0]!);
  expect([...order].sort()).toEqual(Array.from({ length: whole.length }, (_, i) => i));
});

describe('what cannot be read so is told', () => {
  const opened = (name: 'cifar10' | 'mnist' | 'images', path: string) => streamDataset(name, 'train', path);

  test('a form that is read whole, and what is not there', async () => {
    for (const name of ['trials_to_train.txt', 'trials_to_test.txt'])
      write(`trials/${name}`, Buffer.from('user01_led.aedat\n'));
    for (const name of ['user01_led.aedat', 'user01_led_labels.csv'])
      write(`trials/${name}`, Buffer.from('class,startTime_usec,endTime_usec\n'));
    await expect(streamDataset('dvs-gesture', 'train', join(folder, 'trials'))).rejects.toThrow(
      /many recordings a file, each of which is read whole: loadEventDataset reads them/,
    );
    const archive = readFileSync(join(fixtures, 'keras.npz'));
    write('arrays/keras.npz', archive.subarray(0, archive.length - 300));
    await expect(opened('images', join(folder, 'arrays'))).rejects.toThrow(
      /keras\.npz is damaged or cut off/,
    );
    await expect(opened('mnist', join(folder, 'cifar10'))).rejects.toThrow(
      /train-images-idx3-ubyte.* not found/,
    );
  });

  test('a label that is none, by its record', async () => {
    write('stray/test_batch.bin', cifarBytes([[3], [1], [77]], 90));
    const stream = await streamDataset('cifar10', 'test', join(folder, 'stray'));
    await expect(taken(stream, {})).rejects.toThrow(
      /cifar10, parts 0 to 2: label 77 of record 2 has no class/,
    );
  });

  test('a file that was cut, before and while it is read, and a picture that is damaged', async () => {
    const copy = join(folder, 'cut');
    cpSync(join(folder, 'cifar10'), copy, { recursive: true });
    const stream = await opened('cifar10', copy);
    truncateSync(join(copy, 'data_batch_3.bin'), 3073 + 100);
    await expect(taken(stream, {})).rejects.toThrow(
      /data_batch_3\.bin ends inside record \d; it had 4 before/,
    );
    await expect(opened('cifar10', copy)).rejects.toThrow(
      /data_batch_3\.bin has 3173 bytes, which is no whole number of records/,
    );
    const photos = join(folder, 'photos');
    cpSync(join(fixtures, 'pictures'), photos, { recursive: true });
    const pictures = await opened('images', photos);
    const path = join(photos, 'train/dog/0.png');
    writeFileSync(path, readFileSync(path).subarray(0, 60));
    await expect(taken(pictures, { workers: 1 })).rejects.toThrow(
      /dog\/0\.png, a PNG picture, cannot be read/,
    );
    rmSync(path);
    await expect(taken(pictures, {})).rejects.toThrow(/dog\/0\.png/);
  });
});

const shared = sharedFolder('data/cifar10');
test.skipIf(shared.missing)(`CIFAR-10 in 1 MB${shared.note}`, async () => {
  const given = { batchSize: 64, shuffle: true, seed: 1 };
  const whole = await loadDataset('cifar10', 'test', shared.path);
  const stream = await streamDataset('cifar10', 'test', shared.path, { memory: 1e6 });
  const wanted = batches(whole, given);
  let images = 0;
  for await (const batch of batches(stream, given)) {
    expect(batch.images).toEqual(wanted.next().value!.images);
    images += batch.labels.length;
    if (images >= 1000) break;
  }
});
