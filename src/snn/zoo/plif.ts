// PLIF: a LIF neuron whose time constant is learnt.
//
//   h = v + (x - v)·σ(w),   spikes = Θ(h - vth),   v = h where nothing fires, else 0
//
// 1/σ(w) is the time constant in steps. Source: Fang et al., "Incorporating learnable membrane time constant to
// enhance learning of spiking neural networks", ICCV 2021, eq. 7 to 11: w = -log(tau - 1).

import { learnable, type NeuronModel, neuron } from '../../neurons';
import { finite, flag, type OptionsOf, oneOf, option, optionTable } from '../../options';
import { arctan, aSurrogate, type Surrogate } from '../surrogate';

/** The constants of {@link plif}. */
export interface PlifOptions {
  /** Where the time constant starts, in steps, above 1. Default 2. */
  tau?: number;
  /** One time constant for the `layer`, or one a `channel`. Default `layer`. */
  per?: 'layer' | 'channel';
  /** Firing threshold. Default 1. */
  vth?: number;
  /** Whether the gradient ignores the reset. Default false. */
  detachReset?: boolean;
  /** What stands in for the derivative of the step. Default `arctan()`, the paper's. */
  surrogate?: Surrogate;
}

export const plifOptions = optionTable({
  tau: option(finite({ above: 1 }), 2),
  per: option(oneOf(['layer', 'channel']), 'layer'),
  vth: option(finite(), 1),
  detachReset: option(flag, false),
  surrogate: option(aSurrogate, () => arctan(), 'arctan()'),
} satisfies OptionsOf<PlifOptions>);

/** PLIF (Fang et al., ICCV 2021): `new Spiking(plif())`, one learnable time constant for the layer. */
export function plif(options: PlifOptions = {}): NeuronModel {
  const { tau, per, vth, detachReset, surrogate } = plifOptions.read('plif', options);
  const reset = detachReset ? 'detach(spikes)' : 'spikes';
  return neuron(
    `h = v + (x - v)*sigmoid(w)
spikes = spike(h - vth)
v = h*(1 - ${reset})`,
    { parameters: { w: learnable(Math.log(1 / (tau - 1)), { per }), vth }, surrogate },
  );
}
