// A neuron as everything below works with it: one step as expressions, what they start from, what comes out. Immutable.

import { anObject, type Kind, kind } from '../options';
import type { DifferentialSource } from './differential/source';
import { type Expr, inOrder, type NumberFunction, type Rate } from './graph/expression';

/** A number that the equations name. */
export interface Parameter {
  readonly name: string;
  /** A constant's value, or where a learnable one starts. */
  readonly value: number;
  /** undefined: a constant. */
  readonly learnable: { readonly per: Exclude<Rate, 'neuron'>; readonly decay: boolean } | undefined;
  /** A learnable one stands for itself in the expressions; a constant is its number. */
  readonly leaf: Expr;
}

/** What a neuron carries from step to step. */
export interface State {
  readonly name: string;
  /** Where it starts. */
  readonly start: number;
  readonly leaf: Expr;
  /** Its value after the step. */
  readonly next: Expr;
}

/** A value that the equations assign. */
export interface Assigned {
  readonly name: string;
  readonly value: Expr;
}

/** What {@link neuron} makes: a description of a neuron, without tensors. */
export interface NeuronModel {
  /** The equations as they were written; undefined where functions were given. */
  readonly text: string | undefined;
  /** The input, one number a neuron and step. */
  readonly x: Expr;
  readonly states: readonly State[];
  readonly parameters: readonly Parameter[];
  /** Every assigned value, in order; a name that is assigned twice with its last value. */
  readonly assigned: readonly Assigned[];
  /** The names that come out of a run, each differentiable; of a neuron that fires the first is `spikes`. */
  readonly outputs: readonly string[];
  /** Rectifiers and functions of one's own that the equations call, by name. */
  readonly functions: Readonly<Record<string, unknown>>;
  /** What stands in for the derivative of the step. */
  readonly surrogate: NumberFunction;
  /** What stands beside differential equations; undefined where the text is the step itself. */
  readonly differential: DifferentialSource | undefined;
}

/** What `neuron()` makes, by what it has: it may come from another copy of this library. */
export const aNeuronModel: Kind<NeuronModel> = kind(
  'what neuron() makes',
  (value) => anObject.holds(value) && Array.isArray(value.states) && Array.isArray(value.assigned),
  (value) => (typeof value === 'string' ? 'neuron(text) makes one' : undefined),
);

/** Its learnable parameters. */
export const learnablesOf = ({ parameters }: NeuronModel): Parameter[] =>
  parameters.filter(({ learnable }) => learnable !== undefined);

/** The expressions that come out. */
export const outputsOf = ({ outputs, assigned }: NeuronModel): Assigned[] =>
  outputs.map((name) => assigned.find((value) => value.name === name)!);

/** Every value of a step: what lines assign, and after that states that no line does, such as a refractory time. */
export const valuesOfStep = ({ assigned, states }: NeuronModel): Assigned[] => [
  ...assigned,
  ...states
    .filter(({ name }) => assigned.every((value) => value.name !== name))
    .map(({ name, next }) => ({ name, value: next })),
];

/** Whether what comes out says when it fired: with a sign, a size, or as often as it did; a read-out's does not. */
export const fires = (model: NeuronModel): boolean =>
  inOrder(outputsOf(model).map(({ value }) => value)).some(({ op }) => op === 'spike');

/** Whether a value is one of 0 and 1: a spike. */
export const isSpike = ({ op }: Expr): boolean => op === 'spike';

const ofSpikes = new Set<Expr['op']>(['add', 'sub', 'mul', 'neg']);
/** Whether a value is made of spikes and numbers alone, so that it is one of a few: a spike with a sign or a size. */
export const isOfSpikes = (e: Expr): boolean =>
  isSpike(e) ||
  (ofSpikes.has(e.op) &&
    e.args.some(({ op }) => op !== 'number') &&
    e.args.every((a) => a.op === 'number' || isOfSpikes(a)));
