// What to try first in the Neuron room.

import type { Experiment } from '../../parts/experiments';
import type { NeuronState } from './state';

export const experiments: readonly Experiment<NeuronState>[] = [
  {
    title: 'MPR moves no spike',
    look: 'Switch MPR: Ĥ, error and gradient change, O does not.',
    change: { input: 'noise', amplitude: 0.5, k: 5 },
  },
  {
    title: 'The printed form',
    look: 'Noise as tdBN gives it: switch Dynamics to leak and count spikes.',
    change: { input: 'noise', amplitude: 0.5, dynamics: 'paper', T: 24 },
  },
  {
    title: 'Soft reset',
    look: 'What is left above the threshold fires again: switch Reset.',
    change: { input: 'pulses', amplitude: 1.4, period: 16, tau: 0.95, reset: 'soft' },
  },
];
