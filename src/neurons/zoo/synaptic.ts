// Synaptic, or CUBA LIF: the input charges a current, and the current the membrane.
//
//   i = alpha·i + x,   h = beta·v + i,   spikes = Θ(h - vth),   v = h - by·spikes
//
// Source: Vogels and Abbott, "Signal propagation and logic gating in networks of integrate-and-fire neurons", Journal
// of Neuroscience 25, 2005 (current-based); Synaptic of snnTorch with reset_delay=False.

import { arctan } from '../surrogates';
import { ALWAYS, share, zooNeuron } from './entry';

/** A LIF neuron behind a synaptic current (CUBA): `new Spiking(synaptic())`. */
export const synaptic = /* @__PURE__ */ zooNeuron({
  name: 'synaptic',
  title: 'leaky integrate-and-fire behind a synaptic current (CUBA)',
  source: 'Vogels and Abbott, Journal of Neuroscience 25, 2005; Synaptic of snnTorch',
  equations: `
i = alpha*i + x
h = beta*v + i
spikes = spike(h - vth)
v = h - by*{spikes}`,
  constants: {
    alpha: { value: 0.5, words: 'share of the current that is left after a step', learns: true, kind: share },
    beta: { value: 0.5, words: 'share of v that is left after a step', learns: true, kind: share },
    vth: { value: 1, words: 'threshold' },
    by: { value: 1, words: 'what a spike takes from v' },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'decay', 'subtraction'],
  example: { alpha: 0.9, beta: 0.8 },
});
