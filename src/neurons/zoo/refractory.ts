// Refractory LIF: after a spike the membrane stands still for some steps and its input is lost.
//
//   h = tau·v + x, or v in the steps after a spike,   spikes = Θ(h - vth),   v = h where nothing fires, else 0
//   r = steps where it fired, else r - 1, at least 0
//
// A spike at step t blocks t+1 … t+steps. Source: Gerstner et al., "Neuronal dynamics", 2014, 1.3 (absolute refractory
// period); Brian2's `(unless refractory)`.

import { whole } from '../../options';
import { arctan } from '../surrogates';
import { ALWAYS, share, zooNeuron } from './entry';

/** LIF with an absolute refractory period in whole steps: `new Spiking(lifRefractory({ steps: 2 }))`. */
export const lifRefractory = /* @__PURE__ */ zooNeuron({
  name: 'lifRefractory',
  title: 'leaky integrate-and-fire with a refractory period',
  source: 'Gerstner et al., Neuronal Dynamics, 2014, 1.3',
  equations: `
h = r > 0 ? v : tau*v + x
spikes = spike(h - vth)
v = h*(1 - {spikes})
r = spikes > 0.5 ? steps : max(r - 1, 0)`,
  constants: {
    tau: { value: 0.5, words: 'share of v that is left after a step', learns: true, kind: share },
    steps: { value: 1, words: 'steps for which a spike silences it', kind: whole({ least: 0 }) },
    vth: { value: 1, words: 'threshold' },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'decay', 'reset', 'refractory'],
  example: { steps: 3 },
});
