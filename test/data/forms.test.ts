// What other libraries wrote (fixtures/make.py) is read as they read it: images in their forms, data sets of events
// with labels and splits.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCifar10, readCifar100 } from '../../src/data/cifar';
import { findEvents } from '../../src/data/event-sets/node/layouts';
import { loadEventDataset } from '../../src/data/event-sets/node/load';
import { eventRecordings, readEvents } from '../../src/data/events/read';
import { readImageArrays, readParquetImages } from '../../src/data/images';
import { loadDataset } from '../../src/data/node/files';
import { decodePicture } from '../../src/data/picture';
import { init } from '../../src/init';
import { tellNotices } from '../../src/notices';
import { buildNetwork, runSettings } from '../../src/train';
import { Trainer } from '../../src/train/trainer';
import { aedat3 } from './sources';

const folder = resolve('test/data/fixtures');
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

/** How far the colours of a picture, on white, are from rows of pixels. */
async function coloursOf(name: string, rows: number[][][]): Promise<number> {
  const { height, width, pixel } = await decodePicture('read', bytes(name), name);
  expect([height, width]).toEqual([rows.length, rows[0]!.length]);
  let largest = 0;
  for (let i = 0; i < height * width; i++) {
    const [r, g, b, opacity] = pixel(i);
    [r, g, b].forEach((value, c) => {
      const shown = 255 * (opacity * value + 1 - opacity);
      largest = Math.max(largest, Math.abs(shown - rows[Math.floor(i / width)]![i % width]![c]!));
    });
  }
  return largest;
}

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

  test.each(['snappy', 'gzip', 'zstd', 'none', 'groups'])('a table packed with %s', async (packing) => {
    const { name, labels, pixels, channels, classes } = await readParquetImages(
      bytes(`parquet/${packing}/train-00000-of-00001.parquet`),
    );
    expect([name, channels, classes.length]).toEqual(['mnist', 1, 10]);
    expect([...labels]).toEqual(expected.parquet.labels);
    expect([...pixels.subarray(0, 4)]).toEqual(expected.parquet.first);
  });

  test('each row of a table in groups is read once, and one packed otherwise is refused by name', async () => {
    const grouped = await readParquetImages(bytes('parquet/groups/train-00000-of-00001.parquet'));
    const plain = await readParquetImages(bytes('parquet/none/train-00000-of-00001.parquet'));
    expect(grouped.pixels).toEqual(plain.pixels);
    expect(
      (await readParquetImages(bytes('parquet/groups/train-00000-of-00001.parquet'), { limit: 2 })).labels,
    ).toEqual(plain.labels.subarray(0, 2));
    await expect(readParquetImages(bytes('parquet/brotli/train-00000-of-00001.parquet'))).rejects.toThrow(
      /packed with BROTLI; Snappy, gzip and Zstandard are read/,
    );
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

  test.each(Object.keys(expected.png))(
    'a PNG of the kind "%s" has the colours that Pillow gives',
    async (name) => {
      await expect(coloursOf(`png/${name}.png`, expected.png[name])).resolves.toBeLessThan(1e-9);
    },
  );

  test.each(Object.keys(expected.jpeg))(
    'a JPEG of the kind "%s" has the colours that Pillow gives, to a rounding or two',
    async (name) => {
      await expect(coloursOf(`jpeg/${name}.jpg`, expected.jpeg[name])).resolves.toBeLessThan(4);
    },
  );

  test('a PNG with a flipped bit is told, by the check sum of its chunk', async () => {
    const damaged = bytes('png/colours.png');
    damaged[damaged.length - 30]! ^= 1;
    await expect(decodePicture('read', damaged, 'it')).rejects.toThrow(/CRC mismatch for chunk IDAT/);
  });

  test('what systems leave in folders is no class and no picture', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'spikegrad-forms-'));
    cpSync(join(folder, 'pictures'), copy, { recursive: true });
    const left = ['.ipynb_checkpoints', '__MACOSX', 'cat'].map((name) => join(copy, 'train', name));
    for (const path of left) {
      mkdirSync(path, { recursive: true });
      cpSync(join(copy, 'train/dog/0.png'), join(path, '._0.png'));
    }
    cpSync(join(copy, 'train/dog/0.png'), join(copy, 'train/.ipynb_checkpoints/0.png'));
    writeFileSync(join(copy, 'train/cat/.DS_Store'), 'Bud1');
    const told: string[] = [];
    tellNotices((text) => told.push(text));
    const train = await loadDataset('images', 'train', copy);
    tellNotices(undefined);
    rmSync(copy, { recursive: true });
    expect([train.length, train.classes, told]).toEqual([5, ['cat', 'dog'], []]);
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

  test('a class without readable pictures is told, and test images alone are no set to train on', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'spikegrad-classes-'));
    for (const split of ['train', 'test'])
      cpSync(join(folder, 'pictures/train'), join(copy, split), { recursive: true });
    mkdirSync(join(copy, 'train/bird'));
    writeFileSync(join(copy, 'train/bird/0.png'), 'RIFF....WEBP');
    const told: string[] = [];
    tellNotices((text) => told.push(text));
    const train = await loadDataset('images', 'train', copy);
    tellNotices(undefined);
    expect(train.classes).toEqual(['cat', 'dog']);
    expect(told).toEqual([
      `the folders bird in ${join(copy, 'train')} begin with no PNG or JPEG, and are taken for no classes`,
    ]);
    // one class is left for training: its test images were shared out and trained on
    rmSync(join(copy, 'train/dog'), { recursive: true });
    await expect(loadDataset('images', 'train', copy)).rejects.toThrow(
      /no pictures in folders of their classes/,
    );
    rmSync(copy, { recursive: true });
  });

  test('what the splits of an archive have in common is taken from both: classes, and how large 1 is', async () => {
    const test_ = await readImageArrays(bytes('uneven.npz'), { split: 'test' });
    expect([test_.classes.length, ...test_.pixels]).toEqual([3, 0, 1, 1, 1, 1, 1, 1, 1]);
  });

  test('truth values are black and white, and an image of several classes or of none is refused', async () => {
    const { pixels } = await readImageArrays(bytes('truth.npz'));
    expect(new Set(pixels)).toEqual(new Set([0, 255]));
    await expect(readImageArrays(bytes('several-classes.npz'))).rejects.toThrow(
      'record 1 in y of the archive has several classes or none, 2 of 2 numbers are its largest',
    );
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

  test('SSC in the same form, its own words and splits, and a label that is none of its 35 is told', async () => {
    const path = join(folder, 'ssc');
    const { labels, shape, classes, values } = await loadEventDataset('ssc', 'test', path);
    expect([...labels]).toEqual(expected.ssc.map(({ label }: { label: number }) => label));
    expect([shape, classes.length, classes[34]]).toEqual([[100, 1, 140, 1], 35, 'zero']);
    expect(values.reduce((a, b) => a + b)).toBe(3 + 4 + 5);
    expect(findEvents(path).map((one) => one.name)).toEqual(['ssc']);
  });

  test('groups of HDF5, packed: places, polarities and times as h5py has them, the tenth last', async () => {
    const found: unknown[] = [];
    for await (const { name, label, events } of eventRecordings(bytes('gesture.h5'))) {
      expect(String(label)).toBe(name);
      found.push(Array.from(events.time, (t, i) => [events.x[i], events.y[i], events.polarity[i], t]));
    }
    expect(found).toEqual(expected['gesture.h5']);
  });

  test('DVS Gesture as its authors give it: recordings, and lists of which gesture is when', async () => {
    const path = mkdtempSync(join(tmpdir(), 'spikegrad-gestures-'));
    const times = Array.from({ length: 30 }, (_, i) => 1000 + 100 * i);
    writeFileSync(join(path, 'user01_led.aedat'), aedat3(times.map((time, i) => [i, 2 * i, i % 2, time])));
    // 1 to 11 in the list; from the first microsecond up to the second
    writeFileSync(
      join(path, 'user01_led_labels.csv'),
      'class,startTime_usec,endTime_usec\r\n2,1000,1500\r\n11,2000,9000\r\n',
    );
    writeFileSync(join(path, 'trials_to_train.txt'), 'user01_led.aedat\n\n');
    writeFileSync(join(path, 'trials_to_test.txt'), 'user02_led.aedat\n');
    const { labels, values, classes, length } = await loadEventDataset('dvs-gesture', 'train', path);
    await expect(loadEventDataset('dvs-gesture', 'test', path)).rejects.toThrow(/user02_led_labels\.csv/);
    rmSync(path, { recursive: true });
    expect([...labels]).toEqual([1, 10]);
    expect([classes[1], classes[10]]).toEqual(['right hand wave', 'other gestures']);
    const sums = [0, 1].map((n) =>
      values
        .subarray((n * values.length) / length, ((n + 1) * values.length) / length)
        .reduce((a, b) => a + b),
    );
    expect(sums).toEqual([5, 20]);
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
