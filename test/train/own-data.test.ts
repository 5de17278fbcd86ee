// The loop on what people bring: vectors, images of floats, sequences, any network that gives logits; and what it
// says where network and data do not fit each other.

import { beforeEach, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { datasetOf, type Records, shapes, split } from '../../src/data';
import { init } from '../../src/init';
import { AvgPool2d, Conv2d, Flatten, Linear, type Module, sequential } from '../../src/nn';
import { mean } from '../../src/ops';
import { Direct, Lif, TimeMean } from '../../src/snn';
import { evaluate, Trainer, type TrainerOptions } from '../../src/train';
import { Computing } from '../support/computing';
import { SETTINGS } from '../support/records';

beforeEach(() => init({ backend: 'cpu', seed: 1, onNotice: () => {} }));

/** Two classes by the sign of the first of `size` numbers. */
const numbers = (size: number, count = 64) =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: size }, (_, j) => (j === 0 ? (i % 2 === 0 ? 1 : -1) : Math.sin(i * j))),
  );
const signs = (count = 64) => Array.from({ length: count }, (_, i) => i % 2);
const spiking = (inputs: number, outputs = 2) =>
  sequential(new Linear(inputs, 16), new Direct(2), new Lif(), new Linear(16, outputs), new TimeMean());

async function accuracyOf(network: Module, data: Parameters<typeof split>[0], options: TrainerOptions = {}) {
  const [train, test] = split(data, 0.25);
  const trainer = new Trainer(network, train, { epochs: 8, test, ...options });
  await trainer.run();
  expect(trainer.progress.history.at(-1)!.testAccuracy).toBe((await evaluate(network, test)).accuracy);
  return (await evaluate(network, test)).accuracy;
}

describe('a Trainer with defaults learns', () => {
  test('vectors', async () => {
    expect(await accuracyOf(spiking(3), datasetOf(numbers(3), signs()))).toBeGreaterThan(0.9);
  });

  test('images of floats, with crop and flip', async () => {
    const data = datasetOf(
      Float32Array.from(numbers(1).flatMap(([x]) => new Array<number>(16).fill(x!))),
      signs(),
      {
        shape: [4, 4, 1],
      },
    );
    const network = sequential(
      new Conv2d(1, 8, { kernel: 3, padding: 1 }),
      new Direct(2),
      new Lif(),
      new AvgPool2d(4),
      new Flatten(3),
      new Linear(8, 2),
      new TimeMean(),
    );
    expect(await accuracyOf(network, data, { augment: ['flip'] })).toBeGreaterThan(0.9);
  });

  test('sequences [T,N,...]', async () => {
    const spikes = [0, 1, 2].flatMap((t) => signs().flatMap((label) => [label === 1 && t > 0 ? 1 : 0, 1]));
    const data = datasetOf(tensor(spikes, [3, 64, 2]), signs(), { sequences: true });
    const network = sequential(new Linear(2, 8), new Lif(), new Linear(8, 2), new TimeMean());
    expect(await accuracyOf(network, data)).toBeGreaterThan(0.9);
  });

  test('a network without spikes', async () => {
    expect(await accuracyOf(new Linear(3, 2), datasetOf(numbers(3), signs()))).toBeGreaterThan(0.9);
  });
});

describe('what does not fit is told', () => {
  const data = () => datasetOf(numbers(3), signs());
  const run = (network: Module, records: Records = numbers(3)) =>
    new Trainer(network, datasetOf(records, signs())).run();

  test('the order that a Trainer had before names the new one', () => {
    const [network, images] = [spiking(3), shapes({ count: 4 })];
    const former = Trainer as unknown as new (...args: unknown[]) => Trainer;
    expect(() => new Trainer(network, images, SETTINGS)).toThrow(
      'Trainer: dataset is a setting of a run, not of its training: trainingSettings(settings)',
    );
    for (const args of [
      [network, images, images],
      [network, SETTINGS, images],
      [network, SETTINGS, images, images],
    ])
      expect(() => new former(...args)).toThrow(
        'new Trainer(network, train, { epochs, batch, lr, …, test })',
      );
  });

  test('neurons that take the batch for time, wherever a network runs first', async () => {
    const flat = () => sequential(new Linear(3, 16), new Lif(), new Linear(16, 2));
    const message =
      /layer 1 takes the first axis for time and got \[32,16\], whose first axis is the batch: put new Direct\(T\) before it/;
    await expect(run(flat())).rejects.toThrow(message);
    await expect(evaluate(flat(), data())).rejects.toThrow(message);
  });

  test('logits over time', async () => {
    const network = sequential(new Direct(2), new Lif(), new Linear(3, 2));
    await expect(run(network)).rejects.toThrow(
      'Trainer: the network must give logits [32,classes] for a batch of 32, it gives [2,32,2]; new TimeMean() at its end',
    );
    const scalar = sequential(new Linear(3, 2), new Computing((x) => mean(x)));
    await expect(run(scalar)).rejects.toThrow('must give logits [32,classes] for a batch of 32, it gives []');
  });

  test('other classes than the data has', async () => {
    const message =
      'the network tells 3 classes apart, arrays has 2 (datasetOf(…, { classes: 3 }) says how many)';
    await expect(run(spiking(3, 3))).rejects.toThrow(message);
    await expect(evaluate(spiking(3, 3), data())).rejects.toThrow(message);
  });

  test('test data of another shape or other classes', () => {
    const other = datasetOf(numbers(2), signs());
    expect(() => new Trainer(spiking(3), data(), { test: other })).toThrow(
      'Trainer: test has records [2], the training data [3]',
    );
    const three = datasetOf(numbers(3), signs(), { classes: 3 });
    expect(() => new Trainer(spiking(3), data(), { validation: three })).toThrow(
      'Trainer: validation has 3 classes, the training data 2',
    );
  });

  test('a single record, of which none can be set apart', () => {
    expect(() => new Trainer(spiking(1), datasetOf([[1]], [0]), { validation: 0.5 })).toThrow(
      'Trainer: arrays has 1 record: none can be set apart for validation',
    );
  });

  test('no data set', async () => {
    expect(() => new Trainer(spiking(3), numbers(3) as never)).toThrow('datasetOf(images, labels) makes one');
    await expect(evaluate(spiking(3), Promise.resolve() as never)).rejects.toThrow('await it first');
  });
});
