// A share of the images to choose the best epoch by: after the last one the network has that epoch's weights, and a
// run that was interrupted ends with the same.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import { type Dataset, datasetOf, split } from '../../src/data';
import { init } from '../../src/init';
import {
  buildNetwork,
  decodeCheckpoint,
  encodeCheckpoint,
  evaluate,
  type RunSettings,
  restoreModel,
  restoreTrainer,
  Trainer,
  trainingSettings,
} from '../../src/train';
import { isBetter } from '../../src/train/best';
import { performRun } from '../../src/train/node/run';
import { readCheckpoint } from '../../src/train/node/run/files';
import { RunFolder } from '../../src/train/node/run/folder';
import type { Pace } from '../../src/train/pace';
import { SETTINGS } from '../support/records';

const settings: RunSettings = {
  ...SETTINGS,
  limit: null,
  width: 2,
  classes: 3,
  height: 4,
  imageWidth: 4,
  epochs: 4,
  lr: 0.3,
  augment: [],
  seed: 2,
  validation: 0.25,
};
/** Noise, which is learnt by heart: the best epoch is not the last. */
const noise = (seed: number, count: number) => {
  const random = new Random(seed);
  const bytes = Uint8Array.from({ length: count * 4 * 4 * 3 }, () => random.integer(256));
  const labels = Array.from({ length: count }, () => random.integer(3));
  return datasetOf(bytes, labels, { shape: [4, 4, 3], classes: 3 }) as Dataset;
};
const images = noise(1, 32);
const held = noise(2, 8);

async function newTrainer(): Promise<Trainer> {
  await init({ backend: 'cpu', seed: settings.seed });
  return new Trainer(buildNetwork(settings), images, { ...trainingSettings(settings), test: held });
}

const weights = ({ network }: Trainer) =>
  [...network.state().values()].flatMap(({ tensor }) => Array.from(tensor.dataSync()));

beforeEach(() => init({ backend: 'cpu' }));

test('the better of two epochs is the more accurate one, then the one with less loss, then the first', () => {
  const judged = (accuracy: number, loss: number) => ({ accuracy, loss, images: 4, confusion: [] });
  expect(isBetter(judged(0, 9), undefined)).toBe(true);
  expect(isBetter(judged(0.5, 9), { epoch: 0, accuracy: 0.4, loss: 1 })).toBe(true);
  expect(isBetter(judged(0.5, 1), { epoch: 0, accuracy: 0.6, loss: 9 })).toBe(false);
  expect(isBetter(judged(0.5, 1), { epoch: 0, accuracy: 0.5, loss: 2 })).toBe(true);
  expect(isBetter(judged(0.5, 2), { epoch: 0, accuracy: 0.5, loss: 2 })).toBe(false);
  expect(isBetter(judged(0.5, Number.NaN), undefined)).toBe(false);
});

