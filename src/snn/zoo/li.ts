// LI: a leaky integrator, which never fires; the membrane is what comes out. For the last layer of a network, whose
// loss is taken of membranes.
//
//   v = tau·v + x

import { learnable, type NeuronModel, neuron } from '../../neurons';
import { finite, flag, type OptionsOf, option, optionTable } from '../../options';

/** The constants of {@link li}. */
export interface LiOptions {
  /** The share of v that is left after a step. Default 0.9. */
  tau?: number;
  /** Whether tau is learnt, one for the layer. Default false. */
  learns?: boolean;
}

export const liOptions = optionTable({
  tau: option(finite({ least: 0, most: 1 }), 0.9),
  learns: option(flag, false),
} satisfies OptionsOf<LiOptions>);

/** A leaky integrator, a read-out without spikes: `new Spiking(li())`. */
export function li(options: LiOptions = {}): NeuronModel {
  const { tau, learns } = liOptions.read('li', options);
  return neuron('v = tau*v + x', { parameters: { tau: learns ? learnable(tau) : tau } });
}
