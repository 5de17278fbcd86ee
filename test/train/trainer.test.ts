import { beforeEach, describe, expect, test } from 'vitest';
import { wasmBackend } from '../../src/backends/wasm';
import { setActiveBackend } from '../../src/core/engine';
import { memory } from '../../src/core/storage';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { stateOf } from '../../src/interop/state';
import {
  buildNetwork,
  decodeCheckpoint,
  encodeCheckpoint,
  encodeModel,
  evaluate,
  type RunSettings,
  restoreModel,
  restoreTrainer,
  Trainer,
  trainingSettings,
} from '../../src/train';
import type { StepMetrics } from '../../src/train/trainer/events';
import { SETTINGS } from '../support/records';

const settings: RunSettings = {
  ...SETTINGS,
  limit: null,
  width: 2,
  mpr: 3,
  lr: 0.05,
  weightDecay: 1e-4,
  clip: 5,
  augment: ['crop', 'flip'],
  seed: 3,
};
const images = shapes({ count: 28, seed: 1, split: 'train' });
const test_ = shapes({ count: 10, seed: 1, split: 'test' });

async function newTrainer(changes: Partial<RunSettings> = {}): Promise<Trainer> {
  const all = { ...settings, ...changes };
  await init({ seed: all.seed });
  return new Trainer(buildNetwork(all), images, { ...trainingSettings(all), test: test_ });
}

async function weights(trainer: Trainer): Promise<number[]> {
  return (await stateOf(trainer.network)).flatMap(([, entry]) => Array.from(entry.data as Float32Array));
}

describe('the trainer', () => {
  beforeEach(() => init());

  test('counts an epoch as its steps together, and tells of a test before its first image', async () => {
    const trainer = await newTrainer({ epochs: 1 });
    const steps: StepMetrics[] = [];
    const told: [number, number][] = [];
    await trainer.run({
      onStep: (step) => void steps.push(step),
      onEvaluation: (done, of) => void told.push([done, of]),
    });
    const over = (of: (step: StepMetrics) => number) =>
      steps.reduce((sum, step) => sum + step.images * of(step), 0) / images.length;
    const [epoch] = trainer.progress.history;
    expect(epoch!.trainAccuracy).toBeCloseTo(
      over(({ accuracy }) => accuracy),
      12,
    );
    expect(epoch!.trainLoss).toBeCloseTo(
      over(({ loss }) => loss),
      12,
    );
    expect(told).toEqual([
      [0, 10],
      [8, 10],
      [10, 10],
    ]);
  });

  test('trains a network as a network in training, whatever it was before', async () => {
    const plain = await newTrainer({ epochs: 1 });
    await plain.run();
    const expected = await weights(plain);
    const evaluated = await newTrainer({ epochs: 1 });
    evaluated.network.evaluate();
    await evaluated.run();
    expect(evaluated.network.training).toBe(true);
    expect(await weights(evaluated)).toEqual(expected);
  });

  test('says for which batch memory did not suffice, and what to try', async () => {
    const backend = await wasmBackend({ memoryLimit: 8 * 2 ** 20 });
    setActiveBackend(backend);
    const all = { ...settings, width: 16, batch: 24 };
    const trainer = new Trainer(buildNetwork(all), images, { ...trainingSettings(all), test: test_ });
    await expect(trainer.run()).rejects.toThrow(
      /^Trainer: a step with batch 24 does not fit \(wasm: no room for .* of 8 MB are in use, and [\d,]+ tensors live\)\. Try batch 12, fewer time steps or a narrower network$/,
    );
  });

  test('the same seed gives the same weights, another seed others', async () => {
    const runs = [];
    for (const seed of [3, 3, 4]) {
      const trainer = await newTrainer({ seed, epochs: 1 });
      await trainer.run();
      runs.push(await weights(trainer));
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
  });

  test('stopped after any step, saved, and gone on with by another process: the very same bits', async () => {
    const whole = await newTrainer();
    await whole.run();
    const expected = await weights(whole);
    for (const stopAt of [1, 4, 6]) {
      const first = await newTrainer();
      const abort = new AbortController();
      const outcome = await first.run({
        signal: abort.signal,
        onStep: ({ step }) => (step === stopAt ? abort.abort() : undefined),
      });
      expect(outcome).toBe('stopped');
      const file = await encodeCheckpoint(first, settings);
      const second = await newTrainer({ seed: 99 }); // weights, order and random state must come from the file
      const resumed = new Trainer(second.network, images, { ...trainingSettings(settings), test: test_ });
      restoreTrainer(resumed, decodeCheckpoint(file));
      expect(resumed.progress.step).toBe(stopAt);
      expect(await resumed.run()).toBe('done');
      expect(await weights(resumed)).toEqual(expected);
      expect(resumed.progress.history).toEqual(JSON.parse(JSON.stringify(whole.progress.history)));
    }
  });

  test('live tensors and bytes stay where they were from step to step', async () => {
    const trainer = await newTrainer();
    const seen: { tensors: number; bytes: number }[] = [];
    await trainer.run({ onStep: () => void seen.push(memory()) });
    expect(seen.length).toBe(8);
    for (const now of seen) expect(now).toEqual(seen[0]);
  });

  test('a loss that is no longer finite stops the run and names where it happened', async () => {
    const trainer = await newTrainer({ lr: 1e30, clip: null, epochs: 4 });
    await expect(trainer.run()).rejects.toThrow(
      /loss became .* first not finite: (parameter [\w.]+|the output of \w+ in layer [\w.]+)/,
    );
  });

  test('a NaN in the images is named as the input', async () => {
    const trainer = await newTrainer();
    trainer.network.onForward(() => undefined);
    const broken = { ...images, mean: [Number.NaN, 0, 0] };
    const other = new Trainer(trainer.network, broken, trainingSettings(settings));
    await expect(other.run()).rejects.toThrow(/first not finite: the network's input/);
  });

  test('a model file restores the evaluation exactly', async () => {
    const trainer = await newTrainer({ epochs: 1 });
    await trainer.run();
    const before = await evaluate(trainer.network, test_, { batchSize: 4 });
    const file = decodeCheckpoint(await encodeModel(trainer.network, settings));
    expect(file.settings).toEqual(settings);
    await init({ seed: 50 });
    const network = buildNetwork(file.settings);
    restoreModel(network, file);
    expect(await evaluate(network, test_, { batchSize: 5 })).toEqual({
      ...before,
      loss: expect.closeTo(before.loss, 6),
    });
  });

  test('training cannot go on from a model without its optimiser, and says so', async () => {
    const trainer = await newTrainer();
    const file = decodeCheckpoint(await encodeModel(trainer.network, settings));
    expect(() => restoreTrainer(trainer, file)).toThrow(/without its optimiser/);
  });

  test('weights of another architecture are refused before anything changes', async () => {
    const trainer = await newTrainer();
    const file = decodeCheckpoint(await encodeModel(trainer.network, settings));
    const wider = await newTrainer({ width: 3 });
    const before = await weights(wider);
    expect(() => restoreModel(wider.network, file)).toThrow(/in the file and .* in the network/);
    expect(await weights(wider)).toEqual(before);
  });
});
