// PLIF: a LIF neuron whose time constant is learnt.
//
//   h = v + (x - v)·σ(w),   spikes = Θ(h - vth),   v = h where nothing fires, else 0
//
// 1/σ(w) is the time constant in steps. Source: Fang et al., "Incorporating learnable membrane time constant to
// enhance learning of spiking neural networks", ICCV 2021, eq. 7 to 11: w = -log(tau - 1).

import { finite } from '../../options';
import { arctan } from '../surrogates';
import { ALWAYS, zooNeuron } from './entry';

/** PLIF (Fang et al., ICCV 2021): `new Spiking(plif())`, one learnable time constant for the layer. */
export const plif = /* @__PURE__ */ zooNeuron({
  name: 'plif',
  title: 'parametric leaky integrate-and-fire',
  source: 'Fang et al., ICCV 2021, eq. 7 to 11',
  equations: `
h = v + (x - v)*sigmoid(w)
spikes = spike(h - vth)
v = h*(1 - {spikes})`,
  constants: {
    tau: {
      value: 2,
      words: 'time constant in steps, 1/sigmoid(w)',
      learns: true,
      kind: finite({ above: 1 }),
      inEquations: { name: 'w', from: (tau) => Math.log(1 / (tau - 1)) },
    },
    vth: { value: 1, words: 'threshold' },
  },
  surrogate: () => arctan(),
  learns: true,
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { tau: 4, per: 'channel' },
});
