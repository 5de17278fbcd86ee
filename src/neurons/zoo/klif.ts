// KLIF: a LIF neuron whose membrane is scaled by a learnt factor and cut off below 0 before it fires.
//
//   h = relu(k·(v + (x - v)/tau)),   spikes = Θ(h - vth),   v = h where nothing fires, else 0
//
// Source: Jiang and Zhang, "KLIF: an optimized spiking neuron unit for tuning surrogate gradient slope and membrane
// potential", arXiv 2302.09238; KLIFNode of SpikingJelly.

import { finite } from '../../options';
import { arctan } from '../surrogates';
import { ALWAYS, positive, zooNeuron } from './entry';

/** KLIF (Jiang and Zhang, 2023): `new Spiking(klif())`, one learnable factor for the layer. */
export const klif = /* @__PURE__ */ zooNeuron({
  name: 'klif',
  title: 'leaky integrate-and-fire with a learnt slope',
  source: 'Jiang and Zhang, arXiv 2302.09238',
  equations: `
h = relu(k*(v + (x - v)/tau))
spikes = spike(h - vth)
v = h*(1 - {spikes})`,
  constants: {
    k: { value: 1, words: 'factor on the membrane', learns: true, kind: positive },
    tau: { value: 2, words: 'time constant in steps', kind: finite({ least: 1 }) },
    vth: { value: 1, words: 'threshold' },
  },
  surrogate: () => arctan(),
  learns: true,
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { k: 1.5, tau: 4 },
});
