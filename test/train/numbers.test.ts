import { beforeEach, describe, expect, test } from 'vitest';
import { tensor, zeros } from '../../src/core/create';
import { batches } from '../../src/data/batches';
import { makeDataset } from '../../src/data/dataset';
import { shapes } from '../../src/data/shapes';
import { crossEntropy } from '../../src/index';
import { init } from '../../src/init';
import { lif, probe, TdBatchNorm } from '../../src/snn';
import {
  buildNetwork,
  checkImages,
  evaluate,
  type RunSettings,
  Trainer,
  trainingSettings,
} from '../../src/train';
import { SETTINGS } from '../support/records';

const settings: RunSettings = {
  ...SETTINGS,
  width: 2,
  timesteps: 1,
  epochs: 1,
  batch: 4,
  lr: 0.05,
  augment: [],
};
const images = shapes({ count: 8, seed: 1 });

describe('numbers that are none, too large or too few', () => {
  beforeEach(() => init({ backend: 'cpu' }));

  test('labels out of range are refused by the loss and by the data set', () => {
    expect(() => crossEntropy(zeros([2, 3]), [0, 3])).toThrow('label 3 at row 1 is not a class from 0 to 2');
    expect(() => crossEntropy(zeros([1, 3]), [Number.NaN])).toThrow('label NaN at row 0');
    expect(() => makeDataset({ ...images, labels: new Uint8Array(8).fill(10) })).toThrow(
      'label 10 of record 0 has no class; there are 10',
    );
  });

  test('no images: the data set, the loss and the batches say so', () => {
    const none = { ...images, pixels: new Uint8Array(0), labels: new Uint8Array(0) };
    expect(() => makeDataset(none)).toThrow('a dataset needs at least one');
    expect(() => crossEntropy(zeros([0, 3]), [])).toThrow('the batch is empty');
    const options = { batchSize: 0, seed: 0, epoch: 0, shuffle: false, augment: [] } as const;
    expect(() => [...batches(images, options)]).toThrow(/batchSize/);
  });

  test('images of another size or other classes are refused before anything is computed', () => {
    const small = makeDataset({ ...images, height: 16, width: 64 });
    expect(() => checkImages(settings, small)).toThrow('made for images [32,32,3], shapes has [16,64,3]');
    const other = makeDataset({ ...images, classes: [...images.classes, 'more'] });
    expect(() => checkImages(settings, other)).toThrow('tells 10 classes apart, shapes has 11');
    expect(() => buildNetwork(settings).call(zeros([1, 32, 32, 1]))).toThrow('expects images [N,H,W,3]');
  });

  test('tdBN trains on one image while a channel has several values, and refuses a single one', () => {
    const norm = new TdBatchNorm(2);
    expect(norm.call(tensor([1, 2, 3, 4], [2, 1, 2])).shape).toEqual([2, 1, 2]);
    expect(() => norm.call(tensor([1, 2], [1, 1, 2]))).toThrow(
      'input [1,1,2] has one value per channel, which has no variance: train with more images, time steps or pixels',
    );
    norm.evaluate();
    expect(
      norm
        .call(tensor([1, 2], [1, 1, 2]))
        .dataSync()
        .every(Number.isFinite),
    ).toBe(true);
  });

  test('a batch of one and a single time step train to finite numbers', async () => {
    const trainer = new Trainer(
      buildNetwork(settings),
      shapes({ count: 3, seed: 2 }),
      trainingSettings({ ...settings, batch: 1 }),
    );
    expect(await trainer.run()).toBe('done');
    expect(Number.isFinite(trainer.progress.history[0]!.trainLoss)).toBe(true);
  });

  test('one class is learnt at once: loss 0, accuracy 1', async () => {
    const one = makeDataset({ ...images, classes: ['thing'], labels: new Uint8Array(8) });
    const network = buildNetwork({ ...settings, classes: 1 });
    expect(await new Trainer(network, one, trainingSettings(settings)).run()).toBe('done');
    expect(await evaluate(network, one, { batchSize: 3 })).toMatchObject({ loss: 0, accuracy: 1 });
  });

  test('a layer that never fires is named by the probe', async () => {
    const network = buildNetwork(settings);
    for (const [name, { tensor: held }] of network.state())
      if (name === 'stem.0.bn.weight' || name === 'stem.0.bn.bias')
        held.overwrite(new Float32Array(held.size).fill(name.endsWith('bias') ? -5 : 0));
    network.evaluate();
    const watch = probe(network);
    network.call(zeros([2, 32, 32, 3]));
    const { warnings } = await watch.report();
    expect(warnings.find((warning) => warning.includes('stem.0.lif'))).toMatch(/silent, not one spike/);
    expect(
      lif(zeros([1, 2]))
        .dataSync()
        .every((spike) => spike === 0),
    ).toBe(true);
  });

  test('a learning rate that explodes stops the run before the parameters are overwritten again', async () => {
    const wild = { ...settings, lr: 1e38, epochs: 4, clip: null };
    const trainer = new Trainer(buildNetwork(wild), images, trainingSettings(wild));
    await expect(trainer.run()).rejects.toThrow(/not finite.*Try a smaller lr, or clip gradients/);
    expect(trainer.progress.step).toBeLessThan(trainer.steps);
  });
});
