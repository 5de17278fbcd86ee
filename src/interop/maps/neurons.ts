// Neurons of other libraries as this one's: H = tau·V + X, a spike where H reaches vth, a reset. Each library's own
// equation is brought to that form: a potential V with a reset potential r and an input weighed by s is U = (V - r)/s
// here, with the threshold (θ - r)/s. Constants that a state dictionary holds count; others come from the map, else
// are the library's defaults.
//
//   SpikingJelly  LIFNode  H = V + (X - (V - r))/τ   or, without decay_input, V - (V - r)/τ + X     IFNode  H = V + X
//   snnTorch      Leaky    H = β·V + X, fires above θ; subtracts θ in the next step, or starts from 0
//   Sinabs        LIF      H = α·V + (1 - α)·X, α = exp(-1/τ)                                       IAF     H = V + X
//   Guo et al.    LIFAct   H = decay·V + X, fires above V_th/2

import { check, SpikegradError } from '../../errors';
import {
  type Filled,
  finite,
  flag,
  type Option,
  oneOf,
  option,
  optional,
  optionTable,
  orNull,
  shown,
  suggestion,
} from '../../options';
import type { LifOptions } from '../../snn/options';
import type { GivenConstants } from './map';

/** Whose neurons are known. */
export const LIBRARIES = ['spikingjelly', 'snntorch', 'sinabs', 'guo'] as const;
/** A library whose neurons are known. */
export type NeuronLibrary = (typeof LIBRARIES)[number];

/** A scalar of the neuron's in the file, by its own name; undefined where it has none. */
export type Held = (name: string) => number | undefined;

/** The constants of a neuron here. */
export type Translated = Pick<LifOptions, 'tau' | 'vth' | 'reset' | 'vReset'>;

/** A neuron of another library, once its constants are known to be right. */
type Translate<S> = (constants: Filled<S>, held: Held, refuse: (why: string) => never) => Translated;

interface NeuronClass {
  translate(where: string, constants: GivenConstants, held: Held, refuse: (why: string) => never): Translated;
}

function neuronClass<S extends Readonly<Record<string, Option<unknown, unknown>>>>(
  specs: S,
  translate: Translate<S>,
): NeuronClass {
  const table = optionTable(specs);
  return {
    translate: (where, constants, held, refuse) => translate(table.read(where, constants), held, refuse),
  };
}

const positive = option(finite({ above: 0 }), 1);
const ofSpikingJelly = { v_threshold: positive, v_reset: option(orNull(finite()), 0) };
const whichSpikes = option(oneOf(['MultiSpike', 'MaxSpike', 'SingleSpike']), 'MultiSpike') as Option<
  string,
  string
>;
const ofSinabs = {
  spike_threshold: positive,
  spike_fn: whichSpikes,
  reset_fn: option(oneOf(['MembraneSubtract', 'MembraneReset']), 'MembraneSubtract'),
  min_v_mem: option(orNull(finite()), null),
};

