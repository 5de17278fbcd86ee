// The recipe of a speed run: settings by which a spiking network reaches an accuracy in the least processor time that
// was found here. What each gave, and what did not pay, is measured in bench/results/speedrun.md.

import type { Recipe } from './recipes';

const PILOT = 'speedrun: the pilot runs';

export const fast = {
  title: 'the fewest minutes to an accuracy: one time step first, the run’s own at the end',
  settings: {
    epochs: { value: 7, source: `${PILOT}; other --epochs have the same phases, longer or shorter` },
    batch: { value: 32, source: PILOT },
    optimizer: { value: 'sgd', source: PILOT },
    lr: { value: 0.1, source: PILOT },
    momentum: { value: 0.9, source: PILOT },
    weightDecay: { value: 5e-4, source: PILOT },
    decay: { value: 'weights', source: PILOT },
    clip: { value: null, source: PILOT },
    timesteps: { value: 2, source: 'the default of all runs' },
    mpr: { value: null, source: PILOT },
    dynamics: { value: 'leak', source: 'the default of all runs' },
    augment: { value: ['crop', 'flip'], source: PILOT },
    schedule: { value: 'linear', source: PILOT },
    phases: {
      value: [
        { timesteps: 1, parts: 1.2, from: 0.01, to: 1 },
        { timesteps: 1, parts: 4.8, from: 1, to: 0.3 },
        { parts: 1, from: 0.3, to: 0 },
      ],
      source: PILOT,
    },
    normBatches: { value: 50, source: PILOT },
  },
  constants: {},
  sources: { speedrun: 'bench/results/speedrun.md, with the commands that measured it' },
} as const satisfies Recipe;
