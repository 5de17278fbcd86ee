// QIF: a membrane that falls back below a critical value and runs away above it.
//
//   h = v + (a·(v - rest)·(v - critical) + x)/tau,   spikes = Θ(h - vth),   v = h where nothing fires, else vReset
//
// Source: Latham et al., "Intrinsic dynamics in neuronal networks", Journal of Neurophysiology 83, 2000; QIFNode of
// SpikingJelly.

import { arctan } from '../surrogates';
import { ALWAYS, positive, zooNeuron } from './entry';

/** QIF, a step of Euler: `new Spiking(qif())`. */
export const qif = /* @__PURE__ */ zooNeuron({
  name: 'qif',
  title: 'quadratic integrate-and-fire',
  source: 'Latham et al., Journal of Neurophysiology 83, 2000',
  equations: `
h = v + (a*(v - rest)*(v - critical) + x)/tau
spikes = spike(h - vth)
v = h*(1 - {spikes}) + vReset*{spikes}`,
  constants: {
    tau: { value: 2, words: 'time constant in steps', learns: true, kind: positive },
    a: { value: 1, words: 'curvature', learns: true, kind: positive },
    rest: { value: 0, words: 'where v rests' },
    critical: { value: 0.8, words: 'where v begins to run away' },
    vth: { value: 1, words: 'threshold' },
    vReset: { value: -0.1, words: 'v after a spike' },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { tau: 4 },
});
