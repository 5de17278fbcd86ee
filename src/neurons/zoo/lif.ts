// LIF by what a spike does to the membrane: to a number, by an amount, nothing, one step later, or unseen by the
// gradient. The first is the neuron that Lif makes with dynamics 'leak', with the same constants.
//
//   h = tau·v + x,   spikes = Θ(h - vth)
//
//   hard      v = h where nothing fires, else vReset     soft      v = h - by·vth·spikes
//   none      v = h                                      delayed   h = tau·v + x - by·vth·spikes[t-1],   v = h
//   delayed, hard   h = tau·v·(1 - spikes[t-1]) + x,   v = h
//
// Source: Stein, "A theoretical analysis of neuronal variability", Biophysical Journal 5, 1965; the delayed form is
// snnTorch's default (Eshraghian et al., Proceedings of the IEEE 111, 2023, eq. 5), where the reset has no gradient.

import { rectangular } from '../surrogates';
import { ALWAYS, share, type ZooConstant, zooNeuron } from './entry';

const source = 'Stein, Biophysical Journal 5, 1965';
const CHARGE = `
h = tau*v + x
spikes = spike(h - vth)`;
const constants = {
  tau: { value: 0.25, words: 'share of v that is left after a step', learns: true, kind: share },
  vth: { value: 0.5, words: 'threshold', learns: true },
} satisfies Record<string, ZooConstant>;
const vReset: ZooConstant = { value: 0, words: 'v after a spike' };
const by: ZooConstant = { value: 1, words: 'what a spike takes from v, in thresholds', learns: true };
const surrogate = () => rectangular();

/** LIF with a hard reset, the neuron of `Lif` as equations: `new Spiking(lifNeuron())`. */
export const lifNeuron = /* @__PURE__ */ zooNeuron({
  name: 'lifNeuron',
  title: 'leaky integrate-and-fire, hard reset',
  source,
  equations: `${CHARGE}
v = h*(1 - {spikes}) + vReset*{spikes}`,
  constants: { ...constants, vReset },
  surrogate,
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { tau: 0.9, vth: 1, learns: true },
});

/** LIF from which a spike takes any amount, by default one threshold: `new Spiking(lifSoft({ by: 0.5 }))`. */
export const lifSoft = /* @__PURE__ */ zooNeuron({
  name: 'lifSoft',
  title: 'leaky integrate-and-fire, soft reset by any amount',
  source,
  equations: `${CHARGE}
v = h - by*vth*{spikes}`,
  constants: { ...constants, by },
  surrogate,
  laws: [...ALWAYS, 'silence', 'decay', 'subtraction'],
  example: { by: 0.5 },
});

/** LIF that fires as long as it is above the threshold: `new Spiking(lifNoReset())`. */
export const lifNoReset = /* @__PURE__ */ zooNeuron({
  name: 'lifNoReset',
  title: 'leaky integrate-and-fire without reset',
  source,
  equations: `${CHARGE}
v = h`,
  constants,
  surrogate,
  laws: [...ALWAYS, 'silence', 'decay'],
  example: { tau: 0.5 },
});

/** LIF whose spike is taken off one step later, as snnTorch's by default: `new Spiking(lifDelayed())`. */
export const lifDelayed = /* @__PURE__ */ zooNeuron({
  name: 'lifDelayed',
  title: "leaky integrate-and-fire, snnTorch's reset one step late",
  source: 'Eshraghian et al., Proceedings of the IEEE 111, 2023, eq. 5; Leaky of snnTorch',
  equations: `
h = tau*v + x - by*vth*detach(spikes)
spikes = spike(h - vth)
v = h`,
  constants: { ...constants, by },
  surrogate,
  laws: [...ALWAYS, 'silence', 'decay'],
  example: { tau: 0.9, vth: 1, learns: true },
});

/** The same set to 0 one step later, as snnTorch's with `reset_mechanism='zero'`: `new Spiking(lifDelayedHard())`. */
export const lifDelayedHard = /* @__PURE__ */ zooNeuron({
  name: 'lifDelayedHard',
  title: "leaky integrate-and-fire, snnTorch's reset to 0 one step late",
  source: 'Eshraghian et al., Proceedings of the IEEE 111, 2023; Leaky of snnTorch',
  equations: `
h = tau*v*(1 - detach(spikes)) + x
spikes = spike(h - vth)
v = h`,
  constants,
  surrogate,
  laws: [...ALWAYS, 'silence', 'decay'],
  example: { tau: 0.9, vth: 1 },
});

/** LIF whose gradient does not go through the reset: `new Spiking(lifDetached())`. */
export const lifDetached = /* @__PURE__ */ zooNeuron({
  name: 'lifDetached',
  title: 'leaky integrate-and-fire, reset without gradient',
  source: `${source}; Zenke and Vogels, Neural Computation 33, 2021`,
  equations: `${CHARGE}
v = h*(1 - detach(spikes)) + vReset*detach(spikes)`,
  constants: { ...constants, vReset },
  surrogate,
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { vReset: -0.1 },
});
