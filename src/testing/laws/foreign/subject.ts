// A neuron that runs elsewhere: in another library or language, in a worker, on a chip. Numbers go in, numbers come
// out, at once or later. The more of its inside it shows, the more laws can be tried.

import type { Precision } from '../../../backends/backend';
import { check } from '../../../errors';
import { numbersByName } from '../../../neurons/surrogates/custom';
import {
  callback,
  checkKind,
  either,
  finite,
  flag,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  required,
  text,
  whole,
} from '../../../options';
import type { TensorData } from '../../arbitraries';

/** At once or later. */
export type MaybeLater<T> = T | Promise<T>;

/** What a neuron carries from step to step, by name, [B,N] each. The membrane is called `v`. */
export type ForeignStates = Readonly<Record<string, ArrayLike<number>>>;

/** What a run gave. */
export interface ForeignRun {
  /** [T,B,N]. */
  readonly spikes: ArrayLike<number>;
  /** After the last step: with them a later run goes on where this one ended. */
  readonly states?: ForeignStates;
  /** The membrane that is compared with the threshold in each step, before a reset, [T,B,N]. */
  readonly charged?: ArrayLike<number>;
  /** The membrane that each step leaves, after a reset, [T,B,N]. */
  readonly membrane?: ArrayLike<number>;
}

/** A neuron that runs elsewhere. Currents are [T,B,N]: time, batch, neurons. Every function may answer later. */
export interface ForeignNeuron {
  /** For messages. */
  readonly name?: string;
  /**
   * Runs currents from rest, or from states of an earlier run of as many rows and neurons; states that are left out are
   * at rest.
   */
  run(currents: TensorData, initial?: ForeignStates): MaybeLater<ForeignRun>;
  /** Another way that must come to the same: step by step, by the functional form, compiled. */
  otherwise?(currents: TensorData): MaybeLater<ForeignRun>;
  /** The gradient of Σ weights·spikes by the currents, both [T,B,N]. */
  gradient?(currents: TensorData, weights: readonly number[]): MaybeLater<ArrayLike<number>>;
  /**
   * The same gradient of a sequence that is given in two calls, the second from step `cut` on, from the states that the
   * first left.
   */
  gradientInPieces?(
    currents: TensorData,
    weights: readonly number[],
    cut: number,
  ): MaybeLater<ArrayLike<number>>;
  /**
   * Spikes of each of `moved`, as the smooth neuron has them that runs through what this one does at `currents`: a
   * spike O° = Θ(u°) of `currents` becomes O° + S(u) - S(u°), with S the smooth step whose derivative the surrogate is;
   * what backward takes as given (a detached reset) stays what it was at `currents`.
   */
  smooth?(currents: TensorData, moved: readonly TensorData[]): MaybeLater<readonly ArrayLike<number>[]>;
  /** Of `run` and `otherwise`: currents are rounded to it before they are given. Default `f64`. */
  readonly precision?: Precision;
  /** Fires where the charged membrane reaches it. */
  readonly vth?: number;
  /** Whether it must pass `vth` to fire: `>`, not `>=`. Default false. */
  readonly strict?: boolean;
  /** `hard`: the membrane is `vReset` after a spike. `soft`: it is `vth` lower for each spike. */
  readonly reset?: 'hard' | 'soft';
  /** Default 0. */
  readonly vReset?: number;
  /**
   * What is left, after a step without input and spikes, of the membrane's distance from `vRest`; or by name of each
   * state that decays by itself while the others are at rest.
   */
  readonly decay?: number | Readonly<Record<string, number>>;
  /** Default 0. */
  readonly vRest?: number;
  /** Steps after a spike in which none follows. Default 0. */
  readonly refractory?: number;
}

