// What to try first in the Network room.

import type { Experiment } from '../../parts/experiments';
import type { NetworkState } from './state';

export const experiments: readonly Experiment<NetworkState>[] = [
  {
    title: 'One start, two ways',
    look: 'Press Step: the same losses, until MPR’s gradient parts them.',
    change: { speed: 'slow' },
  },
  {
    title: 'Learned by heart',
    look: 'The training loss falls on, the test loss does not: mind the gap.',
    change: { noise: 0.25, width: 12, lr: 0.1, steps: 140 },
  },
  {
    title: 'A whole turn',
    look: 'Choose neurons of layer 2: they bend what layer 1 cuts straight.',
    change: { shape: 'spirals', seed: 3, width: 12, steps: 120 },
  },
];
