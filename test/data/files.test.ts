import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadDataset } from '../../src/data/node/files';
import { SpikegradError } from '../../src/errors';
import { cifarBytes, idxImages, idxLabels, randomBytes } from './sources';

/** A folder with these files, removed after the test. */
async function folderOf(files: Record<string, Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spikegrad-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

const batch = (n: number) => cifarBytes([[n], [n + 1]], n);
const fiveBatches = (prefix = ''): Record<string, Uint8Array> =>
  Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`${prefix}data_batch_${n}.bin`, batch(n)]));
const images = idxImages(3, 4, 5, randomBytes(60, 1));
const labels = idxLabels(3, Uint8Array.of(7, 2, 1));

describe('loadDataset', () => {
  test('CIFAR-10 is its five files in order, beside the folder or in the folder of the archive', async () => {
    for (const prefix of ['', 'cifar-10-batches-bin/']) {
      const folder = await folderOf({ ...fiveBatches(prefix), [`${prefix}test_batch.bin`]: batch(8) });
      const train = await loadDataset('cifar10', 'train', folder);
      expect([...train.labels]).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5, 6]);
      expect([...(await loadDataset('cifar10', 'test', folder)).labels]).toEqual([8, 9]);
    }
  });

  test('CIFAR-100 and MNIST are found in the folders that their archives come in', async () => {
    const folder = await folderOf({
      'cifar-100-binary/train.bin': cifarBytes([[3, 42]]),
      'cifar-100-binary/test.bin': cifarBytes([[4, 43]]),
      'MNIST/raw/t10k-images-idx3-ubyte': images,
      'MNIST/raw/t10k-labels-idx1-ubyte': labels,
    });
    expect([...(await loadDataset('cifar100', 'train', folder)).labels]).toEqual([42]);
    expect([...(await loadDataset('cifar100', 'test', folder)).labels]).toEqual([43]);
    expect([...(await loadDataset('mnist', 'test', folder)).labels]).toEqual([7, 2, 1]);
  });

  test('MNIST may be gzipped, by its name or despite it', async () => {
    const folder = await folderOf({
      'train-images-idx3-ubyte.gz': gzipSync(images),
      'train-labels-idx1-ubyte': labels,
      't10k-images-idx3-ubyte.gz': images,
      't10k-labels-idx1-ubyte': gzipSync(labels),
    });
    const train = await loadDataset('mnist', 'train', folder);
    expect(train).toMatchObject({ length: 3, height: 4, width: 5, channels: 1 });
    expect(await loadDataset('mnist', 'test', folder)).toEqual(train);
  });

  test('MNIST may have a dot in its names, gzipped or not, and lie beside folders of those names', async () => {
    const folder = await folderOf({
      'mnist/train-images.idx3-ubyte.gz': gzipSync(images),
      'mnist/train-labels.idx1-ubyte': labels,
      'mnist/train-images-idx3-ubyte/readme': new Uint8Array(1),
      'mnist/t10k-images.idx3-ubyte': images,
      'mnist/t10k-labels.idx1-ubyte.gz': gzipSync(labels),
    });
    for (const split of ['train', 'test'] as const)
      for (const directory of [folder, join(folder, 'mnist')])
        expect([...(await loadDataset('mnist', split, directory)).labels]).toEqual([7, 2, 1]);
  });

  test('the folder may be the one around, the one inside, or have a name of its own', async () => {
    const folder = await folderOf({
      'all/my cifar/test_batch.bin': batch(3),
      'all/MNIST/raw/t10k-images-idx3-ubyte': images,
      'all/MNIST/raw/t10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte': labels,
    });
    for (const directory of ['all', 'all/my cifar'])
      expect([...(await loadDataset('cifar10', 'test', join(folder, directory))).labels]).toEqual([3, 4]);
    const raw = 'all/MNIST/raw';
    for (const directory of ['all', 'all/MNIST', raw, `${raw}/t10k-labels-idx1-ubyte`])
      expect([...(await loadDataset('mnist', 'test', join(folder, directory))).labels]).toEqual([7, 2, 1]);
  });

  test('a limit reaches over files and leaves those behind it unread', async () => {
    const { 'data_batch_5.bin': _, ...four } = fiveBatches();
    const folder = await folderOf({ ...four, 'data_batch_3.bin': Uint8Array.of(1, 2, 3) });
    for (const [limit, expected] of [
      [1, [1]],
      [2, [1, 2]],
      [3, [1, 2, 2]],
      [4, [1, 2, 2, 3]],
    ] as const)
      expect([...(await loadDataset('cifar10', 'train', folder, { limit })).labels]).toEqual(expected);
    await expect(loadDataset('cifar10', 'train', folder, { limit: 5 })).rejects.toThrow('data_batch_3.bin: ');
    const whole = await folderOf(four);
    await expect(loadDataset('cifar10', 'train', whole, { limit: 9 })).rejects.toThrow(
      'data_batch_5.bin not found',
    );
  });

  test('an error says which files are missing, where they were looked for and how to get them', async () => {
    const { 'data_batch_2.bin': _, 'data_batch_4.bin': __, ...three } = fiveBatches();
    const folder = await folderOf(three);
    const loading = loadDataset('cifar10', 'train', folder);
    await expect(loading).rejects.toThrow(SpikegradError);
    await expect(loading).rejects.toThrow(
      `loadDataset: data_batch_2.bin, data_batch_4.bin not found in ${folder}: ` +
        `${folder} holds data_batch_1.bin, data_batch_3.bin, data_batch_5.bin; ` +
        `\`spikegrad data download cifar10 --dir ${folder}\``,
    );
    await expect(loadDataset('mnist', 'train', join(folder, 'nowhere'))).rejects.toThrow(
      `train-images-idx3-ubyte, train-labels-idx1-ubyte not found in ${join(folder, 'nowhere')}: there is no folder`,
    );
  });

  test('what a reader complains about carries the name of the file', async () => {
    const folder = await folderOf({
      ...fiveBatches(),
      'data_batch_4.bin': batch(4).subarray(0, 5000),
      'test.bin': cifarBytes([[99, 0]]),
      'train-images-idx3-ubyte': images,
      'train-labels-idx1-ubyte': idxLabels(3, Uint8Array.of(1, 10, 2)),
      't10k-images-idx3-ubyte': gzipSync(images).subarray(0, 40),
      't10k-labels-idx1-ubyte': labels,
    });
    const problems = [
      [
        'cifar10',
        'train',
        'data_batch_4.bin: readCifar10: the input ends at byte 5000, which leaves 1927 bytes over',
      ],
      ['cifar100', 'test', 'test.bin: readCifar100: label byte 99 of record 0'],
      ['mnist', 'train', 'train-labels-idx1-ubyte: readIdxLabels: label 10 of record 1, at byte offset 9'],
      ['mnist', 'test', 't10k-images-idx3-ubyte: readIdxImages: gzip data is damaged or ends early'],
    ] as const;
    for (const [name, split, message] of problems) {
      const loading = loadDataset(name, split, folder);
      await expect(loading).rejects.toThrow(SpikegradError);
      await expect(loading).rejects.toThrow(`loadDataset: ${join(folder, message)}`);
    }
  });

  test('files that do not belong together are both named', async () => {
    const folder = await folderOf({
      'train-images-idx3-ubyte': images,
      'train-labels-idx1-ubyte': idxLabels(2, Uint8Array.of(1, 2)),
    });
    await expect(loadDataset('mnist', 'train', folder)).rejects.toThrow(
      /train-images-idx3-ubyte, .*train-labels-idx1-ubyte: readMnist: .* 3 images but 2 labels/,
    );
  });

  test('a folder in the place of a file is an error of the library that names it', async () => {
    const folder = await folderOf({ 'train.bin/inside': new Uint8Array(1) });
    const loading = loadDataset('cifar100', 'train', folder);
    await expect(loading).rejects.toThrow(SpikegradError);
    await expect(loading).rejects.toThrow(`loadDataset: ${join(folder, 'train.bin')}: EISDIR`);
  });

  test('other names, splits and limits are refused', async () => {
    await expect(loadDataset('toString' as 'mnist', 'train', '.')).rejects.toThrow(
      "there is no data set 'toString'; one of cifar10, cifar100, mnist",
    );
    await expect(loadDataset('mnist', 'folder' as 'train', '.')).rejects.toThrow(
      "split must be 'train' or 'test', got 'folder'",
    );
    await expect(loadDataset('cifar10', 'train', '.', { limit: 0 })).rejects.toThrow(
      'loadDataset: limit must be a whole number >= 1, got 0',
    );
  });
});
