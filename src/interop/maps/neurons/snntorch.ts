// snnTorch's neurons, which fire above θ and are reset in the next step, by their own comparison of what is left of
// the membrane; with reset_delay=False at once, by what that comparison has not taken yet.
//
//   Leaky      H = β·V + X - θ·r     or H = β·(1 - r)·V + X          r: V was above θ
//   Synaptic   I = α·I + X,  H = β·V + I - θ·r     or H = (β·V + I)·(1 - r)
//   RLeaky     X and what comes back of the spikes, H = β·V + X - θ·r     or H = (β·V + X)·(1 - r)     RSynaptic alike
//
// Spikes come back by a linear map, which is a layer's, or each to its own neuron, times V.

import { type Filled, finite, flag, oneOf, option, optional } from '../../../options';
import { type Held, justAbove, type NeuronClass, neuronClass, positive, type StepOfNeuron } from './class';

const MECHANISMS = ['subtract', 'zero', 'none'] as const;
const share = optional(finite({ least: 0, most: 1 }));
const common = {
  beta: share,
  threshold: positive,
  reset_mechanism: option(oneOf(MECHANISMS), 'subtract'),
  reset_delay: option(flag, true),
};

interface ResetConstants {
  readonly threshold: number;
  readonly reset_mechanism: (typeof MECHANISMS)[number];
  readonly reset_delay: boolean;
}

/** @param charge of the membrane, by how it is reset, where r is whether it was above θ */
function delayed(
  charge: Readonly<Record<(typeof MECHANISMS)[number], readonly string[]>>,
  { reset_mechanism: how, reset_delay }: ResetConstants,
  constants: Readonly<Record<string, number>>,
): StepOfNeuron {
  const factor = constants.factor === 1 ? '' : 'factor*';
  const { factor: _, ...others } = constants;
  const left = {
    subtract: 'v = h - threshold*(fired - r)',
    zero: 'v = h - (fired - r)*h',
    none: 'v = h',
  };
  return {
    lines: [
      ...(how === 'none' ? [] : ['r = detach(spike(v > threshold))']),
      ...charge[how],
      'fired = spike(h > threshold)',
      reset_delay ? 'v = h' : left[how],
      `spikes = ${factor}fired`,
    ],
    constants: factor === '' ? others : constants,
  };
}

/** What the file says before what the map does. */
function constantsOf(given: ResetConstants, held: Held): ResetConstants & { readonly factor: number } {
  const mechanism = held('reset_mechanism_val');
  return {
    threshold: held('threshold') ?? given.threshold,
    reset_mechanism: MECHANISMS[mechanism ?? -1] ?? given.reset_mechanism,
    reset_delay: given.reset_delay,
    factor: held('graded_spikes_factor') ?? 1,
  };
}

/** As the neuron clamps it. */
const clamped = (decay: number) => Math.min(1, Math.max(0, decay));
const untold = (name: string) => `${name} stands neither in the file nor in the map`;

type Table = typeof common & { readonly alpha: typeof share };

/** @param back what comes back to a neuron of its own spikes */
function synaptic(
  given: Filled<Table>,
  { held, refuse, back = '' }: { held: Held; refuse: (why: string) => never; back?: string },
): StepOfNeuron {
  const alpha = clamped(held('alpha') ?? given.alpha ?? refuse(untold('alpha')));
  const beta = clamped(held('beta') ?? given.beta ?? refuse(untold('beta')));
  const { factor, ...own } = constantsOf(given, held);
  const current = `i = alpha*i + x${back}`;
  const charge = {
    subtract: [current, 'h = beta*v + i - threshold*r'],
    zero: [current, 'h = (beta*v + i)*(1 - r)'],
    none: [current, 'h = beta*v + i'],
  };
  return delayed(charge, own, { alpha, beta, threshold: own.threshold, factor });
}

/** Of spikes that come back: each to its own neuron where the file has a number V, else through a linear map. */
function feedback(held: Held): {
  readonly back: string;
  readonly more: { readonly V?: number };
  readonly recurrent: boolean;
} {
  const [V] = ['recurrent.V', 'V'].map(held); // it stands there twice
  return V === undefined
    ? { back: '', more: {}, recurrent: true }
    : { back: ' + V*spikes', more: { V }, recurrent: false };
}

export const SNNTORCH: Readonly<Record<string, NeuronClass>> = {
  Leaky: neuronClass(common, (given, held, refuse) => {
    const beta = clamped(held('beta') ?? given.beta ?? refuse(untold('beta')));
    const { factor, ...own } = constantsOf(given, held);
    const { threshold } = own;
    // nothing is left of a membrane that a spike sets to 0, now or in the next step
    if (own.reset_mechanism === 'zero' && own.reset_delay && factor === 1)
      return { tau: beta, vth: justAbove(threshold), vReset: 0, reset: 'hard' };
    const charge = {
      subtract: ['h = beta*v + x - threshold*r'],
      zero: ['h = beta*((1 - r)*v) + x'],
      none: ['h = beta*v + x'],
    };
    return delayed(charge, own, { beta, threshold, factor });
  }),
  Synaptic: neuronClass({ ...common, alpha: share }, (given, held, refuse) =>
    synaptic(given, { held, refuse }),
  ),
  RLeaky: neuronClass(common, (given, held, refuse) => {
    const beta = clamped(held('beta') ?? given.beta ?? refuse(untold('beta')));
    const { factor, ...own } = constantsOf(given, held);
    const { back, more, recurrent } = feedback(held);
    const charge = {
      subtract: [`h = beta*v + x${back} - threshold*r`],
      zero: [`h = (beta*v + x${back})*(1 - r)`],
      none: [`h = beta*v + x${back}`],
    };
    return { ...delayed(charge, own, { beta, threshold: own.threshold, factor, ...more }), recurrent };
  }),
  RSynaptic: neuronClass({ ...common, alpha: share }, (given, held, refuse) => {
    const { back, more, recurrent } = feedback(held);
    const { lines, constants } = synaptic(given, { held, refuse, back });
    return { lines, constants: { ...constants, ...more }, recurrent };
  }),
};
