// EIF: a leaky membrane with an exponential upswing.
//
//   h = v + (rest - v + delta·exp((v - vT)/delta) + x)/tau,   spikes = Θ(h - vth),   v = h, or vReset where it fires
//
// Source: Fourcaud-Trocmé et al., "How spike generation mechanisms determine the neuronal response to fluctuating
// inputs", Journal of Neuroscience 23, 2003, eq. 1 and 5; EIFNode of SpikingJelly.

import { arctan } from '../surrogates';
import { ALWAYS, positive, zooNeuron } from './entry';

/** EIF, a step of Euler: `new Spiking(eif())`. */
export const eif = /* @__PURE__ */ zooNeuron({
  name: 'eif',
  title: 'exponential integrate-and-fire',
  source: 'Fourcaud-Trocmé et al., Journal of Neuroscience 23, 2003',
  equations: `
h = v + (rest - v + delta*exp((v - vT)/delta) + x)/tau
spikes = spike(h - vth)
v = h*(1 - {spikes}) + vReset*{spikes}`,
  constants: {
    tau: { value: 2, words: 'time constant in steps', learns: true, kind: positive },
    delta: { value: 0.2, words: 'how soft the upswing is', learns: true, kind: positive },
    rest: { value: 0, words: 'where v rests' },
    vT: { value: 0.8, words: 'where the upswing begins' },
    vth: { value: 1, words: 'threshold' },
    vReset: { value: -0.1, words: 'v after a spike' },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'reset'],
  example: { delta: 0.1, learns: true },
});
