// LIF in spyx's order: a step fires on the membrane that the step before left, then takes its input. A spike comes one
// step after the input that caused it.
//
//   spikes = Θ(v - vth),   v = tau·v + x - vth·spikes
//
// Source: LIF of spyx (Heckel et al., "Spyx: a library for just-in-time compiled optimization of spiking neural
// networks", arXiv 2402.18994).

import { arctan } from '../surrogates';
import { ALWAYS, share, zooNeuron } from './entry';

/** LIF that fires before it is charged, as in spyx: `new Spiking(fireFirst())`. */
export const fireFirst = /* @__PURE__ */ zooNeuron({
  name: 'fireFirst',
  title: "leaky integrate-and-fire in spyx's order: fires, then charges",
  source: 'Heckel et al., arXiv 2402.18994; LIF of spyx',
  equations: `
spikes = spike(v - vth)
v = tau*v + x - vth*{spikes}`,
  constants: {
    tau: { value: 0.5, words: 'share of v that is left after a step', learns: true, kind: share },
    vth: { value: 1, words: 'threshold' },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'decay'],
  example: { tau: 0.9 },
});
