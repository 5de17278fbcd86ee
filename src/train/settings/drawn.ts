// The recipe of `npm start`: a first run on the drawn shapes, which learns them in the least processor time that was
// found here. Measured in bench/results/speedrun.md.

import type { Recipe } from './recipes';

const TRIED = 'speedrun: drawn shapes';
const USUAL = 'the default of all runs';

export const drawn = {
  title: 'a first run on the drawn shapes: 99 % in the fewest minutes',
  settings: {
    epochs: { value: 4, source: TRIED },
    batch: { value: 32, source: USUAL },
    optimizer: { value: 'adamw', source: `${TRIED}; by sgd the first 200 steps learn nothing` },
    lr: { value: 0.005, source: 'the default of adamw' },
    momentum: { value: 0.9, source: 'the default of adamw' },
    weightDecay: { value: 0.05, source: 'the default of adamw' },
    decay: { value: 'weights', source: 'the default of adamw' },
    clip: { value: null, source: USUAL },
    timesteps: { value: 2, source: USUAL },
    mpr: { value: 3, source: USUAL },
    dynamics: { value: 'leak', source: USUAL },
    augment: { value: [], source: USUAL },
    schedule: { value: 'linear', source: TRIED },
    phases: {
      value: [
        { timesteps: 1, parts: 0.3, from: 0.01, to: 1 },
        { timesteps: 1, parts: 2.9, from: 1, to: 0.2 },
        { parts: 0.8, from: 0.2, to: 0 },
      ],
      source: TRIED,
    },
    stem: { value: 'whitened', source: TRIED },
    normBatches: { value: 30, source: TRIED },
  },
  constants: {},
  sources: { speedrun: 'bench/results/speedrun.md, with the commands that measured it' },
} as const satisfies Recipe;
