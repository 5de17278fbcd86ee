// What a trainer notices of numbers that are not finite, with and without detectAnomaly, and what it says.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { shapes } from '../../src/data/shapes';
import { add, customOp, mul, sqrt, type Tensor } from '../../src/index';
import { init } from '../../src/init';
import { stateOf } from '../../src/interop/state';
import { Flatten, Linear, sequential } from '../../src/nn';
import {
  buildNetwork,
  decodeCheckpoint,
  encodeCheckpoint,
  type RunSettings,
  restoreTrainer,
  Trainer,
  trainingSettings,
} from '../../src/train';
import { performRun } from '../../src/train/node/run';
import { readCheckpoint } from '../../src/train/node/run/files';
import { RunFolder } from '../../src/train/node/run/folder';
import { Computing } from '../support/computing';
import { SETTINGS } from '../support/records';

const settings: RunSettings = {
  ...SETTINGS,
  width: 2,
  timesteps: 2,
  epochs: 2,
  batch: 8,
  lr: 0.05,
  clip: null,
  augment: [],
};
const images = shapes({ count: 20, seed: 1 });

/** Classifies images; the last layer does to its numbers what `compute` says. */
const classifier = (compute: (x: Tensor) => Tensor) =>
  sequential(new Flatten(3), new Linear(32 * 32 * 3, 10), new Computing(compute));
/** y + √(0·y): nothing forward, but 1/(2√0) backward. */
const rooted = () => classifier((y) => add(y, sqrt(mul(y, 0))));

const bits = async ({ network }: Trainer) =>
  (await stateOf(network)).map(([name, { data }]) => [name, Array.from(data as Float32Array)]);

describe('numbers that are no longer finite in training', () => {
  beforeEach(() => init({ seed: 7 }));

  test.each([null, 5])(
    'with and without detectAnomaly the weights are the same bits, clip %s',
    async (clip) => {
      const all = { ...settings, clip };
      const fresh = async () => {
        await init({ seed: 7 });
        return new Trainer(buildNetwork(all), images, trainingSettings(all));
      };
      const plain = await fresh();
      await plain.run();
      const watched = await fresh();
      await watched.run({ detectAnomaly: true });
      expect(await bits(watched)).toEqual(await bits(plain));
      expect(watched.progress).toEqual(plain.progress);

      // on for two steps, off for the rest: nothing of it is in the checkpoint
      const begun = await fresh();
      const stop = new AbortController();
      await begun.run({
        detectAnomaly: true,
        signal: stop.signal,
        onStep: ({ step }) => (step === 2 ? stop.abort() : undefined),
      });
      const file = decodeCheckpoint(await encodeCheckpoint(begun, all));
      expect(Object.keys(file.settings)).not.toContain('detectAnomaly');
      const resumed = await fresh();
      restoreTrainer(resumed, file);
      await resumed.run();
      expect(await bits(resumed)).toEqual(await bits(plain));
    },
  );

  test('detectAnomaly names the backward that gave the first, in the step that it happened', async () => {
    const trainer = new Trainer(rooted(), images, trainingSettings(settings));
    const before = await bits(trainer);
    await expect(trainer.run({ detectAnomaly: true })).rejects.toThrow(
      'Trainer: first not finite at step 1 (learning rate 0.0500): the gradient of input 0 in the backward of sqrt in layer 2. Try a smaller lr, or clip gradients',
    );
    expect(await bits(trainer)).toEqual(before);
  });

  test('with clipping the norm tells, and the step is run again to name the same', async () => {
    const all = { ...settings, clip: 1 };
    const trainer = new Trainer(rooted(), images, trainingSettings(all));
    const before = await bits(trainer);
    const error = await trainer.run().catch(String);
    expect(error).toMatch(
      /Trainer: the loss is 2\.\d+, but the norm of its gradients became NaN at step 1 \(learning rate 0\.0500\); first not finite: the gradient of input 0 in the backward of sqrt in layer 2\. Try/,
    );
    expect(error).not.toContain('--detect-anomaly');
    expect(await bits(trainer)).toEqual(before);
  });

  test('a norm that overflows over finite gradients is no reason to stop', async () => {
    const large = customOp({
      name: 'large',
      forward: (_, y: Tensor) => mul(y, 1),
      backward: (_, gradient) => [mul(gradient, 1e25)],
    });
    const all = { ...settings, clip: 1, epochs: 1 };
    const norms: (number | undefined)[] = [];
    const trainer = new Trainer(
      classifier((y) => large(y)),
      images,
      trainingSettings(all),
    );
    const outcome = await trainer.run({ onStep: ({ gradientNorm }) => void norms.push(gradientNorm) });
    expect({ outcome, norms }).toEqual({ outcome: 'done', norms: [Infinity, Infinity, Infinity] });
  });

  test('without clipping an infinite gradient shows in the next loss or in the weights, and detectAnomaly is recommended', async () => {
    await expect(new Trainer(rooted(), images, trainingSettings(settings)).run()).rejects.toThrow(
      /the loss became NaN at step 2 .*first not finite: parameter 1\.weight; to see where that came from, run again from the last checkpoint with detectAnomaly \(--detect-anomaly\)\. Try/,
    );
    const whole = { ...settings, batch: 20 }; // one step an epoch: no next loss
    await expect(new Trainer(rooted(), images, trainingSettings(whole)).run()).rejects.toThrow(
      'Trainer: parameter 1.weight is not finite after step 1, and nothing was saved; to see which step and operator made it so, run again from the last checkpoint with detectAnomaly (--detect-anomaly)',
    );
  });

  test('an update that overflows by itself is told apart from an infinite gradient', async () => {
    const wild = { ...settings, lr: 1e30, momentum: 1e20 };
    const trainer = new Trainer(
      classifier((y) => mul(y, 1e-38)),
      images,
      trainingSettings(wild),
    );
    await expect(trainer.run({ detectAnomaly: true })).rejects.toThrow(
      /^Trainer: the update of step \d \(learning rate .*\) made parameter 1\.(weight|bias) not finite, though its gradient was finite\. Try/,
    );
  });

  test('a lost run does not replace the checkpoint that it can go on from', async () => {
    const path = mkdtempSync(join(tmpdir(), 'spikegrad-lost-'));
    try {
      // momentum makes the second update overflow, when its loss has already been seen
      const wild = { ...settings, lr: 1e4, momentum: 1e38 };
      const surroundings = {
        version: '0.1.0',
        backend: 'cpu',
        images: { name: images.name, train: images.length, test: images.length },
      };
      const run = { settings: wild, surroundings, train: images, test: images };
      const folder = await RunFolder.create(path);
      const file = folder.file('checkpoint');
      await expect(performRun({ ...run, folder }, { saveEvery: 1 })).rejects.toThrow(
        /^Trainer: parameter \S+ is not finite after step 2, and nothing was saved/,
      );
      const kept = readFileSync(file);
      const checkpoint = await readCheckpoint(file);
      expect(checkpoint.progress?.step).toBe(1);

      const again = await RunFolder.resume(path);
      await expect(performRun({ ...run, ...again }, { saveEvery: 1, detectAnomaly: true })).rejects.toThrow(
        /^Trainer: the update of step 2 .* not finite, though its gradient was finite/,
      );
      expect(readFileSync(file)).toEqual(kept);
    } finally {
      rmSync(path, { recursive: true });
    }
  });
});
