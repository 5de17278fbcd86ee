// ALIF: a LIF neuron whose threshold rises with every spike of its own and falls back.
//
//   h = tau·v + x,   spikes = Θ(h - vth - beta·a),   v = h where nothing fires, else 0,   a = rho·a + spikes
//
// Source: Bellec et al., "Long short-term memory and learning-to-learn in networks of spiking neurons", NeurIPS 2018,
// eq. 2 (there with a reset by subtraction).

import { learnable, type NeuronModel, neuron } from '../../neurons';
import { finite, flag, type OptionsOf, option, optionTable } from '../../options';
import { arctan, aSurrogate, type Surrogate } from '../surrogate';

/** The constants of {@link alif}. */
export interface AlifOptions {
  /** The share of v that is left after a step. Default 0.5. */
  tau?: number;
  /** The share of the adaptation that is left after a step. Default 0.9. */
  rho?: number;
  /** How far a spike lifts the threshold. Default 0.2. */
  beta?: number;
  /** Threshold at rest. Default 1. */
  vth?: number;
  /** Whether tau, rho and beta are learnt, one each for the layer. Default false. */
  learns?: boolean;
  /** Whether the gradient ignores the reset. Default false. */
  detachReset?: boolean;
  /** What stands in for the derivative of the step. Default `arctan()`. */
  surrogate?: Surrogate;
}

const share = finite({ least: 0, most: 1 });

export const alifOptions = optionTable({
  tau: option(share, 0.5),
  rho: option(share, 0.9),
  beta: option(finite({ least: 0 }), 0.2),
  vth: option(finite(), 1),
  learns: option(flag, false),
  detachReset: option(flag, false),
  surrogate: option(aSurrogate, () => arctan(), 'arctan()'),
} satisfies OptionsOf<AlifOptions>);

/** ALIF (Bellec et al., NeurIPS 2018), two states: `new Spiking(alif())`. */
export function alif(options: AlifOptions = {}): NeuronModel {
  const { tau, rho, beta, vth, learns, detachReset, surrogate } = alifOptions.read('alif', options);
  const own = (value: number) => (learns ? learnable(value) : value);
  const reset = detachReset ? 'detach(spikes)' : 'spikes';
  return neuron(
    `h = tau*v + x
spikes = spike(h - vth - beta*a)
v = h*(1 - ${reset})
a = rho*a + spikes`,
    { parameters: { tau: own(tau), rho: own(rho), beta: own(beta), vth }, surrogate },
  );
}