/** U = (V - r)/s: without a reset potential V is reset by subtraction, and r = 0. */
function fromSpikingJelly(
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

/** The next 32-bit float: to fire above θ is to fire on what comes after it. */
function justAbove(threshold: number): number {
  const float = Float32Array.of(threshold);
  new Uint32Array(float.buffer)[0]! += 1; // of a positive one
  return float[0]!;
}

const CLASSES: Readonly<Record<NeuronLibrary, Readonly<Record<string, NeuronClass>>>> = {
  spikingjelly: {
    IFNode: neuronClass(ofSpikingJelly, (constants) => fromSpikingJelly(constants, 1, 1)),
    LIFNode: neuronClass(
      { ...ofSpikingJelly, tau: option(finite({ least: 1 }), 2), decay_input: option(flag, true) },
      (constants) => {
        const { tau, decay_input } = constants;
        return fromSpikingJelly(constants, 1 - 1 / tau, decay_input ? 1 / tau : 1);
      },
    ),
    ParametricLIFNode: neuronClass(
      { ...ofSpikingJelly, init_tau: option(finite({ above: 1 }), 2), decay_input: option(flag, true) },
      (constants, held) => {
        const w = held('w');
        const rate = w === undefined ? 1 / constants.init_tau : 1 / (1 + Math.exp(-w));
        return fromSpikingJelly(constants, 1 - rate, constants.decay_input ? rate : 1);
      },
    ),
  },
  snntorch: {
    Leaky: neuronClass(
      {
        beta: optional(finite({ least: 0, most: 1 })),
        threshold: positive,
        reset_mechanism: option(oneOf(['subtract', 'zero', 'none']), 'subtract'),
      },
      (given, held, refuse) => {
        const beta = held('beta') ?? given.beta ?? refuse('beta stands neither in the file nor in the map');
        const mechanism = held('reset_mechanism_val');
        const reset =
          mechanism === undefined ? given.reset_mechanism : ['subtract', 'zero', 'none'][mechanism];
        const factor = held('graded_spikes_factor') ?? 1;
        if (factor !== 1) refuse(`its spikes are ${factor}; those of neurons here are 1`);
        if (reset === 'none') refuse('it is never reset; neurons here are');
        const leak = Math.min(1, Math.max(0, beta));
        if (reset === 'subtract' && leak !== 1)
          refuse(
            `it subtracts its threshold a step after the spike, undecayed, which with beta ${leak} no neuron here does; reset_mechanism='zero' is taken, and 'subtract' with beta 1`,
          );
        const vth = justAbove(held('threshold') ?? given.threshold);
        return { tau: leak, vth, vReset: 0, reset: reset === 'zero' ? 'hard' : 'soft' };
      },
    ),
  },
  sinabs: {
    IAF: neuronClass(ofSinabs, (constants, held, refuse) => fromSinabs(constants, held, refuse, 1, 1)),
    LIF: neuronClass(
      {
        ...ofSinabs,
        tau_mem: optional(finite({ above: 0 })),
        norm_input: option(flag, true),
        tau_syn: option(orNull(finite()), null),
      },
      (constants, held, refuse) => {
        const { tau_mem, tau_syn, norm_input } = constants;
        if (tau_syn !== null || held('tau_syn') !== undefined || held('alpha_syn') !== undefined)
          refuse('it has a synaptic current (tau_syn), which no neuron here has yet');
        const tau = held('tau_mem') ?? tau_mem;
        const alpha =
          held('alpha_mem') ??
          (tau === undefined
            ? refuse('tau_mem stands neither in the file nor in the map')
            : Math.exp(-1 / tau));
        return fromSinabs(constants, held, refuse, alpha, norm_input ? 1 - alpha : 1);
      },
    ),
  },
  guo: {
    LIFAct: neuronClass({ V_th: positive, decay: option(finite({ least: 0 }), 0.25) }, ({ V_th, decay }) => ({
      tau: decay,
      vth: justAbove(V_th / 2),
      vReset: 0,
      reset: 'hard',
    })),
  },
};

function fromSinabs(
  given: Filled<typeof ofSinabs>,
  held: Held,
  refuse: (why: string) => never,
  leak: number,
  inputs: number,
): Translated {
  if (given.spike_fn !== 'SingleSpike')
    refuse(
      `spike_fn ${given.spike_fn} fires several times in a step; neurons here fire once: spike_fn 'SingleSpike' is taken, which the map must say`,
    );
  if ((held('min_v_mem') ?? given.min_v_mem) !== null)
    refuse('its potential has a lower bound (min_v_mem), which that of no neuron here has yet');
  const vth = (held('spike_threshold') ?? given.spike_threshold) / inputs;
  return { tau: leak, vth, vReset: 0, reset: given.reset_fn === 'MembraneReset' ? 'hard' : 'soft' };
}

/** The classes that are known of a library, or of all. */
export const neuronClasses = (library: NeuronLibrary): string[] => Object.keys(CLASSES[library]);

/**
 * @param place of the layer, for messages
 * @throws naming the class, and what of it no neuron here does
 */
export function translateNeuron(
  where: string,
  place: string,
  { library, constants, held }: { library: NeuronLibrary | undefined; constants: GivenConstants; held: Held },
): Translated {
  check(
    library !== undefined,
    where,
    () => `layer ${place} of the map is a neuron; "library" must say whose: ${LIBRARIES.join(', ')}`,
  );
  const { kind: name, ...own } = constants;
  const known = CLASSES[library];
  check(typeof name === 'string' && Object.hasOwn(known, name), where, () => {
    const names = Object.keys(known);
    return `layer ${place} of the map: "kind" is ${shown(name)}; of ${library}'s neurons ${names.join(', ')} can be translated${typeof name === 'string' ? suggestion(name, names) : ''}`;
  });
  const refuse = (why: string): never => {
    throw new SpikegradError(where, `layer ${place} of the map, ${name}: ${why}`);
  };
  return known[name]!.translate(`${where}, layer ${place} of the map (${name})`, own, held, refuse);
}
