// A Trainer that holds firing rates between bounds: what lies outside is part of the loss, and falls.

import { beforeAll, expect, test } from 'vitest';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { csnn } from '../../src/snn';
import { Trainer, type TrainerOptions } from '../../src/train';
import { trainingSettings } from '../../src/train/settings';

const images = shapes({ count: 32, seed: 1 });

/** Losses of a few steps from the same weights. */
async function losses(options: TrainerOptions): Promise<number[]> {
  await init({ backend: 'wasm', threads: 1, seed: 1 });
  const network = csnn({ side: 32, channels: 3, width: 3, timesteps: 2 });
  const found: number[] = [];
  const trainer = new Trainer(network, images, { epochs: 4, batch: 16, lr: 0.02, ...options });
  await trainer.run({ onStep: ({ loss }) => void found.push(loss) });
  return found;
}

let free: number[];
beforeAll(async () => {
  free = await losses({});
});

test('rateBounds adds to the loss what lies outside, and training takes it away', async () => {
  const held = await losses({ rateBounds: [0.6, 0.9], rateStrength: 5 });
  const added = held.map((loss, step) => loss - free[step]!);
  expect(added[0]).toBeGreaterThan(1);
  expect(added.at(-1)).toBeLessThan(added[0]! / 2);
  const wide = await losses({ rateBounds: [0, 1] });
  expect(wide[0]).toBe(free[0]); // nothing is outside
});

test('is a setting that goes with the training', () => {
  const trainer = new Trainer(csnn({ channels: 3, side: 32, width: 3 }), images, { rateBounds: [0, 0.2] });
  expect(trainingSettings(trainer.settings)).toMatchObject({ rateBounds: [0, 0.2] });
  expect(
    () => new Trainer(csnn({ channels: 3, side: 32, width: 3 }), images, { rateBounds: [0.3, 0.2] }),
  ).toThrow(/Trainer: rateBounds must be .*two shares low,high with 0 <= low <= high <= 1/);
});
