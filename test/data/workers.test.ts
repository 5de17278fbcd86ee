// Batches made by workers are those of the calling thread, to the bit; and workers end with the loop, whatever ends it.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AugmentationName } from '../../src/data/augment';
import { type Batch, type BatchOptions, batches } from '../../src/data/batches';
import { BatchWorkers } from '../../src/data/batches/threads/pool';
import { makeDataset } from '../../src/data/dataset';
import { datasetOf } from '../../src/data/own';
import { streamedDataset, type TrainingData } from '../../src/data/stream/dataset';
import { tellNotices } from '../../src/notices';
import { randomBytes } from './sources';

const images = makeDataset({
  name: 'tiny',
  classes: ['a', 'b', 'c'],
  ...{ height: 9, width: 11, channels: 3 },
  pixels: randomBytes(29 * 9 * 11 * 3, 5),
  labels: Uint8Array.from({ length: 29 }, (_, i) => i % 3),
  mean: [0.4, 0.6, 0.5],
  deviation: [0.2, 0.3, 0.1],
});
const frames = datasetOf(
  Float32Array.from({ length: 3 * 7 * 4 * 4 * 2 }, (_, i) => (i * 37) % 11),
  [0, 1, 0, 1, 0, 1, 1],
  { shape: [3, 4, 4, 2], sequences: true },
);

async function taken(dataset: TrainingData, options: BatchOptions): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches(dataset, options)) all.push(batch);
  return all;
}

/** Threads that were started, and those that have ended. */
let started: Promise<number>[] = [];
let ended = 0;
const watch = (worker: Worker) => {
  started.push(
    new Promise((done) => {
      worker.once('exit', (code) => {
        ended++;
        done(code);
      });
    }),
  );
};
beforeAll(() => void process.on('worker', watch));
afterAll(() => void process.off('worker', watch));
afterEach(async () => {
  await Promise.all(started); // a thread that is left behind keeps this from ending
  expect(ended).toBe(started.length);
  [started, ended] = [[], 0];
});

describe('the same batches', () => {
  const all: AugmentationName[] = ['crop', 'flip', 'autoaugment', 'cutout'];

  test('of images, for any number of workers, any prefetch, and from any batch on', async () => {
    const options = fc.record({
      workers: fc.integer({ min: 0, max: 3 }),
      prefetch: fc.integer({ min: 0, max: 9 }),
      batchSize: fc.integer({ min: 1, max: 12 }),
      start: fc.integer({ min: 0, max: 2 }),
      dropLast: fc.boolean(),
      augment: fc.subarray(all),
    });
    const given = { shuffle: true, seed: 3, epoch: 1, cutoutSize: 3 };
    await fc.assert(
      fc.asyncProperty(options, async ({ workers, prefetch, ...drawn }) => {
        const wanted = [...batches(images, { ...given, ...drawn })];
        expect(await taken(images, { ...given, ...drawn, workers, prefetch })).toEqual(wanted);
      }),
      {
        numRuns: 6,
        examples: [
          [{ workers: 1, prefetch: 2, batchSize: 4, start: 0, dropLast: false, augment: all }],
          [
            {
              workers: 1,
              prefetch: 1,
              batchSize: 9,
              start: 1,
              dropLast: true,
              augment: ['shift', 'alternate-flip'],
            },
          ],
        ],
      },
    );
  });

  test('of sequences of frames', async () => {
    const given: BatchOptions = { batchSize: 3, shuffle: true, augment: ['crop', 'flip'] };
    expect(await taken(frames, { ...given, workers: 1 })).toEqual([...batches(frames, given)]);
    expect((await taken(frames, given))[2]!.shape).toEqual([3, 1, 4, 4, 2]);
  });
});

describe('a loop that ends early', () => {
  test('by break ends its workers', async () => {
    for await (const batch of batches(images, { batchSize: 2, workers: 2, prefetch: 4 })) {
      expect(batch.index).toBe(0);
      break;
    }
    expect(started).toHaveLength(2);
  });

  test('by an error in its body ends them too', async () => {
    const loop = async () => {
      for await (const _ of batches(images, { batchSize: 2, workers: 1 })) throw new Error('enough');
    };
    await expect(loop()).rejects.toThrow('enough');
  });

  test('and one that never begins starts none', () => {
    batches(images, { workers: 2 });
    expect(started).toHaveLength(0);
  });
});

test('a plain loop over workers, or over what is read, is told to wait', () => {
  expect(() => [...batches(images, { workers: 1 })]).toThrow(
    'batches: workers make batches ahead, which takes a loop that waits: for await (const batch of batches(…))',
  );
});

test("PyTorch's words are told what they are called here", () => {
  const wrong = (options: object) => () => batches(images, options as BatchOptions);
  expect(wrong({ num_workers: 2 })).toThrow(/no option 'num_workers'; it is called workers here/);
  expect(wrong({ prefetch_factor: 2 })).toThrow(/it is called prefetch here/);
  expect(wrong({ drop_last: true })).toThrow(/did you mean dropLast\?/);
});

describe('what goes wrong', () => {
  const picture = new Uint8Array(
    readFileSync(join(resolve('test/data/fixtures/pictures'), 'train/cat/1.png')),
  );

  test.each([0, 1])('a picture that is none is named, with %i workers', async (workers) => {
    const stream = streamedDataset({
      classes: ['a'],
      shape: [8, 8, 3],
      parts: 4,
      read: async (parts) => ({
        labels: parts.map(() => 0),
        pictures: parts.map((part) => ({
          bytes: part === 2 ? picture.slice(0, 40) : picture,
          name: `${part}.png`,
        })),
      }),
    });
    await expect(taken(stream, { batchSize: 1, workers })).rejects.toThrow(
      /batches: 2\.png, a PNG picture, cannot be read/,
    );
  });

  test('where no thread can be started batches are made all the same, which is told once', async () => {
    const told: string[] = [];
    tellNotices((text) => told.push(text));
    try {
      for (let i = 0; i < 2; i++)
        expect(await BatchWorkers.start(2, "throw new Error('not here')")).toBeUndefined();
    } finally {
      tellNotices(undefined);
    }
    expect(told.join()).toMatch(/on the calling thread, with the same numbers.*not here/);
  });

  test('a worker that dies at work fails the batch that it had, by name', async () => {
    const dying = `const { parentPort } = require('node:worker_threads');
      parentPort.on('message', () => process.exit(3)); parentPort.postMessage({ id: 'ready' });`;
    const workers = (await BatchWorkers.start(1, dying))!;
    const form = {
      unit: 1,
      frames: 1,
      height: 1,
      width: 1,
      channels: 1,
      mean: [0],
      deviation: [1],
      areImages: false,
    };
    const making = { seed: 0, epoch: 0, augment: [], cutoutSize: 16 };
    const job = { form, raw: new Float32Array(1), indices: Uint32Array.of(0), making };
    await expect(workers.make(job)).rejects.toThrow(
      /a worker that makes batches is gone \(it ended with exit code 3\); workers: 0 makes them/,
    );
    await expect(workers.make({ ...job, raw: new Float32Array(1) })).rejects.toThrow(/is gone/);
    workers.close();
  });
});
