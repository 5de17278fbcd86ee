// A run in phases: which time steps and rate each step has, what happens where they change, and that a run which was
// stopped in either phase, or between them, ends with the same bits.

import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import { shapes } from '../../src/data';
import { init } from '../../src/init';
import { Conv2d, GlobalAvgPool, Linear, sequential } from '../../src/nn';
import { linearDecay } from '../../src/optim';
import { Direct, Lif, resnet20, TdBatchNorm, TimeMean } from '../../src/snn';
import { timestepsOf } from '../../src/snn/time-steps';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  restoreTrainer,
  runSettings,
  Trainer,
  type TrainerOptions,
} from '../../src/train';
import { isLastPhase, learningRate, timestepsAt, withEpochs } from '../../src/train/continuation';
import { inPhases, phaseAt } from '../../src/train/plan';
import { phaseList, type RunPhase, readPhases } from '../../src/train/settings/phases';
import { settingInWords } from '../../src/train/settings/setting';
import { SETTINGS } from '../support/records';

const PHASES: readonly RunPhase[] = [
  { timesteps: 1, parts: 1, from: 0, to: 1 },
  { timesteps: 1, parts: 4, from: 1, to: 0.5 },
  { parts: 1, from: 0.5, to: 0 },
];

describe('phases as a setting', () => {
  test.each(['1:1:0-1,1:4:1-0.5,1:0.5-0', 'none', '2.5:1-0'])('%s reads and is written the same', (word) => {
    const value = readPhases(word);
    expect(phaseList.holds(value)).toBe(true);
    expect(settingInWords(value)).toBe(word);
  });

  test.each(['1:1', '1:1:0-1,,1:1-0', '0:1:1-0,1:1-0', '1:0:1-0', '1:1:1-0', '1.5:1:1-0,1:1-0', 'x'])(
    '%s is none',
    (word) => {
      expect(phaseList.holds(readPhases(word))).toBe(false);
    },
  );

  test('the last phase has the time steps of the run, and a stray field is refused', () => {
    expect(() => new Trainer(resnet20({ width: 1 }), images, { phases: [PHASES[0]!] })).toThrow(
      /phases must be a list of phases .*; the last phase has the time steps of the run: leave its timesteps out/,
    );
    expect(phaseList.holds([{ parts: 1, from: 1, to: 0, steps: 3 }])).toBe(false);
  });

  test('what says a thing twice, or nothing, is refused by name', () => {
    expect(() => runSettings({ phases: PHASES, warmup: 1 }, images)).toThrow(
      'runSettings: warmup 1 beside phases: a first phase such as 1:1:0-1 is the warm-up',
    );
    expect(() => new Trainer(resnet20({ width: 1 }), images, { normBatches: 3 })).toThrow(
      'Trainer: normBatches 3 without phases: it is for the place where',
    );
  });
});

describe('the plan of phases', () => {
  const at = (steps: number) => Array.from({ length: steps }, (_, step) => phaseAt(PHASES, step, steps));

  test('parts are those of any number of steps', () => {
    expect(at(6)).toEqual([0, 1, 1, 1, 1, 2]);
    expect(at(12)).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
    expect(at(2)).toEqual([1, 1]); // 1/6 of two steps is none, and 5/6 are both
    expect(phaseAt(PHASES, 99, 12)).toBe(2);
  });

  test('the rate goes from one end of a phase to the other along the schedule', () => {
    const list = inPhases(PHASES, linearDecay()).list(12);
    expect(list.map((rate) => Number(rate.toFixed(4)))).toEqual([
      ...[0, 0.5],
      ...[1, 0.9375, 0.875, 0.8125, 0.75, 0.6875, 0.625, 0.5625],
      ...[0.5, 0.25],
    ]);
  });

  test('a run that goes on behind them, or ends before, has its own time steps', () => {
    const plan = { ...SETTINGS, epochs: 3, phases: PHASES, schedule: 'linear' as const };
    const perEpoch = 4;
    const times = (of: typeof plan, steps: number) =>
      Array.from({ length: steps }, (_, step) => timestepsAt(of, step, perEpoch) ?? 'own');
    expect(times(plan, 12)).toEqual([...Array(10).fill(1), 'own', 'own']);
    const stand = { epoch: 1, batch: 1, step: 5 };
    const { settings: shorter } = withEpochs(plan, stand, 2, perEpoch);
    expect(times(shorter, 8)).toEqual([1, 1, 1, 1, 1, 'own', 'own', 'own']);
    expect(learningRate(shorter, 5, perEpoch)).toBeCloseTo(0.1 * 0.8125, 12);
    expect([4, 5].map((step) => isLastPhase(shorter, step, perEpoch))).toEqual([false, true]);
    const { settings: longer } = withEpochs(plan, { epoch: 3, batch: 0, step: 12 }, 4, perEpoch);
    expect(timestepsAt(longer, 13, perEpoch)).toBeUndefined();
  });
});

