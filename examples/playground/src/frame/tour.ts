// The tour: three states of the rooms, each with what to see in it.

import type { Params } from './codec';

export interface Stop {
  readonly room: string;
  /** What differs from the room's initial state, as it stands in an address. */
  readonly params: Params;
  readonly says: string;
}

const noise = { input: 'noise', amplitude: '0.5', T: '24' };

export const tour: readonly Stop[] = [
  {
    room: 'neuron',
    params: new Map(Object.entries({ ...noise, mpr: '0' })),
    says: 'The input X charges the membrane H; where H reaches the threshold vth, the neuron fires: O is 1, else 0. What firing rounds away, |H − O|, is the quantization error, the large number on this page.',
  },
  {
    room: 'neuron',
    params: new Map(Object.entries({ ...noise, k: '5' })),
    says: 'Now MPR is on: φ moves each H to Ĥ, nearer to the spike that it becomes. No spike has changed, the error is smaller, and the surrogate gradient, by which networks learn, is steeper at vth. Move k.',
  },
  {
    room: 'network',
    params: new Map([['speed', 'fast']]),
    says: 'Two networks with the same first weights learn the same points, one with MPR and one without. Press Play and watch the two test losses part.',
  },
];
