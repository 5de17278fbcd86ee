// ALIF: a LIF neuron whose threshold rises with every spike of its own and falls back.
//
//   h = tau·v + x,   spikes = Θ(h - vth - beta·a),   v = h where nothing fires, else 0,   a = rho·a + spikes
//
// Source: Bellec et al., "Long short-term memory and learning-to-learn in networks of spiking neurons", NeurIPS 2018,
// eq. 2 (there with a reset by subtraction).

import { finite } from '../../options';
import { arctan } from '../surrogates';
import { ALWAYS, share, zooNeuron } from './entry';

/** ALIF (Bellec et al., NeurIPS 2018), two states: `new Spiking(alif())`. */
export const alif = /* @__PURE__ */ zooNeuron({
  name: 'alif',
  title: 'leaky integrate-and-fire with an adaptive threshold',
  source: 'Bellec et al., NeurIPS 2018, eq. 2',
  equations: `
h = tau*v + x
spikes = spike(h - vth - beta*a)
v = h*(1 - {spikes})
a = rho*a + spikes`,
  constants: {
    tau: { value: 0.5, words: 'share of v that is left after a step', learns: true, kind: share },
    rho: { value: 0.9, words: 'share of the adaptation that is left', learns: true, kind: share },
    beta: {
      value: 0.2,
      words: 'how far a spike lifts the threshold',
      learns: true,
      kind: finite({ least: 0 }),
    },
    vth: { value: 1, words: 'threshold at rest' },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { beta: 0.5, learns: true },
});
