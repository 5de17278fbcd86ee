import { describe, expect, test } from 'vitest';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { cosine } from '../../src/optim';
import {
  buildNetwork,
  decodeCheckpoint,
  encodeCheckpoint,
  restoreTrainer,
  Trainer,
  trainingSettings,
} from '../../src/train';
import { learningRate, plannedEpochs, stretchAt, withEpochs } from '../../src/train/continuation';
import type { RunSettings } from '../../src/train/settings';
import { SETTINGS } from '../support/records';

const PER_EPOCH = 4;
const plan = { ...SETTINGS, epochs: 3, lr: 0.1 };
const at = (step: number) => ({
  epoch: Math.floor(step / PER_EPOCH),
  batch: step % PER_EPOCH,
  step,
});
const rates = (settings: RunSettings) =>
  Array.from({ length: plannedEpochs(settings) * PER_EPOCH }, (_, step) =>
    learningRate(settings, step, PER_EPOCH),
  );

describe('a change of the epochs', () => {
  test('a run that had none runs along one cosine, and the same number changes nothing', () => {
    expect(rates(plan)).toEqual(Array.from({ length: 12 }, (_, step) => 0.1 * cosine().at(step, 12)));
    expect(withEpochs(plan, at(5), 3, PER_EPOCH)).toEqual({ settings: plan });
    expect(withEpochs(plan, at(5), undefined, PER_EPOCH)).toEqual({ settings: plan });
  });

  test.each([12, 5])(
    'more, after %i steps: first to the planned end, then from a tenth of the base',
    (step) => {
      const { settings, change } = withEpochs(plan, at(step), 5, PER_EPOCH);
      expect(settings).toEqual({ ...plan, continued: [{ step: 12, epochs: 5, lr: 0.1 / 10 }] });
      expect(change).toBe(
        '5 epochs instead of 3; after epoch 3 the learning rate falls to 0 along a cosine of its own from 0.01',
      );
      const all = rates(settings);
      expect(all.slice(0, 12)).toEqual(rates(plan));
      expect(all.slice(12)).toEqual(Array.from({ length: 8 }, (_, i) => (0.1 / 10) * cosine().at(i, 8)));
      expect([11, 12].map((done) => stretchAt(settings, done))).toEqual([0, 1]);
    },
  );

  test('fewer: from here on down from the rate of now', () => {
    const { settings, change } = withEpochs(plan, at(5), 2, PER_EPOCH);
    expect(rates(settings).slice(0, 5)).toEqual(rates(plan).slice(0, 5));
    const now = 0.1 * cosine().at(5, 12);
    expect(rates(settings).slice(5)).toEqual([0, 1, 2].map((i) => now * cosine().at(i, 3)));
    expect(change).toMatch(/^2 epochs instead of 3; from here on/);
  });

  test('what has not begun is planned anew, what has begun stays', () => {
    const longer = withEpochs(plan, at(5), 9, PER_EPOCH).settings;
    expect(withEpochs(longer, at(7), 5, PER_EPOCH).settings.continued).toEqual([
      { step: 12, epochs: 5, lr: 0.1 / 10 },
    ]);
    expect(withEpochs(longer, at(7), 3, PER_EPOCH).settings).toEqual(plan);
    expect(withEpochs(longer, at(14), 10, PER_EPOCH).settings.continued).toEqual([
      { step: 12, epochs: 9, lr: 0.1 / 10 },
      { step: 36, epochs: 10, lr: 0.1 / 10 },
    ]);
  });

  test('fewer than are done or begun are refused with both values', () => {
    expect(() => withEpochs(plan, at(8), 1, PER_EPOCH)).toThrow('--epochs 1, but the run has 2 epochs done');
    expect(() => withEpochs(plan, at(9), 2, PER_EPOCH)).toThrow(
      '2 epochs done and one begun: give --epochs 3',
    );
  });

  test('interrupted in a continuation, a run goes on with the same bits', async () => {
    const images = shapes({ count: 8, seed: 1 });
    const settings: RunSettings = {
      ...SETTINGS,
      ...{ width: 1, timesteps: 1, batch: 4, epochs: 1, seed: 3 },
      continued: [{ step: 2, epochs: 2, lr: 0.01 }],
    };
    const steps = async (stopAfter: number) => {
      await init({ backend: 'cpu', seed: settings.seed });
      let trainer = new Trainer(buildNetwork(settings), images, trainingSettings(settings));
      const seen: unknown[] = [];
      const stop = new AbortController();
      await trainer.run({
        signal: stop.signal,
        onStep(metrics) {
          seen.push(metrics);
          if (metrics.step === stopAfter) stop.abort();
        },
      });
      if (stopAfter < trainer.steps) {
        const checkpoint = decodeCheckpoint(await encodeCheckpoint(trainer, settings));
        trainer = new Trainer(
          buildNetwork(checkpoint.settings),
          images,
          trainingSettings(checkpoint.settings),
        );
        restoreTrainer(trainer, checkpoint);
        await trainer.run({ onStep: (metrics) => void seen.push(metrics) });
      }
      return seen;
    };
    const whole = await steps(4);
    expect(whole).toMatchObject([{ lr: 0.1 }, {}, { continuation: 1, lr: 0.01 }, { continuation: 1 }]);
    expect(whole[0]).not.toHaveProperty('continuation', 0);
    expect(await steps(3)).toEqual(whole);
  });
});
