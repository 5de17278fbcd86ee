// Sinabs' neurons, which fire as often in a step as the membrane holds the threshold, unless they are told otherwise.
//
//   LIF       H = α·V + (1 - α)·I,  α = exp(-1/τ)     without norm_input α·V + I          IAF   H = V + I
//   I = X, or with tau_syn I = α_syn·(I + X)          min_v_mem: what is left of V is at least that
//   ExpLeak   the membrane itself, a read-out

import { finite, flag, oneOf, option, optional, orNull, whole } from '../../../options';
import { type Held, type NeuronClass, neuronClass, positive, type Translated } from './class';

const leaky = { tau_mem: optional(finite({ above: 0 })), min_v_mem: option(orNull(finite()), null) };
const common = {
  spike_threshold: positive,
  spike_fn: option(oneOf(['MultiSpike', 'MaxSpike', 'SingleSpike']), 'MultiSpike'),
  max_num_spikes_per_bin: option(orNull(whole({ least: 1 })), null),
  reset_fn: option(oneOf(['MembraneSubtract', 'MembraneReset']), 'MembraneSubtract'),
  min_v_mem: leaky.min_v_mem,
  tau_syn: option(orNull(finite({ above: 0 })), null),
};

interface SinabsConstants {
  readonly spike_threshold: number;
  readonly spike_fn: 'MultiSpike' | 'MaxSpike' | 'SingleSpike';
  readonly max_num_spikes_per_bin: number | null;
  readonly reset_fn: 'MembraneSubtract' | 'MembraneReset';
  readonly min_v_mem: number | null;
  readonly tau_syn: number | null;
}

/** e^(-1/τ): of the file, as that or as τ, else of the map. */
function decayOf(held: Held, which: 'mem' | 'syn', given: number | null | undefined): number | undefined {
  const tau = held(`tau_${which}`) ?? given ?? undefined;
  return held(`alpha_${which}`) ?? (tau === undefined ? undefined : Math.exp(-1 / tau));
}

/** @param leak of the membrane @param gain of the current */
function firing(given: SinabsConstants, held: Held, leak: number, gain: number): Translated {
  const threshold = held('spike_threshold') ?? given.spike_threshold;
  const least = held('min_v_mem') ?? given.min_v_mem;
  const alpha = decayOf(held, 'syn', given.tau_syn);
  const isReset = given.reset_fn === 'MembraneReset';
  const { spike_fn, max_num_spikes_per_bin: most } = given;
  if (spike_fn === 'SingleSpike' && least === null && alpha === undefined)
    return { tau: leak, vth: threshold / gain, vReset: 0, reset: isReset ? 'hard' : 'soft' };
  const counted =
    spike_fn === 'MaxSpike' && most !== null ? 'min(floor(h/threshold), most)' : 'floor(h/threshold)';
  return {
    lines: [
      ...(alpha === undefined ? [] : ['i = alpha*(i + x)']),
      `h = leak*v + gain*${alpha === undefined ? 'x' : 'i'}`,
      'fired = spike(h >= threshold)',
      `spikes = fired${spike_fn === 'SingleSpike' ? '' : `*${counted}`}`,
      `left = ${isReset ? 'h*(1 - fired)' : 'h - spikes*threshold'}`,
      `v = ${least === null ? 'left' : 'relu(left - least) + least'}`,
    ],
    constants: {
      ...(alpha !== undefined && { alpha }),
      leak,
      gain,
      threshold,
      ...(counted.includes('most') && { most: most! }),
      ...(least !== null && { least }),
    },
  };
}

const untold = 'tau_mem stands neither in the file nor in the map';

export const SINABS: Readonly<Record<string, NeuronClass>> = {
  IAF: neuronClass(common, (given, held) => firing(given, held, 1, 1)),
  LIF: neuronClass({ ...common, ...leaky, norm_input: option(flag, true) }, (given, held, refuse) => {
    const leak = decayOf(held, 'mem', given.tau_mem) ?? refuse(untold);
    return firing(given, held, leak, given.norm_input ? 1 - leak : 1);
  }),
  ExpLeak: neuronClass({ ...leaky, norm_input: option(flag, false) }, (given, held, refuse) => {
    const leak = decayOf(held, 'mem', given.tau_mem) ?? refuse(untold);
    const least = held('min_v_mem') ?? given.min_v_mem;
    return {
      // what comes out is the membrane before it is held at its least
      lines: ['out = leak*v + gain*x', `v = ${least === null ? 'out' : 'relu(out - least) + least'}`],
      constants: { leak, gain: given.norm_input ? 1 - leak : 1, ...(least !== null && { least }) },
      output: 'out',
    };
  }),
};
