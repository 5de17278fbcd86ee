import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkData, datasetOf, openDataset } from '../../src/cli/run/datasets';

describe('which data set is meant', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'spikegrad-datasets-'));
    for (const [folder, file] of [
      ['one', 'data_batch_1.bin'],
      ['two/cifar100', 'train.bin'],
      ['two/mnist', 't10k-images.idx3-ubyte'],
      ['python/cifar-10-batches-mat', 'data_batch_1.mat'],
    ] as const) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, file), 'x');
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('without --data the drawn one, with it the one that lies there', () => {
    expect(datasetOf({})).toBe('shapes');
    expect(datasetOf({ data: join(root, 'one') })).toBe('cifar10');
    expect(datasetOf({ dataset: 'mnist', data: join(root, 'one') })).toBe('mnist');
  });

  test('several are listed and refused', () => {
    expect(() => datasetOf({ data: join(root, 'two') })).toThrow(
      `holds several data sets: cifar100 in ${join(root, 'two/cifar100')}, mnist in ${join(root, 'two/mnist')}; say which with --dataset`,
    );
  });

  test('where none is known, what is there is told', () => {
    expect(() => datasetOf({ data: join(root, 'python') })).toThrow(
      /holds no data set that is known: \S+cifar-10-batches-mat is the MATLAB version of CIFAR-10/,
    );
    expect(() => datasetOf({ data: root })).toThrow(/holds several data sets: cifar10 in .*one, cifar100 in/);
  });

  test('--data has no meaning for drawn images, alone or with others', () => {
    expect(() => datasetOf({ dataset: 'shapes', data: root })).toThrow(
      /shapes are drawn, not read: leave --data/,
    );
    expect(() => checkData(['shapes', 'mnist'], root)).not.toThrow();
  });

  test('a data set that is wanted and not there says what is', async () => {
    const source = { dataset: 'mnist', data: join(root, 'one'), limit: null } as const;
    await expect(openDataset(source, 'train')).rejects.toThrow(
      /train-labels-idx1-ubyte not found in \S+one: \S+one holds CIFAR-10 \(cifar10\); `spikegrad data download mnist/,
    );
  });
});
