// Records of cells for tests, with the accuracies that a test wants.

import { CELL_FORMAT, type CellRecord } from '../../src/paper/cell';
import type { RunSettings } from '../../src/train';

export const SETTINGS: RunSettings = {
  dataset: 'shapes',
  limit: 100,
  arch: 'resnet20-small',
  width: 4,
  timesteps: 2,
  mpr: null,
  dynamics: 'leak',
  classes: 10,
  channels: 3,
  height: 32,
  imageWidth: 32,
  epochs: 2,
  batch: 8,
  lr: 0.1,
  momentum: 0.9,
  weightDecay: 0,
  clip: null,
  augment: ['crop'],
  seed: 0,
};

/** A finished cell whose test accuracy rises to `accuracy` over its epochs. */
export function cell(settings: Partial<RunSettings>, accuracy: number, seconds = 60): CellRecord {
  const full = { ...SETTINGS, ...settings };
  const history = Array.from({ length: full.epochs }, (_, epoch) => ({
    epoch,
    step: 13 * (epoch + 1),
    trainLoss: 2 - epoch / 10,
    trainAccuracy: accuracy,
    testLoss: 1.5,
    testAccuracy: (accuracy * (epoch + 1)) / full.epochs,
  }));
  return {
    format: CELL_FORMAT,
    settings: full,
    images: { train: 100, test: 100 },
    history,
    loss: [[26, 1.75]],
    summary: {
      testAccuracy: accuracy,
      testLoss: 1.5,
      seconds,
      firingRates: { 'stem.0.lif': 0.25 },
      energy: { spiking: 10, dense: 100 },
      warnings: [],
    },
    environment: {
      processor: 'A processor',
      platform: 'linux x64',
      node: '20.0.0',
      spikegrad: '0.1.0',
      backend: 'wasm backend, SIMD, 1 thread',
    },
    finished: '2026-01-02T03:04:05.000Z',
  };
}
