import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkData, datasetOf, openDataset, openRecords, openSplits } from '../../src/cli/run/datasets';
import { isStreamed } from '../../src/data/stream/dataset';
import { cifarBytes } from '../data/sources';

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

describe('images that take more than --memory', () => {
  let root: string;
  let data: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'spikegrad-memory-'));
    data = join(root, 'cifar10');
    mkdirSync(data);
    for (let n = 1; n <= 5; n++) writeFileSync(join(data, `data_batch_${n}.bin`), cifarBytes([[n], [0]], n));
    writeFileSync(join(data, 'test_batch.bin'), cifarBytes([[3]]));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('are read in parts, which is told; both splits together count', async () => {
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      // 11 images of 3,072 bytes
      const { train, test: judged } = await openSplits(
        { dataset: 'cifar10', limit: null, memory: 0.0337 },
        data,
      );
      expect([isStreamed(train), isStreamed(judged), train.length]).toEqual([true, true, 10]);
      expect(told.mock.calls.join('').replaceAll(/\s+/g, ' ')).toMatch(
        /cifar10 in .* takes 0\.0338 MB, more than --memory 0\.0337: it is read in parts/,
      );
      const source = { dataset: 'cifar10', data, limit: null, memory: 0.0032 } as const;
      expect(isStreamed(await openRecords(source, 'test'))).toBe(false); // one image fits
      const whole = await openSplits({ dataset: 'cifar10', limit: null, memory: 0.034 }, data);
      expect([isStreamed(whole.train), isStreamed(whole.test)]).toEqual([false, false]);
    } finally {
      told.mockRestore();
    }
  });

  test('that can only be read whole are, where they fit, and are refused where they do not', async () => {
    const folder = join(root, 'python');
    mkdirSync(folder);
    for (const name of [
      'data_batch_1',
      'data_batch_2',
      'data_batch_3',
      'data_batch_4',
      'data_batch_5',
      'test_batch',
    ])
      cpSync('test/data/fixtures/cifar10-protocol-2', join(folder, name));
    const open = (memory: number) => openSplits({ dataset: 'cifar10', limit: null, memory }, folder);
    expect(isStreamed((await open(1)).train)).toBe(false);
    await expect(open(0.0001)).rejects.toThrow(
      /takes \S+ MB, more than --memory 0\.0001, and cannot be read in parts: .*spells its pixels as text/,
    );
  });

  test('cannot be drawn ones', async () => {
    await expect(openSplits({ dataset: 'shapes', memory: 1 }, undefined)).rejects.toThrow(
      /shapes are drawn, not read: leave --memory out/,
    );
  });
});
