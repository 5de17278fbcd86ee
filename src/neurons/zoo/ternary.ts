// Ternary LIF: a spike is 1 above the threshold, -1 below its negative, and 0 between.
//
//   h = tau·v + x,   spikes = Θ(h - vth) - Θ(-h - vth),   v = h where nothing fires, else 0
//
// Source: Guo et al., "Ternary spike: learning ternary spikes for spiking neural networks", AAAI 2024, eq. 7 and 8;
// their learnt amplitude goes into the weights behind it, as they do for inference. TernaryLIFNode of SpikingJelly.

import { rectangular } from '../surrogates';
import { ALWAYS, positive, share, zooNeuron } from './entry';

/** LIF with spikes of -1, 0 and 1: `new Spiking(ternary())`. */
export const ternary = /* @__PURE__ */ zooNeuron({
  name: 'ternary',
  title: 'leaky integrate-and-fire with spikes of -1, 0 and 1',
  source: 'Guo et al., AAAI 2024, eq. 7 and 8',
  equations: `
h = tau*v + x
up = spike(h - vth)
down = spike(-h - vth)
spikes = up - down
v = h*(1 - {up} - {down})`,
  constants: {
    tau: { value: 0.25, words: 'share of v that is left after a step', learns: true, kind: share },
    vth: { value: 0.5, words: 'threshold, of either sign', kind: positive },
  },
  surrogate: () => rectangular(),
  laws: [...ALWAYS, 'silence', 'decay', 'reset'],
  example: { tau: 0.5, vth: 1 },
});