export const foreignParts = /* @__PURE__ */ optionTable({
  name: optional(text),
  run: required(callback<ForeignNeuron['run']>('a function (currents, initial)')),
  otherwise: optional(callback<NonNullable<ForeignNeuron['otherwise']>>('a function (currents)')),
  gradient: optional(callback<NonNullable<ForeignNeuron['gradient']>>('a function (currents, weights)')),
  gradientInPieces: optional(
    callback<NonNullable<ForeignNeuron['gradientInPieces']>>('a function (currents, weights, cut)'),
  ),
  smooth: optional(callback<NonNullable<ForeignNeuron['smooth']>>('a function (currents, moved)')),
  precision: option(oneOf(['f32', 'f64']), 'f64'),
  vth: optional(finite()),
  strict: option(flag, false),
  reset: optional(oneOf(['hard', 'soft'])),
  vReset: option(finite(), 0),
  decay: optional(either(finite(), numbersByName)),
  vRest: option(finite(), 0),
  refractory: option(whole({ least: 0 }), 0),
} satisfies OptionsOf<ForeignNeuron>);

export const isForeign = (neuron: unknown): neuron is ForeignNeuron =>
  typeof neuron === 'object' && neuron !== null && 'run' in neuron;

/** What a run gave, checked and as lists. */
export interface CheckedRun {
  readonly spikes: readonly number[];
  readonly states: Readonly<Record<string, readonly number[]>> | undefined;
  readonly charged: readonly number[] | undefined;
  readonly membrane: readonly number[] | undefined;
}

/** A foreign neuron whose answers are checked. */
export interface Foreign {
  readonly parts: ReturnType<typeof partsOf>;
  /** A number as the neuron holds it. */
  round(x: number): number;
  /** By how much two ways to come to numbers of this size may differ. */
  allowed(size: number): number;
  run(currents: TensorData, initial?: ForeignStates): Promise<CheckedRun>;
  otherwise(currents: TensorData): Promise<CheckedRun>;
}

/** An instance of a class may have more than these parts. */
function partsOf(neuron: ForeignNeuron) {
  if (Object.getPrototypeOf(neuron) === Object.prototype) return foreignParts.read('checkNeuron', neuron);
  const kept = Object.keys(foreignParts.specs).flatMap((key) => {
    const value = neuron[key as keyof ForeignNeuron];
    return value === undefined ? [] : [[key, typeof value === 'function' ? value.bind(neuron) : value]];
  });
  return foreignParts.read('checkNeuron', Object.fromEntries(kept));
}

/** @throws unless each part is of its kind */
export function foreignOf(neuron: ForeignNeuron): Foreign {
  checkKind('checkNeuron', 'run', callback('a function (currents, initial)'), neuron.run);
  const parts = partsOf(neuron);
  const round = parts.precision === 'f32' ? Math.fround : (x: number) => x;
  const rounded = ({ data, shape }: TensorData): TensorData => ({ data: data.map(round), shape });
  return {
    parts,
    round,
    allowed: (size) => (parts.precision === 'f32' ? 1e-5 : 1e-12) * Math.max(1, size),
    run: async (currents, initial) =>
      ranOf('run', await parts.run(rounded(currents), initial), currents.shape),
    otherwise: async (currents) =>
      ranOf('otherwise', await parts.otherwise!(rounded(currents)), currents.shape),
  };
}

/** @throws unless the lists have their lengths */
function ranOf(what: string, ran: ForeignRun, [steps, batch, neurons]: readonly number[]): CheckedRun {
  const list = (name: string, given: ArrayLike<number>, length: number): number[] => {
    check(
      given?.length === length,
      'checkNeuron',
      () => `${name} of ${what} must have ${length} numbers, got ${given?.length ?? String(given)}`,
    );
    return Array.from(given);
  };
  const [row, whole_] = [batch! * neurons!, steps! * batch! * neurons!];
  const traced = (name: 'charged' | 'membrane') =>
    ran[name] === undefined ? undefined : list(name, ran[name], whole_);
  return {
    spikes: list('spikes', ran.spikes, whole_),
    states:
      ran.states === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(ran.states).map(([name, state]) => [name, list(`state ${name}`, state, row)]),
          ),
    charged: traced('charged'),
    membrane: traced('membrane'),
  };
}
