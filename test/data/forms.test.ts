// What other libraries wrote (fixtures/make.py) is read as they read it: images in their forms, data sets of events
// with labels and splits.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCifar10, readCifar100 } from '../../src/data/cifar';
import { findEvents } from '../../src/data/event-sets/node/layouts';
import { loadEventDataset } from '../../src/data/event-sets/node/load';
import { readEvents } from '../../src/data/events/read';
import { readImageArrays, readParquetImages } from '../../src/data/images';
import { loadDataset } from '../../src/data/node/files';
import { init } from '../../src/init';
import { buildNetwork, runSettings } from '../../src/train';
import { Trainer } from '../../src/train/trainer';

const folder = resolve('test/data/fixtures');
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

describe('images', () => {
  test.each(['python2', 'protocol-2', 'protocol-4', 'protocol-5'])(
    'CIFAR-10 in a pickle of %s is what Python reads',
    async (how) => {
      const { labels, pixels, length } = await readCifar10(bytes(`cifar10-${how}`));
      expect([...labels]).toEqual(expected.cifar10.labels);
      const first = Array.from({ length }, (_, i) => [...pixels.subarray(3072 * i, 3072 * i + 3)]);
      expect(first).toEqual(expected.cifar10.first);
      expect((await readCifar10(bytes(`cifar10-${how}`), { limit: 1 })).length).toBe(1);
    },
  );

  test('a pickle that is another, or names what no file of CIFAR does, is refused', async () => {
    await expect(readCifar100(bytes('cifar10-python2'))).rejects.toThrow(/expected data and fine_labels/);
    const evil = Buffer.from('\x80\x02cos\nsystem\nU\x02ls\x85R.', 'latin1');
    await expect(readCifar10(evil)).rejects.toThrow(/names os\.system, which no file of CIFAR does/);
  });

  test.each(['snappy', 'gzip', 'zstd', 'none'])('a table packed with %s', async (packing) => {
    const { name, labels, pixels, channels, classes } = await readParquetImages(
      bytes(`parquet/${packing}/train-00000-of-00001.parquet`),
    );
    expect([name, channels, classes.length]).toEqual(['mnist', 1, 10]);
    expect([...labels]).toEqual(expected.parquet.labels);
    expect([...pixels.subarray(0, 4)]).toEqual(expected.parquet.first);
  });

  test('arrays under the names of Keras, and without names, channels first, as floats and one-hot', async () => {
    const keras = await readImageArrays(bytes('keras.npz'));
    expect([keras.length, keras.height, keras.channels]).toEqual([5, 4, 1]);
    expect([...keras.labels]).toEqual(expected.npz.labels);
    expect((await readImageArrays(bytes('keras.npz'), { split: 'test' })).length).toBe(2);
    const plain = await readImageArrays(bytes('first-channels.npz'));
    expect([plain.length, plain.channels, plain.classes.length]).toEqual([4, 3, 3]);
    const shared = await readImageArrays(bytes('first-channels.npz'), { split: 'test' });
    expect(shared.length).toBe(1);
    const all = [...plain.pixels, ...shared.pixels];
    expect(expected.npz.first.every((value: number) => all.includes(value))).toBe(true);
  });

  test('folders of pictures, PNG and JPEG, shared out where there is no test folder', async () => {
    const train = await loadDataset('images', 'train', join(folder, 'pictures'));
    const test_ = await loadDataset('images', 'test', join(folder, 'pictures'));
    expect([train.length, test_.length, train.height, train.channels]).toEqual([5, 1, 6, 3]);
    expect(train.classes).toEqual(['cat', 'dog']);
    expect(await loadDataset('mnist', 'train', join(folder, 'parquet/snappy'))).toMatchObject({
      length: 2, // of three, shared out
    });
  });

  test('hidden entries among pictures are none of them', async () => {
    const seen = await loadDataset('images', 'train', join(folder, 'pictures'));
    const copy = mkdtempSync(join(tmpdir(), 'spikegrad-pictures-'));
    cpSync(join(folder, 'pictures'), copy, { recursive: true });
    const inside = join(copy, 'train');
    const [some] = readdirSync(join(inside, 'cat'));
    cpSync(join(inside, 'cat'), join(inside, '.thumbnails'), { recursive: true });
    cpSync(join(inside, 'cat', some!), join(inside, 'dog', `._${some}`));
    expect(await loadDataset('images', 'train', copy)).toMatchObject({
      classes: seen.classes,
      labels: seen.labels,
      pixels: seen.pixels,
    });
    rmSync(copy, { recursive: true });
  });
});

