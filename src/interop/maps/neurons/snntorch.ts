// snnTorch's neurons, which fire above θ and are reset in the next step, by their own comparison of what is left of
// the membrane; with reset_delay=False at once, by what that comparison has not taken yet.
//
//   Leaky      H = β·V + X - θ·r     or H = β·(1 - r)·V + X          r: V was above θ
//   Synaptic   I = α·I + X,  H = β·V + I - θ·r     or H = (β·V + I)·(1 - r)
//   RLeaky     X and what comes back of the spikes, H = β·V + X - θ·r     or H = (β·V + X)·(1 - r)     RSynaptic alike
//
// Spikes come back by a linear map, which is a layer's, or each to its own neuron, times V.

import { finite, flag, oneOf, option, optional } from '../../../options';
import { type Held, justAbove, type NeuronClass, neuronClass, positive, type StepOfNeuron } from './class';

const MECHANISMS = ['subtract', 'zero', 'none'] as const;
const share = optional(finite({ least: 0, most: 1 }));
const common = {
  beta: share,
  threshold: positive,
  reset_mechanism: option(oneOf(MECHANISMS), 'subtract'),
  reset_delay: option(flag, true),
};

type Mechanism = (typeof MECHANISMS)[number];
type Constant = number | 'each';
/** How a membrane is charged, by how it is reset, where r is whether it was above θ. */
type Charge = Readonly<Record<Mechanism, string>>;

interface SnnConstants {
  readonly beta: number | undefined;
  readonly threshold: number;
  readonly reset_mechanism: Mechanism;
  readonly reset_delay: boolean;
}

/** One neuron's constants: what the file says before what the map does. */
class SnnNeuron {
  readonly how: Mechanism;
  readonly threshold: Constant;
  readonly factor: number;
  readonly constants: Record<string, Constant>;

  constructor(
    readonly given: SnnConstants,
    readonly held: Held,
    readonly refuse: (why: string) => never,
  ) {
    this.how = MECHANISMS[held('reset_mechanism_val') ?? -1] ?? given.reset_mechanism;
    this.threshold = held.each('threshold') ? 'each' : (held('threshold') ?? given.threshold);
    this.factor = held('graded_spikes_factor') ?? 1;
    this.constants = { threshold: this.threshold, ...(this.factor !== 1 && { factor: this.factor }) };
  }

  /** A decay, as the neuron clamps it, in the words of the equations. */
  decay(name: 'alpha' | 'beta', given: number | undefined): string {
    const { held, constants } = this;
    constants[name] = held.each(name) ? 'each' : clamped(held(name) ?? given ?? this.refuse(untold(name)));
    return constants[name] === 'each' ? `clamp(${name}, 0, 1)` : name;
  }

  /** Of spikes that come back: each to its own neuron where the file has a number V, else through a linear map. */
  back(): { readonly added: string; readonly recurrent: boolean } {
    const [V] = ['recurrent.V', 'V'].map((name) => this.held(name)); // it stands there twice
    if (V === undefined) return { added: '', recurrent: true };
    this.constants.V = V;
    return { added: ' + V*spikes', recurrent: false };
  }

  /** @param before what the charge needs */
  step(charge: Charge, before: readonly string[] = []): StepOfNeuron {
    const { how, given, factor, constants } = this;
    const left = {
      subtract: 'v = h - threshold*(fired - r)',
      zero: 'v = h - (fired - r)*h',
      none: 'v = h',
    };
    return {
      lines: [
        ...(how === 'none' ? [] : ['r = detach(spike(v > threshold))']),
        ...before,
        `h = ${charge[how]}`,
        'fired = spike(h > threshold)',
        given.reset_delay ? 'v = h' : left[how],
        `spikes = ${factor === 1 ? '' : 'factor*'}fired`,
      ],
      constants,
    };
  }
}

const clamped = (decay: number) => Math.min(1, Math.max(0, decay));
const untold = (name: string) => `${name} stands neither in the file nor in the map`;

/** A membrane from which a spike takes θ, or all that would be there, the input too. */
const emptied = (charged: string): Charge => ({
  subtract: `${charged} - threshold*r`,
  zero: `(${charged})*(1 - r)`,
  none: charged,
});

/** A membrane behind a current. */
function synaptic(one: SnnNeuron, alpha: number | undefined, added = ''): StepOfNeuron {
  const [a, b] = [one.decay('alpha', alpha), one.decay('beta', one.given.beta)];
  return one.step(emptied(`${b}*v + i`), [`i = ${a}*i + x${added}`]);
}

export const SNNTORCH: Readonly<Record<string, NeuronClass>> = {
  Leaky: neuronClass(common, (given, held, refuse) => {
    const one = new SnnNeuron(given, held, refuse);
    const b = one.decay('beta', given.beta);
    const { how, threshold, factor } = one;
    const { beta } = one.constants;
    // nothing is left of a membrane that a spike sets to 0, now or in the next step
    const isLif = how === 'zero' && given.reset_delay && factor === 1;
    if (isLif && typeof beta === 'number' && typeof threshold === 'number')
      return { tau: beta, vth: justAbove(threshold), vReset: 0, reset: 'hard' };
    // its reset to zero leaves the input
    return one.step({ ...emptied(`${b}*v + x`), zero: `${b}*((1 - r)*v) + x` });
  }),
  Synaptic: neuronClass({ ...common, alpha: share }, (given, held, refuse) =>
    synaptic(new SnnNeuron(given, held, refuse), given.alpha),
  ),
  RLeaky: neuronClass(common, (given, held, refuse) => {
    const one = new SnnNeuron(given, held, refuse);
    const { added, recurrent } = one.back();
    const charge = emptied(`${one.decay('beta', given.beta)}*v + x${added}`);
    return { ...one.step(charge), recurrent };
  }),
  RSynaptic: neuronClass({ ...common, alpha: share }, (given, held, refuse) => {
    const one = new SnnNeuron(given, held, refuse);
    const { added, recurrent } = one.back();
    return { ...synaptic(one, given.alpha, added), recurrent };
  }),
};
