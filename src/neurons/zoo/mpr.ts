// LIF-MPR: a LIF neuron whose membrane is rectified before it is compared with the threshold. MPR centred on the
// threshold changes no spike, only the gradient.
//
//   h = tau·v + x,   r = φ(h),   spikes = Θ(r - vth),   v = h where nothing fires, else 0
//   φ(h) = tanh(k(h - vth)) / (2·tanh(k/2)) + vth
//
// Source: Guo et al., "Training high-performance spiking neural networks through reducing quantization error",
// AAAI 2022, eq. 8.

import { rectangular } from '../surrogates';
import { ALWAYS, positive, share, zooNeuron } from './entry';

/** LIF with membrane potential rectification: `new Spiking(lifMpr({ k: 3 }))`. */
export const lifMpr = /* @__PURE__ */ zooNeuron({
  name: 'lifMpr',
  title: 'leaky integrate-and-fire with membrane potential rectification',
  source: 'Guo et al., AAAI 2022, eq. 8',
  equations: `
h = tau*v + x
r = tanh(k*(h - vth))/(2*tanh(k/2)) + vth
spikes = spike(r - vth)
v = h*(1 - {spikes})`,
  constants: {
    tau: { value: 0.25, words: 'share of v that is left after a step', learns: true, kind: share },
    k: { value: 3, words: 'steepness of the rectifier', learns: true, kind: positive },
    vth: { value: 0.5, words: 'threshold, and centre of the rectifier' },
  },
  surrogate: () => rectangular(),
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { k: 5 },
});
