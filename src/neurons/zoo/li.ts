// LI and CubaLI: leaky integrators, which never fire; the membrane is what comes out. For the last layer of a network,
// whose loss is taken of membranes.
//
//   LI   v = tau·v + x                  CubaLI   i = alpha·i + x,   v = beta·v + i

import { ALWAYS, share, zooNeuron } from './entry';

/** A leaky integrator, a read-out without spikes: `new Spiking(li())`. */
export const li = /* @__PURE__ */ zooNeuron({
  name: 'li',
  title: 'leaky integrator, a read-out',
  source: 'LI of NIR, LICell of Norse',
  equations: 'v = tau*v + x',
  constants: {
    tau: { value: 0.9, words: 'share of v that is left after a step', learns: true, kind: share },
  },
  laws: [...ALWAYS, 'silence', 'decay'],
  example: { tau: 0.5 },
});

/** A leaky integrator behind a synaptic current, a read-out without spikes: `new Spiking(cubaLi())`. */
export const cubaLi = /* @__PURE__ */ zooNeuron({
  name: 'cubaLi',
  title: 'leaky integrator behind a synaptic current, a read-out',
  source: 'CubaLI of NIR',
  equations: `
i = alpha*i + x
v = beta*v + i`,
  constants: {
    alpha: { value: 0.5, words: 'share of the current that is left after a step', learns: true, kind: share },
    beta: { value: 0.9, words: 'share of v that is left after a step', learns: true, kind: share },
  },
  laws: [...ALWAYS, 'silence', 'decay'],
  example: { alpha: 0.8, learns: true },
});