const images = shapes({ count: 24, seed: 1 });
const test_ = shapes({ count: 4, seed: 1, split: 'test' });

beforeAll(() => init({ backend: 'wasm', threads: 1 }));

/** Three epochs of four steps: ten at T = 1, two at T = 2. */
function trainerOf(options: TrainerOptions = {}): Trainer {
  const random = new Random(2);
  const network = sequential(
    new Conv2d(3, 4, { stride: 4, random }),
    new Direct(2),
    new TdBatchNorm(4),
    new Lif(),
    new GlobalAvgPool(),
    new Linear(4, 10, { random }),
    new TimeMean(),
  );
  return new Trainer(network, images, {
    epochs: 3,
    batch: 6,
    phases: PHASES,
    schedule: 'linear',
    ...options,
  });
}

const weightsOf = ({ network }: Trainer) =>
  [...network.state().values()].map(({ tensor }) => Array.from(tensor.dataSync()));

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Stops after so many steps. */
async function stopAfter(trainer: Trainer, steps: number): Promise<void> {
  const stop = new AbortController();
  await trainer.run({
    signal: stop.signal,
    onStep: ({ step }) => (step === steps ? stop.abort() : undefined),
  });
}

const EVERYTHING: TrainerOptions = {
  ...{ normBatches: 2, ema: 0.9, loss: 'tet', labelSmoothing: 0.1, stem: 'whitened', normBiasRate: 8 },
  ...{ optimizer: 'nesterov', weightDecay: 0.01, decay: 'weights', augment: ['shift', 'alternate-flip'] },
};

describe('a training in phases', () => {
  const whole = once(async () => {
    const trainer = trainerOf(EVERYTHING);
    await trainer.run();
    return weightsOf(trainer);
  });

  test.each([5, 10, 11])(
    'stopped after step %i it ends with the very weights of one that was not',
    async (step) => {
      const stopped = trainerOf(EVERYTHING);
      await stopAfter(stopped, step);
      expect(stopped.progress.step).toBe(step);
      const bytes = await encodeCheckpoint(stopped, SETTINGS);
      const other = trainerOf(EVERYTHING);
      restoreTrainer(other, decodeCheckpoint(bytes));
      await other.run();
      expect(weightsOf(other)).toEqual(await whole());
    },
  );

  test('each step has the time steps of its phase, and the network its own behind the run', async () => {
    const trainer = trainerOf({ test: test_ });
    const seen: (number | undefined)[] = [];
    const tested: (number | undefined)[] = [];
    await trainer.run({
      onStep: () => void seen.push(timestepsOf(trainer.network)),
      onEpoch: () => void tested.push(timestepsOf(trainer.network)),
    });
    expect(seen).toEqual([...Array(10).fill(1), 2, 2]);
    expect(tested).toEqual([1, 1, 2]);
    const stopped = trainerOf();
    await stopAfter(stopped, 3);
    expect(timestepsOf(stopped.network)).toBe(2);
  });

  test('where the time steps change the norms have the statistics of so many batches, once', async () => {
    const trainer = trainerOf({ normBatches: 3 });
    await stopAfter(trainer, 10);
    const [norm] = [...trainer.network.modules()].flatMap(([, module]) =>
      module instanceof TdBatchNorm ? [module] : [],
    );
    const channels = norm!.weight.size;
    const means: number[][] = [];
    const running: number[][] = [];
    const remove = norm!.onForward((x) => {
      const values = x.dataSync();
      const sums = new Array<number>(channels).fill(0);
      for (const [i, value] of values.entries()) sums[i % channels]! += value;
      means.push(sums.map((sum) => (sum * channels) / values.length));
      running.push([...norm!.runningMean.dataSync()]);
    });
    await trainer.run();
    remove();
    expect(means.length).toBe(3 + 2); // measured by three, then two steps
    const mean = means[0]!.map((_, c) => (means[0]![c]! + means[1]![c]! + means[2]![c]!) / 3);
    for (const [c, value] of running[2]!.entries()) expect(value).toBeCloseTo(mean[c]!, 5);
    // and the step behind it is a tenth of them, as always
    for (const [c, value] of running[3]!.entries())
      expect(value).toBeCloseTo(0.9 * mean[c]! + 0.1 * means[3]![c]!, 5);
  });

  test('the average of the weights begins anew there', async () => {
    const trainer = trainerOf({ ema: 0.9 });
    await stopAfter(trainer, 10);
    expect((await trainer.average!.state()).steps).toBe(10);
    await stopAfter(trainer, 11);
    expect((await trainer.average!.state()).steps).toBe(1);
  });

  test('the best epoch is one with the time steps of the run', async () => {
    const trainer = trainerOf({ validation: 0.25, batch: 5 });
    await trainer.run();
    expect(trainer.best?.epoch).toBe(2);
  });
});
