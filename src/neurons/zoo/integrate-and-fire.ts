// IF: a membrane that adds up its input and forgets nothing until it fires.
//
//   h = v + x,   spikes = Θ(h - vth),   v = h where nothing fires, else vReset
//
// Source: Lapicque 1907, as Abbott, "Lapicque's introduction of the integrate-and-fire model neuron", Brain Research
// Bulletin 50, 1999, tells it; IFNode of SpikingJelly.

import { arctan } from '../surrogates';
import { ALWAYS, zooNeuron } from './entry';

/** IF, a perfect integrator: `new Spiking(ifNeuron())`. */
export const ifNeuron = /* @__PURE__ */ zooNeuron({
  name: 'ifNeuron',
  title: 'integrate-and-fire',
  source: 'Lapicque 1907; Abbott, Brain Research Bulletin 50, 1999',
  equations: `
h = v + x
spikes = spike(h - vth)
v = h*(1 - {spikes}) + vReset*{spikes}`,
  constants: {
    vth: { value: 1, words: 'threshold' },
    vReset: { value: 0, words: 'v after a spike' },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'reset'],
  example: { vth: 2 },
});
