// Alpha: the membrane is the difference of two currents that decay at different rates, so that a single input makes
// it rise and fall. A spike clears all of it one step later, that step's input included.
//
//   e = (alpha·e + x)·r,   n = (beta·n - x)·r,   h = tau·(e + n),   spikes = Θ(h - vth),   r = 1 - spikes[t-1]
//   tau = log(alpha)/(log(beta) - log(alpha)) + 1
//
// Source: Rall, "Distinguishing theoretical synaptic potentials computed for different soma-dendritic distributions of
// synaptic input", Journal of Neurophysiology 30, 1967; Alpha of snnTorch with reset_mechanism='zero'.

import { arctan } from '../surrogates';
import { ALWAYS, inside, zooNeuron } from './entry';

/** The alpha membrane model: `new Spiking(alphaNeuron())`. */
export const alphaNeuron = /* @__PURE__ */ zooNeuron({
  name: 'alphaNeuron',
  title: 'alpha membrane: rises and falls after an input',
  source: 'Rall, Journal of Neurophysiology 30, 1967; Alpha of snnTorch',
  equations: `
r = 1 - detach(spikes)
e = (alpha*e + x)*r
n = (beta*n - x)*r
h = (log(alpha)/(log(beta) - log(alpha)) + 1)*(e + n)
spikes = spike(h - vth)`,
  constants: {
    alpha: { value: 0.8, words: 'share of the exciting current that is left, above beta', kind: inside },
    beta: { value: 0.5, words: 'share of the inhibiting current that is left', kind: inside },
    vth: { value: 0.5, words: 'threshold' },
  },
  surrogate: () => arctan(),
  laws: [...ALWAYS, 'silence', 'decay'],
  example: { alpha: 0.9, beta: 0.6 },
});
