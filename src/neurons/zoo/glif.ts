// GLIF: a LIF neuron with learnt gates between two ways each of leaking (by a share or an amount), of resetting (to 0
// or by an amount) and of taking input (whole or a share). It resets one step after the spike.
//
//   h = (1 - α(1 - τ))·v·(1 - γ·s) - (1 - α)·leak + (1 - β(1 - g))·x - (1 - γ)·by·s,   spikes = Θ(h - vth),   v = h
//
// with s the spike of the step before, and every constant behind a sigmoid. Source: Yao et al., "GLIF: a unified gated
// leaky integrate-and-fire neuron for spiking neural networks", NeurIPS 2022, eq. 7 to 9, with one conductance g for
// all time steps; GatedLIFNode of SpikingJelly.

import { arctan } from '../surrogates';
import { ALWAYS, inside, logit, type ZooConstant, zooNeuron } from './entry';

const gated = (name: string, value: number, words: string): ZooConstant => ({
  value,
  words,
  learns: true,
  kind: inside,
  inEquations: { name, from: logit },
});

/** GLIF (Yao et al., NeurIPS 2022): `new Spiking(glif({ per: 'channel' }), { channels })`, all of it learnable. */
export const glif = /* @__PURE__ */ zooNeuron({
  name: 'glif',
  title: 'gated leaky integrate-and-fire',
  source: 'Yao et al., NeurIPS 2022, eq. 7 to 9',
  equations: `
keep = 1 - sigmoid(alpha)*(1 - sigmoid(tau))
gamma = sigmoid(gate)
charge = keep*v - (1 - sigmoid(alpha))*sigmoid(leak) + (1 - sigmoid(beta)*(1 - sigmoid(g)))*x
h = charge - (keep*v*gamma + (1 - gamma)*sigmoid(by))*{spikes}
spikes = spike(h - sigmoid(theta))
v = h`,
  constants: {
    alpha: gated('alpha', 0.5, 'gate: 1 leaks by a share, 0 by an amount'),
    beta: gated('beta', 0.5, 'gate: 1 takes a share of the input, 0 all'),
    gamma: gated('gate', 0.5, 'gate: 1 resets to 0, 0 by an amount'),
    tau: gated('tau', 0.25, 'share of v that is left after a step'),
    leak: gated('leak', 0.1, 'what v loses in a step'),
    g: gated('g', 0.5, 'share of the input that is taken'),
    by: gated('by', 0.5, 'what a spike takes from v'),
    vth: gated('theta', 0.5, 'threshold'),
  },
  surrogate: () => arctan(),
  learns: true,
  laws: ALWAYS,
  example: { tau: 0.5, per: 'channel' },
});
