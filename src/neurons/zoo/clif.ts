// CLIF: a LIF neuron beside whose membrane stands a complementary potential, which remembers spikes as long as the
// membrane is high, and makes each take more: gradients go on through it where the membrane's fade.
//
//   h = tau·v + x,   spikes = Θ(h - vth),   m = m·σ((1 - tau)·h) + spikes,   v = h - spikes·(vth + σ(m))
//
// Source: Huang et al., "CLIF: complementary leaky integrate-and-fire neuron for spiking neural networks", ICML 2024;
// ComplementaryLIFNode of SpikingJelly, whose tau is 1/(1 - tau) here.

import { arctan } from '../surrogates';
import { ALWAYS, share, zooNeuron } from './entry';

/** CLIF (Huang et al., ICML 2024), two states: `new Spiking(clif())`. */
export const clif = /* @__PURE__ */ zooNeuron({
  name: 'clif',
  title: 'complementary leaky integrate-and-fire',
  source: 'Huang et al., ICML 2024',
  equations: `
h = tau*v + x
spikes = spike(h - vth)
m = m*sigmoid((1 - tau)*h) + spikes
v = h - {spikes}*(vth + sigmoid(m))`,
  constants: {
    tau: { value: 0.5, words: 'share of v that is left after a step', learns: true, kind: share },
    vth: { value: 1, words: 'threshold', learns: true },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'rest', 'decay'],
  example: { tau: 0.8 },
});
