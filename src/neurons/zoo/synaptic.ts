// Synaptic, or CUBA LIF: the input charges a current, and the current the membrane, from which a spike takes an amount,
// or which it sets to a number.
//
//   i = alpha·i + x,   h = beta·v + i,   spikes = Θ(h - vth)
//
//   soft   v = h - by·vth·spikes      hard   v = h where nothing fires, else vReset
//
// Source: Vogels and Abbott, "Signal propagation and logic gating in networks of integrate-and-fire neurons", Journal
// of Neuroscience 25, 2005 (current-based); Synaptic of snnTorch with reset_delay=False; CubaLIF of NIR.

import { arctan } from '../surrogates';
import { ALWAYS, share, type ZooConstant, zooNeuron } from './entry';

const source = 'Vogels and Abbott, Journal of Neuroscience 25, 2005';
const CHARGE = `
i = alpha*i + x
h = beta*v + i
spikes = spike(h - vth)`;
const constants = {
  alpha: { value: 0.5, words: 'share of the current that is left after a step', learns: true, kind: share },
  beta: { value: 0.5, words: 'share of v that is left after a step', learns: true, kind: share },
  vth: { value: 1, words: 'threshold' },
} satisfies Record<string, ZooConstant>;

/** A LIF neuron behind a synaptic current (CUBA), soft reset: `new Spiking(synaptic())`. */
export const synaptic = /* @__PURE__ */ zooNeuron({
  name: 'synaptic',
  title: 'leaky integrate-and-fire behind a synaptic current (CUBA), soft reset',
  source: `${source}; Synaptic of snnTorch`,
  equations: `${CHARGE}
v = h - by*vth*{spikes}`,
  constants: { ...constants, by: { value: 1, words: 'what a spike takes from v, in thresholds' } },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'decay', 'subtraction'],
  example: { alpha: 0.9, beta: 0.8 },
});

/** The same with a hard reset: `new Spiking(cubaLif())`. */
export const cubaLif = /* @__PURE__ */ zooNeuron({
  name: 'cubaLif',
  title: 'leaky integrate-and-fire behind a synaptic current (CUBA), hard reset',
  source: `${source}; CubaLIF of NIR`,
  equations: `${CHARGE}
v = h*(1 - {spikes}) + vReset*{spikes}`,
  constants: { ...constants, vReset: { value: 0, words: 'v after a spike' } },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { alpha: 0.9, learns: true },
});