describe('with validation', () => {
  test('the network ends with the weights of the best epoch', async () => {
    const trainer = await newTrainer();
    expect([trainer.train.length, trainer.validation!.length]).toEqual([24, 8]);
    expect((trainer.validation as Dataset).labels).toEqual(split(images, 0.25, settings.seed)[1].labels);
    const after: number[][] = [];
    await trainer.run({ onEpoch: () => void after.push(weights(trainer)) });
    const { history, best } = trainer.progress;
    const accuracies = history.map(({ validationAccuracy }) => validationAccuracy!);
    expect(best).toEqual(trainer.best);
    expect(best!.accuracy).toBe(Math.max(...accuracies));
    expect(best).toMatchObject({ loss: history[best!.epoch]!.validationLoss });
    expect(best!.epoch).toBe(1); // the first or the last would show less
    expect(weights(trainer)).toEqual(after[best!.epoch]);
    const judged = await evaluate(trainer.network, trainer.validation!, { batchSize: settings.batch });
    expect(judged).toMatchObject({ accuracy: best!.accuracy, loss: best!.loss });
  });

  test('stopped after any epoch and gone on with, it ends with the same best weights', async () => {
    const whole = await newTrainer();
    await whole.run();
    const first = await newTrainer();
    const abort = new AbortController();
    await first.run({ signal: abort.signal, onStep: ({ step }) => void (step === 8 && abort.abort()) });
    const file = decodeCheckpoint(await encodeCheckpoint(first, settings));
    const second = await newTrainer();
    restoreTrainer(second, file);
    expect(second.best).toEqual(first.best);
    await second.run();
    expect(second.best).toEqual(whole.best);
    expect(weights(second)).toEqual(weights(whole));
    const model = buildNetwork(settings);
    restoreModel(model, file); // the best weights stand beside the model's, not among them
  });

  test('a data set of its own takes the place of a share', async () => {
    const { validation: _, ...without } = trainingSettings(settings);
    const trainer = new Trainer(buildNetwork(settings), images, { ...without, epochs: 1, validation: held });
    expect(trainer.train).toBe(images);
    expect(trainer.settings).not.toHaveProperty('validation');
    await trainer.run();
    expect(trainer.best).toMatchObject({ epoch: 0 });
  });

  test('without it nothing is written of it', async () => {
    const { validation: _, ...without } = trainingSettings(settings);
    const trainer = new Trainer(buildNetwork(settings), images, { ...without, epochs: 1 });
    await trainer.run();
    expect(trainer.best).toBeUndefined();
    expect(Object.keys(JSON.parse(JSON.stringify(trainer.progress.history[0])))).toEqual([
      'epoch',
      'step',
      'trainLoss',
      'trainAccuracy',
    ]);
  });
});

describe('in its folder', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'spikegrad-validation-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const surroundings = { version: '0.1.0', backend: 'cpu', images: { name: 'shapes', train: 32, test: 8 } };

  test('a run keeps best.safetensors, from the first epoch on, and its model is that at the end', async () => {
    const path = join(home, 'run');
    const abort = new AbortController();
    await init({ backend: 'cpu', seed: settings.seed });
    const run = { settings, surroundings, train: images, test: held };
    let pace: Pace | undefined;
    const stopped = await performRun(
      { ...run, folder: await RunFolder.create(path) },
      {
        signal: abort.signal,
        onStart: (_, ofRun) => {
          pace = ofRun;
        },
        // in images: what is left to train, and to test at 0.35 of the time, the look at the end included
        onStep: ({ step }) =>
          step === 1 &&
          expect(pace!.left! * pace!.imagesPerSecond!).toBeCloseTo(4 * 24 - 8 + 0.35 * (4 * 16 + 4 * 8), 6),
        onEpoch: ({ epoch }) => epoch === 2 && abort.abort(), // which is no better than the one before
      },
    );
    expect(stopped).toBeUndefined();
    const early = await readCheckpoint(join(path, 'best.safetensors'));
    expect(early.progress).toBeUndefined();
    const { folder, checkpoint } = await RunFolder.resume(path);
    await init({ backend: 'cpu', seed: settings.seed });
    const summary = (await performRun({ ...run, folder, checkpoint }))!;
    const whole = await newTrainer();
    await whole.run();
    expect(summary.best).toEqual(whole.best);
    const report = readFileSync(join(path, 'report.html'), 'utf8');
    expect(report).toContain('24 training, 8 validation and 8 test images');
    expect(report).toContain('The model has the weights of epoch 2, the best in validation.');
    const { testAccuracy, testLoss } = whole.progress.history[whole.best!.epoch]!;
    expect([summary.testAccuracy, summary.testLoss]).toEqual([testAccuracy, testLoss]);
    const network = buildNetwork(settings);
    const [best, model] = await Promise.all(
      ['best', 'model'].map((name) => readCheckpoint(join(path, `${name}.safetensors`))),
    );
    for (const file of [early, best!, model!]) {
      restoreModel(network, file);
      const kept = [...network.state().values()].flatMap(({ tensor }) => Array.from(tensor.dataSync()));
      expect(kept).toEqual(weights(whole));
    }
  });
});
