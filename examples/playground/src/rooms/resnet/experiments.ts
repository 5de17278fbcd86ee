// What to try first in the ResNet room.

import type { Experiment } from '../../parts/experiments';
import { LAYERS, type ResNetState } from './state';

export const experiments: readonly Experiment<ResNetState>[] = [
  {
    title: 'Layers wake up',
    look: 'Press Play: first the last layer fires, then the loss falls.',
    change: { layer: LAYERS - 1 },
  },
  {
    title: 'Without MPR',
    look: 'Same seed, same batches: Ĥ is H, and the error stays.',
    change: { mpr: false, layer: 7 },
  },
  {
    title: 'The printed form',
    look: 'Press Play: the same network, and a loss that hardly falls.',
    change: { dynamics: 'paper', layer: 7 },
  },
];
