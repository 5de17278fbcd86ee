// AdEx: EIF with a current that follows the membrane, grows with each spike and holds it back.
//
//   h = v + (rest - v + delta·exp((v - vT)/delta) - w + x)/tau,   w' = w + (a·(v - rest) - w)/tauW
//   spikes = Θ(h - vth),   v = h, or vReset where it fires,   w = w' + b·spikes
//
// Both from v and w before the step. Source: Brette and Gerstner, "Adaptive exponential integrate-and-fire model as an
// effective description of neuronal activity", Journal of Neurophysiology 94, 2005, eq. 1 to 4, in units of the leak.

import { arctan } from '../surrogates';
import { ALWAYS, positive, zooNeuron } from './entry';

/** AdEx, a step of Euler: `new Spiking(adex({ b: 0.1 }))`. */
export const adex = /* @__PURE__ */ zooNeuron({
  name: 'adex',
  title: 'adaptive exponential integrate-and-fire',
  source: 'Brette and Gerstner, Journal of Neurophysiology 94, 2005, eq. 1 to 4',
  equations: `
h = v + (rest - v + delta*exp((v - vT)/delta) - w + x)/tau
adapted = w + (a*(v - rest) - w)/tauW
spikes = spike(h - vth)
v = h*(1 - {spikes}) + vReset*{spikes}
w = adapted + b*spikes`,
  constants: {
    tau: { value: 2, words: 'time constant of v in steps', learns: true, kind: positive },
    tauW: { value: 10, words: 'time constant of w in steps', learns: true, kind: positive },
    delta: { value: 0.2, words: 'how soft the upswing is', learns: true, kind: positive },
    a: { value: 0.05, words: 'how w follows v', learns: true },
    b: { value: 0.1, words: 'what a spike adds to w', learns: true },
    rest: { value: 0, words: 'where v rests' },
    vT: { value: 0.8, words: 'where the upswing begins' },
    vth: { value: 1, words: 'threshold' },
    vReset: { value: 0, words: 'v after a spike' },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'reset'],
  example: { b: 0.3, learns: true },
});
