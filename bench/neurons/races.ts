// What is raced: LIF and ALIF alone, forward and backward, a million neurons over four steps in one thread, beside
// PyTorch and libraries on it.

import { ours, type Pace, torchNeuron } from '../peers/entrants';
import type { Race } from '../peers/race';
import type { ScanJob } from '../peers/work/scan';

const TIMESTEPS = 4;
const NEURONS = 2 ** 20;
const PACE: Pace = { units: 1, repetitions: 12, warmup: 24 };
const SLOW: Pace = { units: 1, repetitions: 4, warmup: 4 };
const WORDS = { lif: 'LIF', alif: 'ALIF' };

function race(neuron: ScanJob['neuron'], pass: ScanJob['pass']): Race {
  const job = { neuron, pass, timesteps: TIMESTEPS, neurons: NEURONS };
  const own = (name: string, layout: ScanJob['layout']) => ours(name, { kind: 'scan', ...job, layout }, PACE);
  return {
    name: `${neuron}-${pass}`,
    title: `${WORDS[neuron]}, ${pass}, T=${TIMESTEPS}, ${NEURONS} neurons, 1 thread`,
    ours: [own('images', 'images'), own('one row', 'row')],
    peers: [
      torchNeuron('PyTorch, eager', { kind: 'eager', ...job }, SLOW),
      torchNeuron('PyTorch, torch.compile', { kind: 'compiled', ...job }, SLOW),
      torchNeuron("snnTorch's Leaky", { kind: 'snntorch', ...job }, SLOW),
      torchNeuron("SpikingJelly's LIFNode", { kind: 'spikingjelly', ...job }, SLOW),
    ],
  };
}

export const races: readonly Race[] = (['lif', 'alif'] as const).flatMap((neuron) =>
  (['forward', 'backward'] as const).map((pass) => race(neuron, pass)),
);
