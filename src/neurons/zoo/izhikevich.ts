// Izhikevich's simple model: two equations that fire like many kinds of neurons, in mV and ms.
//
//   v' = 0.04v² + 5v + 140 - u + x,   u' = a(b·v - u);   where v reaches 30: v = c, u = u + d
//
// By one step of Euler for both, or as his program steps: v by two halves, then u with the new v. Source: Izhikevich,
// "Simple model of spiking neurons", IEEE Transactions on Neural Networks 14, 2003, eq. 1 to 3 and its program.

import { arctan } from '../surrogates';
import { ALWAYS, positive, type ZooConstant, zooNeuron } from './entry';

const constants = {
  a: { value: 0.02, words: 'rate of u a ms', learns: true },
  b: { value: 0.2, words: 'how u follows v', learns: true },
  c: { value: -65, words: 'v after a spike' },
  d: { value: 8, words: 'what a spike adds to u', learns: true },
  vth: { value: 30, words: 'where a spike is cut off' },
} satisfies Record<string, ZooConstant>;
const FIRE = `
spikes = spike(h - vth)
v = h*(1 - {spikes}) + c*{spikes}
u = recovered + d*spikes`;
const source = 'Izhikevich, IEEE Transactions on Neural Networks 14, 2003, eq. 1 to 3';
/** v lies 95 mV below the threshold after a spike: a surrogate as wide as others' would give no gradient there. */
const surrogate = () => arctan({ alpha: 0.04 });
const start = { v: -65, u: -13 };

/** Izhikevich's neuron, one step of Euler of dt ms: `new Spiking(izhikevich())`, fed with currents of 10 and more. */
export const izhikevich = /* @__PURE__ */ zooNeuron({
  name: 'izhikevich',
  title: "Izhikevich's simple model, by Euler",
  source,
  equations: `
h = v + dt*(0.04*v^2 + 5*v + 140 - u + x)
recovered = u + dt*a*(b*v - u)${FIRE}`,
  constants: { ...constants, dt: { value: 1, words: 'ms of a step', kind: positive } },
  surrogate,
  start,
  laws: [...ALWAYS, 'reset'],
  example: { a: 0.1, d: 2 },
});

/** The same as published: v by two half steps of 0.5 ms, then u with the new v. */
export const izhikevichHalves = /* @__PURE__ */ zooNeuron({
  name: 'izhikevichHalves',
  title: "Izhikevich's simple model, by his two half steps",
  source: `${source}, and its program`,
  equations: `
half = v + 0.5*(0.04*v^2 + 5*v + 140 - u + x)
h = half + 0.5*(0.04*half^2 + 5*half + 140 - u + x)
recovered = u + a*(b*h - u)${FIRE}`,
  constants,
  surrogate,
  start,
  laws: [...ALWAYS, 'reset'],
  example: { a: 0.1, d: 2 },
});
