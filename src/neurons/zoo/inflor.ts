// InfLoR: a soft reset, and a rectifier that has cube roots beyond 0 and 1, between which it is MPR.
//
//   h = tau·v + x,   spikes = Θ(φ(h - vth)),   v = h - by·spikes
//   φ(u) = tanh(k·u) / (2·tanh(k/2))   where |u| <= ½
//   φ(u) = sign(u)·(∛(½ + |u|) - ½)       beyond
//
// ∛ is two of Newton's steps from a^(21/64), to 1e-7 where |u| < 8: no target has a root but the square one.
// φ crosses 0 where u does, and the surrogate's window of width 1 ends where the cube roots begin: so these change
// neither a spike nor a gradient, unless a wider surrogate is given. The authors' code has tau = 1 and a threshold of
// ½, and takes 1 from the membrane.
//
// Source: Guo et al., "Reducing information loss for spiking neural networks", ECCV 2022.

import { rectangular } from '../surrogates';
import { ALWAYS, positive, share, zooNeuron } from './entry';

/** InfLoR (Guo et al., 2022): `new Spiking(inflor())`. */
export const inflor = /* @__PURE__ */ zooNeuron({
  name: 'inflor',
  title: 'integrate-and-fire, soft reset, a rectifier with cube roots outside',
  source: 'Guo et al., ECCV 2022',
  equations: `
h = tau*v + x
u = h - vth
a = max(0.5 + abs(u), 1)
b = sqrt(sqrt(a))
c = sqrt(sqrt(b))
d = b*c*sqrt(sqrt(c))
e = (2*d + a/(d*d))/3
root = (2*e + a/(e*e))/3
r = where(abs(u) > 0.5, sign(u)*(root - 0.5), tanh(k*u)/(2*tanh(k/2)))
spikes = spike(r)
v = h - by*{spikes}`,
  constants: {
    tau: { value: 1, words: 'share of v that is left after a step', learns: true, kind: share },
    k: { value: 3, words: 'steepness of the rectifier between 0 and 1', learns: true, kind: positive },
    vth: { value: 0.5, words: 'threshold, and centre of the rectifier' },
    by: { value: 1, words: 'what a spike takes from v' },
  },
  surrogate: () => rectangular(),
  laws: [...ALWAYS, 'rest', 'subtraction'],
  example: { tau: 0.25, k: 5 },
});