describe('data sets of events', () => {
  beforeAll(() => init({ backend: 'cpu', seed: 1 }));

  test('each is found where it lies, and told from the others', () => {
    const found = ['nmnist', 'gesture', 'cifar10dvs', 'cifar10dvs-aedat', 'shd'].map((name) =>
      findEvents(join(folder, name)).map((one) => one.name),
    );
    expect(found).toEqual([['nmnist'], ['dvs-gesture'], ['cifar10-dvs'], ['cifar10-dvs'], ['shd']]);
  });

  test('N-MNIST as tonic reads it', async () => {
    const { labels, values, shape, length } = await loadEventDataset(
      'nmnist',
      'test',
      join(folder, 'nmnist'),
      {
        timesteps: 1,
      },
    );
    expect(shape).toEqual([1, 34, 34, 2]);
    expect([...labels]).toEqual(expected.nmnist.map(({ label }: { label: number }) => label));
    const [first] = expected.nmnist;
    for (const [x, y, p] of first.events) expect(values[(y * 34 + x) * 2 + p]).toBeGreaterThan(0);
    expect(values.reduce((a, b) => a + b)).toBe(12 * length);
  });

  test('DVS Gesture as tonic unpacks it, brought to 32x32', async () => {
    const { labels, values, shape } = await loadEventDataset('dvs-gesture', 'test', join(folder, 'gesture'));
    expect(shape).toEqual([16, 32, 32, 2]);
    expect([...labels].sort()).toEqual([10, 3]);
    expect(values.reduce((a, b) => a + b)).toBe(16);
  });

  test('CIFAR10-DVS as SpikingJelly keeps it is the recording in SpikingJelly’s convention', async () => {
    const converted = await readEvents(bytes('cifar10dvs/events_np/cat/cifar10_cat_0.npz'));
    const rows = Array.from(converted.time, (t, i) => [
      converted.x[i],
      converted.y[i],
      converted.polarity[i],
      t,
    ]);
    expect(rows).toEqual(expected['cifar10-dvs']);
    const own = await readEvents(bytes('cifar10dvs-aedat/cat/cifar10_cat_0.aedat'), {
      convention: 'spikingjelly',
    });
    expect([[...own.x], [...own.y], [...own.polarity]]).toEqual([
      [...converted.x],
      [...converted.y],
      [...converted.polarity],
    ]);
  });

  test('SHD: half floats of seconds, as tonic reads them in microseconds; 1 s in 100 frames', async () => {
    const path = join(folder, 'shd');
    const { labels, shape, classes, values } = await loadEventDataset('shd', 'test', path);
    expect([...labels]).toEqual(expected.shd.map(({ label }: { label: number }) => label));
    expect([shape, classes[5]]).toEqual([[100, 1, 140, 1], 'fünf']);
    for (const [n, { events }] of expected.shd.entries())
      for (const [unit, time] of events) {
        if (time >= 1e6) continue;
        const at = (n * 100 + Math.floor(time / 1e4)) * 140 + Math.floor(unit / 5);
        expect(values[at]).toBeGreaterThan(0);
      }
  });

  test('one is trained on, a step each, with the network and the frames that are its own', async () => {
    for (const [name, at] of [
      ['nmnist', 'nmnist'],
      ['shd', 'shd'],
    ] as const) {
      const train = await loadEventDataset(name, 'train', join(folder, at), { timesteps: 2 });
      const settings = runSettings({ dataset: name, timesteps: 2, width: 4, epochs: 1 }, train);
      const trainer = new Trainer(buildNetwork(settings), train, { epochs: 1, batch: 4 });
      expect(await trainer.run()).toBe('done');
    }
  });
});
