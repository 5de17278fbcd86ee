// A training by each optimiser: it learns, and one that was stopped, saved and read again ends with the very weights of
// one that was not.

import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import { datasetOf } from '../../src/data';
import { init } from '../../src/init';
import { Flatten, Linear, sequential } from '../../src/nn';
import { AdamW, oneCycle, parameterGroups, Sgd } from '../../src/optim';
import { learnable, neuron, Spiking } from '../../src/snn';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  restoreTrainer,
  Trainer,
  type TrainerOptions,
} from '../../src/train';
import { OPTIMIZERS } from '../../src/train/settings/descent';
import { SETTINGS } from '../support/records';

beforeAll(() => init({ backend: 'cpu' }));

const random = new Random(1);
const bytes = Uint8Array.from({ length: 24 * 12 }, (_, i) => (i % 36 < 12 ? 200 : 20) + random.integer(40));
const images = datasetOf(
  bytes,
  Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 0 : 1)),
  { shape: [2, 2, 3], classes: 2 },
);

const leaky = () => neuron('v = a*v + x', { parameters: { a: learnable(0.5) }, outputs: ['v'] });

/** A hidden layer of 5, then integrators whose leak is learnt. */
function trainerOf(options: TrainerOptions): Trainer {
  const own = new Random(2);
  const network = sequential(
    new Flatten(),
    new Linear(12, 5, { random: own, deviation: 0.3 }),
    new Linear(5, 2, { random: own, deviation: 0.3 }),
  );
  return new Trainer(network, images, { epochs: 2, batch: 6, ...options });
}

const weightsOf = ({ network }: Trainer) =>
  [...network.state().values()].map(({ tensor }) => Array.from(tensor.dataSync()));

/** Stops after so many steps. */
async function stopAfter(trainer: Trainer, steps: number): Promise<void> {
  const stop = new AbortController();
  await trainer.run({
    signal: stop.signal,
    onStep: ({ step }) => (step === steps ? stop.abort() : undefined),
  });
}

const cases: [string, () => TrainerOptions][] = [
  ...OPTIMIZERS.map((optimizer): [string, () => TrainerOptions] => [optimizer, () => ({ optimizer })]),
  [
    'everything else',
    () => ({ optimizer: 'adamw', schedule: 'one-cycle', warmup: 0.5, ema: 0.9, clip: 1, validation: 0.25 }),
  ],
];

describe('a training', () => {
  test.each(cases)('by %s goes on from its checkpoint to the bit', async (_, options) => {
    const whole = trainerOf(options());
    await whole.run();
    const stopped = trainerOf(options());
    await stopAfter(stopped, 5);
    const checkpoint = decodeCheckpoint(await encodeCheckpoint(stopped, SETTINGS));
    const then = trainerOf(options());
    restoreTrainer(then, checkpoint);
    await then.run();
    expect(weightsOf(then)).toEqual(weightsOf(whole));
    const { history } = whole.progress;
    expect(then.progress.history).toEqual(history);
    expect(history.at(-1)!.trainLoss).toBeLessThan(history[0]!.trainLoss);
  });

  test('reads a checkpoint that says nothing of steps, as former versions wrote them', async () => {
    const whole = trainerOf({});
    await whole.run();
    const stopped = trainerOf({});
    await stopAfter(stopped, 5);
    const { optimizer: _, ...former } = decodeCheckpoint(await encodeCheckpoint(stopped, SETTINGS));
    const then = trainerOf({});
    restoreTrainer(then, former);
    await then.run();
    expect(weightsOf(then)).toEqual(weightsOf(whole));
  });

  test('takes an optimiser and a schedule as values', async () => {
    const named = trainerOf({ optimizer: 'adamw', lr: 0.01, schedule: 'one-cycle' });
    const made = trainerOf({});
    const optimizer = new AdamW(parameterGroups(made.network), { lr: 0.01, weightDecay: 0.05 });
    const own = new Trainer(made.network, images, { epochs: 2, batch: 6, optimizer, schedule: oneCycle() });
    expect(own.settings.lr).toBe(0.01);
    await named.run();
    await own.run();
    expect(weightsOf(own)).toEqual(weightsOf(named));
    expect(() => trainerOf({ optimizer, weightDecay: 1 })).toThrow(
      "Trainer: weightDecay is the optimiser's own",
    );
  });

  test('spares learnable parameters of neurons that do not ask for decay', () => {
    const network = sequential(new Flatten(), new Spiking(leaky()));
    const { optimizer } = new Trainer(network, images, { weightDecay: 0.5 });
    expect(optimizer).toBeInstanceOf(Sgd);
    expect(optimizer.groups.map(({ parameters, weightDecay }) => [parameters.length, weightDecay])).toEqual([
      [1, 0],
    ]);
  });

  test('ends with the average of the weights, which is what was tested', async () => {
    const trainer = trainerOf({ ema: 0.5, test: images });
    const tested: number[] = [];
    const live: number[][][] = [];
    await trainer.run({
      onEpoch: ({ testLoss }) => {
        tested.push(testLoss!);
        live.push(weightsOf(trainer));
      },
    });
    expect(weightsOf(trainer)).not.toEqual(live.at(-1));
    const again = new Trainer(trainer.network, images, { epochs: 1, lr: 0, test: images, batch: 6 });
    await again.run();
    expect(again.progress.history[0]!.testLoss).toBeCloseTo(tested.at(-1)!, 10);
  });
});
