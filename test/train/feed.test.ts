// Training on batches that workers make, or that are read in parts, ends with the very weights of training without;
// and how long steps waited for images is told.

import { beforeAll, describe, expect, test, vi } from 'vitest';
import { manualSeed } from '../../src/core/engine';
import { batchOptions } from '../../src/data/batches';
import { shapes } from '../../src/data/shapes';
import { streamedDataset } from '../../src/data/stream/dataset';
import { init } from '../../src/init';
import { buildNetwork, type GivenSettings, Trainer, type TrainerOptions } from '../../src/train';
import { decodeCheckpoint, encodeCheckpoint, restoreTrainer } from '../../src/train/checkpoint';
import { runSettings } from '../../src/train/settings/defaults';
import { BatchFeed, waitingInWords } from '../../src/train/trainer/feed';

const images = shapes({ count: 24, seed: 1 });
const SIZE = 32 * 32 * 3;
/** The same images, read one by one. */
const stream = streamedDataset({
  ...{ name: images.name, classes: images.classes, mean: images.mean, deviation: images.deviation },
  shape: [32, 32, 3],
  parts: 24,
  memory: 8 * SIZE,
  async read(parts) {
    const values = new Uint8Array(parts.length * SIZE);
    parts.forEach((part, i) => {
      values.set(images.pixels.subarray(part * SIZE, (part + 1) * SIZE), i * SIZE);
    });
    return { labels: parts.map((part) => images.labels[part]!), values };
  },
});

const options: TrainerOptions = {
  epochs: 2,
  batch: 8,
  lr: 0.05,
  augment: ['crop', 'autoaugment'],
  validation: 0.25,
};

const settings = runSettings(
  { arch: 'mlp', width: 4, timesteps: 1, ...options, validation: 0.25 } as GivenSettings,
  images,
);

function network() {
  manualSeed(3);
  return buildNetwork(settings);
}

async function weightsOf(trainer: Trainer): Promise<number[][]> {
  return Promise.all(trainer.network.parameters().map(async (one) => [...(await one.data())]));
}

beforeAll(() => init({ backend: 'cpu' }));

describe('the same weights', () => {
  let wanted: number[][];
  beforeAll(async () => {
    const trainer = new Trainer(network(), images, { ...options, workers: 0 });
    await trainer.run();
    wanted = await weightsOf(trainer);
  });

  test.each([
    ['with two workers', images, 2],
    ['on what is read, with none', stream, 0],
    ['on what is read, with one', stream, 1],
  ] as const)('%s', async (_, data, workers) => {
    const trainer = new Trainer(network(), data, { ...options, workers });
    await trainer.run();
    expect(await weightsOf(trainer)).toEqual(wanted);
    expect(trainer.waiting.workers).toBe(workers);
    expect(trainer.waiting.share).toBeGreaterThan(0);
    expect(trainer.waiting.share).toBeLessThan(1);
  });

  test('by a run that stops within an epoch and goes on with a worker', async () => {
    const first = new Trainer(network(), images, { ...options, workers: 0 });
    const stop = new AbortController();
    await first.run({
      signal: stop.signal,
      onStep: ({ step }) => {
        if (step === 4) stop.abort();
      },
    });
    const saved = decodeCheckpoint(await encodeCheckpoint(first, settings));
    const second = new Trainer(network(), stream, { ...options, workers: 1 });
    restoreTrainer(second, saved);
    expect([second.progress.epoch, second.progress.batch]).toEqual([1, 1]);
    await second.run();
    expect(await weightsOf(second)).toEqual(wanted);
  });
});

describe('a worker is employed', () => {
  /** Steps of 100 ms whose batches took as many milliseconds as are given. */
  async function steps(waits: number, left = 1000): Promise<BatchFeed> {
    let clock = 0;
    const given = batchOptions.read('test', { batchSize: 1 });
    const feed = new BatchFeed(images, given, null, () => clock);
    const batches = feed.epoch(0, 0, 24);
    for (;;) {
      const next = batches.next();
      clock += waits;
      if ((await next).done) break;
      clock += 100;
      feed.stepDone(left);
    }
    return feed;
  }

  test('where steps wait for more than 5 % of their time, and not where they do not', async () => {
    const [idle, busy, short] = [await steps(3), await steps(20), await steps(20, 40)];
    expect(short.waiting.workers).toBe(0); // 0.8 s are left to wait
    expect(idle.waiting).toMatchObject({ workers: 0, seconds: 0.069 });
    await vi.waitFor(() => expect(busy.waiting.workers).toBe(1), { timeout: 60_000 });
    idle.close();
    short.close();
    busy.close();
  });

  test('and the share is told in words', () => {
    const told = (share: number, workers: number) => waitingInWords({ share, workers, seconds: 1, of: 2 });
    expect(told(0.0032, 0)).toBe("0.3 % of the steps' time, made on the calling thread");
    expect(told(0.2, 1)).toBe("20.0 % of the steps' time, made on 1 worker");
  });
});
