// SpikingJelly's neurons. A potential V with a reset potential r and an input weighed by s is U = (V - r)/s here, with
// the threshold (θ - r)/s; without a reset potential V is reset by subtraction, and r = 0.
//
//   LIFNode      H = V + (X - (V - r))/τ   or, without decay_input, V - (V - r)/τ + X     IFNode      H = V + X
//   KLIFNode     F = relu(k·H), which is compared and stays in the place of H
//   CUBALIFNode  C = c·C + X,  H = v·V + C

import { finite, flag, option, orNull } from '../../../options';
import { type NeuronClass, neuronClass, positive, type Translated } from './class';

const common = { v_threshold: positive, v_reset: option(orNull(finite()), 0) };

function linear(
  { v_threshold, v_reset }: { v_threshold: number; v_reset: number | null },
  leak: number,
  inputs: number,
): Translated {
  return {
    tau: leak,
    vth: (v_threshold - (v_reset ?? 0)) / inputs,
    vReset: 0,
    reset: v_reset === null ? 'soft' : 'hard',
  };
}

export const SPIKINGJELLY: Readonly<Record<string, NeuronClass>> = {
  IFNode: neuronClass(common, (constants) => linear(constants, 1, 1)),
  LIFNode: neuronClass(
    { ...common, tau: option(finite({ least: 1 }), 2), decay_input: option(flag, true) },
    (constants) => {
      const { tau, decay_input } = constants;
      return linear(constants, 1 - 1 / tau, decay_input ? 1 / tau : 1);
    },
  ),
  ParametricLIFNode: neuronClass(
    { ...common, init_tau: option(finite({ above: 1 }), 2), decay_input: option(flag, true) },
    (constants, held) => {
      const w = held('w');
      const rate = w === undefined ? 1 / constants.init_tau : 1 / (1 + Math.exp(-w));
      return linear(constants, 1 - rate, constants.decay_input ? rate : 1);
    },
  ),
  KLIFNode: neuronClass(
    {
      ...common,
      tau: option(finite({ above: 1 }), 2),
      decay_input: option(flag, true),
      scale_reset: option(flag, false),
    },
    ({ v_threshold, v_reset, tau, decay_input, scale_reset }, held, refuse) => {
      if (v_reset !== 0 && v_reset !== null)
        refuse(`its reset potential is ${v_reset}, on the other side of its relu; 0 and null are taken`);
      const kept = scale_reset ? '/k' : '';
      return {
        lines: [
          `h = relu(k*(${decay_input ? 'v + (x - v)/tau' : 'v - v/tau + x'}))`,
          'spikes = spike(h - vth)',
          v_reset === null ? `v = (h - vth*spikes)${kept}` : `v = h*(1 - spikes)${kept}`,
        ],
        constants: { k: held('k') ?? 1, tau, vth: v_threshold },
      };
    },
  ),
  CUBALIFNode: neuronClass(
    {
      ...common,
      v_threshold: option(finite({ above: 0 }), 0.5),
      c_decay: option(finite({ least: 0 }), 0.5),
      v_decay: option(finite({ least: 0 }), 0.75),
    },
    ({ v_threshold, v_reset, c_decay, v_decay }) => {
      const reset = v_reset ?? 0;
      return {
        lines: [
          'i = c_decay*i + x',
          `h = v_decay*v + i${reset === 0 ? '' : ' - shift'}`,
          'spikes = spike(h - vth)',
          v_reset === null ? 'v = h - vth*spikes' : 'v = h*(1 - spikes)',
        ],
        constants: {
          c_decay,
          v_decay,
          vth: v_threshold - reset,
          ...(reset !== 0 && { shift: (1 - v_decay) * reset }),
        },
      };
    },
  ),
};
