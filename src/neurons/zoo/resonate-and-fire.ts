// Resonate-and-fire: a membrane that turns as it decays, so that it answers to inputs at its own rhythm.
//
//   h = e^damping·(u·sin ω + v·cos ω),   spikes = Θ(h - vth),   v = h where nothing fires, else vReset
//   u = e^damping·(u·cos ω - v·sin ω) + x, cleared by a spike
//
// u + iv is Izhikevich's z, turned exactly in each step. Source: Izhikevich, "Resonate-and-fire neurons", Neural
// Networks 14, 2001, eq. 1, where a spike sets z to i; RAFNode of SpikingJelly, where u turns on (clear 0, vReset 0).

import { finite } from '../../options';
import { arctan } from '../surrogates';
import { ALWAYS, positive, share, zooNeuron } from './entry';

/** Resonate-and-fire: `new Spiking(resonateAndFire({ omega: 0.5 }))`. */
export const resonateAndFire = /* @__PURE__ */ zooNeuron({
  name: 'resonateAndFire',
  title: 'resonate-and-fire',
  source: 'Izhikevich, Neural Networks 14, 2001, eq. 1',
  equations: `
h = exp(damping)*(u*sin(omega) + v*cos(omega))
turned = exp(damping)*(u*cos(omega) - v*sin(omega)) + x
spikes = spike(h - vth)
v = h*(1 - {spikes}) + vReset*{spikes}
u = turned*(1 - clear*{spikes})`,
  constants: {
    damping: { value: -0.2, words: 'growth of the swing in a step', learns: true, kind: finite({ most: 0 }) },
    omega: { value: 1, words: 'radians of a step', learns: true, kind: positive },
    vth: { value: 1, words: 'threshold' },
    vReset: { value: 1, words: 'v after a spike' },
    clear: { value: 1, words: 'share of u that a spike clears', kind: share },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { omega: 0.5, damping: -0.1 },
});
