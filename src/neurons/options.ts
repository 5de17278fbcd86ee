// What neuron() takes: with equations in text, and as functions.

import {
  anObject,
  text as aText,
  callback,
  finite,
  type Kind,
  kind,
  listOf,
  type OptionsOf,
  option,
  optional,
  optionTable,
  required,
  shown,
} from '../options';
import { type DifferentialSettings, differentialSettings } from './differential/settings';
import type * as E from './graph/expression';
import type { Expr, NumberFunction, Real } from './graph/expression';
import { Learnable } from './learnable';
import { rectangular } from './surrogates';

/** A function of one's own in equations: an expression of expressions, or a rectifier by value and derivative. */
export type EquationFunction = ((...args: Expr[]) => Real) | NumberFunction;

/** What `neuron()` takes beside equations in text; with differential equations those of their own too. */
export interface NeuronOptions<P extends string = string> extends DifferentialSettings {
  /** Numbers that the equations name, constants or what `learnable()` makes. Default `{}`. */
  parameters?: Readonly<Record<P, number | Learnable>>;
  /** What stands in for the derivative of the step. Default `rectangular()`. */
  surrogate?: NumberFunction;
  /** Functions that the equations call, by name: `{ phi: mpr() }`. Default `{}`. */
  functions?: Readonly<Record<string, EquationFunction>>;
  /** Where states start that do not start at 0. Default `{}`. */
  start?: Readonly<Record<string, number>>;
  /** What comes out, by name. Default `['spikes']`, or for equations without a spike the value assigned last. */
  outputs?: readonly string[];
}

/** What a step's function may use: the neuron's spike, and the operations on expressions. */
export interface StepTools
  extends Omit<typeof E, 'spike' | 'custom' | 'customSlope' | 'known' | 'leaf' | 'lift' | 'inOrder'> {
  /** Θ(u) with the neuron's surrogate. */
  spike(u: Real): Expr;
}

/** A neuron as functions: `neuron()` infers the names of states and parameters. */
export interface NeuronDefinition<S extends string, P extends string>
  extends Pick<NeuronOptions<P>, 'parameters' | 'surrogate' | 'outputs'> {
  /** The states, and where they start. */
  readonly state: Readonly<Record<S, number>>;
  /** One step: every state's next value, `spikes`, and whatever else is to have a name. */
  readonly step: (
    state: Readonly<Record<S, Expr>>,
    x: Expr,
    parameters: Readonly<Record<P, Expr>>,
    tools: StepTools,
  ) => Readonly<Record<S, Real>> & Readonly<Record<string, Real>>;
}

const recordOf = <T>(each: Kind<T>, wanted: string): Kind<Readonly<Record<string, T>>> =>
  kind(
    wanted,
    (value) => anObject.holds(value) && Object.values(value).every(each.holds),
    (value) => {
      const wrong = anObject.holds(value) && Object.entries(value).find(([, entry]) => !each.holds(entry));
      return wrong ? `${wrong[0]} is ${shown(wrong[1])}` : undefined;
    },
  );

const aParameter: Kind<number | Learnable> = kind(
  'a finite number or what learnable() makes',
  (value) => finite().holds(value) || value instanceof Learnable,
);
const isFunctionLike = (value: unknown): value is NumberFunction =>
  anObject.holds(value) && typeof value.value === 'function' && typeof value.derivative === 'function';
const aFunction: Kind<EquationFunction> = kind(
  'a function of expressions, or a rectifier',
  (value) => typeof value === 'function' || isFunctionLike(value),
);
/** What stands in for the derivative of the step. */
export const aSlope: Kind<NumberFunction> = kind(
  'what arctan() or customSurrogate() makes',
  isFunctionLike,
  (value) => (typeof value === 'function' ? `call it: ${value.name}()` : undefined),
);

const none = (): Readonly<Record<string, never>> => ({});
let rectangle: NumberFunction | undefined;
/** One for all, since it cannot be changed. */
const theRectangle = (): NumberFunction => {
  rectangle ??= rectangular();
  return rectangle;
};

const shared = {
  parameters: option(recordOf(aParameter, 'numbers or what learnable() makes, by name'), none),
  surrogate: option(aSlope, theRectangle, 'rectangular()'),
  outputs: optional(listOf(aText), "`['spikes']`, or for equations without a spike the value assigned last"),
};

export const neuronOptions = optionTable({
  ...shared,
  functions: option(recordOf(aFunction, 'functions of expressions or rectifiers, by name'), none),
  start: option(recordOf(finite(), 'finite numbers, by the name of a state'), none),
  ...differentialSettings,
} satisfies OptionsOf<NeuronOptions>);

export const neuronDefinition = optionTable({
  ...shared,
  state: required(recordOf(finite(), 'finite numbers, by name')),
  step: required(
    callback<NeuronDefinition<string, string>['step']>('a function (state, x, parameters, tools)'),
  ),
});
