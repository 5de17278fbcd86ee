// Neurons to begin with.

import { alif, li, neuronToJson, plif } from 'spikegrad';
import { FIRST } from './first';
import { fromJson, type Written } from './written';

export interface ZooEntry {
  readonly name: string;
  readonly title: string;
  make(): Written;
}

const written = (json: unknown): Written => fromJson(JSON.stringify(json))!;

export const zoo: readonly ZooEntry[] = [
  { name: 'lif', title: 'LIF: leak, fire, begin again', make: () => fromJson(FIRST)! },
  {
    name: 'alif',
    title: 'ALIF: the threshold rises with every spike',
    make: () => written(neuronToJson(alif())),
  },
  { name: 'plif', title: 'PLIF: a time constant that is learnt', make: () => written(neuronToJson(plif())) },
  { name: 'li', title: 'LI: a read-out without spikes', make: () => written(neuronToJson(li())) },
];
