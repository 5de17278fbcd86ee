// neuron(): a spiking neuron as its user writes it, equations as text or functions that TypeScript checks, made a
// model.

import { check } from '../errors';
import {
  anObject,
  text as aText,
  callback,
  checkKind,
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
import type { Expr, NumberFunction, Real, SpikeSlope } from './graph/expression';
import * as E from './graph/expression';
import { formulaIn, inOrder } from './graph/expression';
import { firing } from './graph/firing';
import { Learnable } from './learnable';
import type { Assigned, NeuronModel, Parameter } from './model';
import { rectangular } from './surrogates';
import { equationsOf } from './text/equations';
import { isTaken, type TextFunction } from './text/functions';

/** A function of one's own in equations: an expression of expressions, or a rectifier by value and derivative. */
export type EquationFunction = ((...args: Expr[]) => Real) | NumberFunction;

/** What {@link neuron} takes beside equations in text. */
export interface NeuronOptions<P extends string = string> {
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
  extends Omit<typeof E, 'spike' | 'custom' | 'customSlope' | 'leaf' | 'lift' | 'inOrder'> {
  /** Θ(u) with the neuron's surrogate; of a comparison, 1 where it holds. */
  spike(u: Real): Expr;
}

/** A neuron as functions: {@link neuron} infers the names of states and parameters. */
export interface NeuronDefinition<S extends string, P extends string>
  extends Omit<NeuronOptions<P>, 'functions' | 'start'> {
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
/** One for all, since it cannot be changed. */
const rectangle = /* @__PURE__ */ rectangular();

const shared = {
  parameters: option(recordOf(aParameter, 'numbers or what learnable() makes, by name'), none),
  surrogate: option(aSlope, () => rectangle, 'rectangular()'),
  outputs: optional(listOf(aText), "`['spikes']`, or for equations without a spike the value assigned last"),
};

export const neuronOptions = optionTable({
  ...shared,
  functions: option(recordOf(aFunction, 'functions of expressions or rectifiers, by name'), none),
  start: option(recordOf(finite(), 'finite numbers, by the name of a state'), none),
} satisfies OptionsOf<NeuronOptions>);

export const neuronDefinition = optionTable({
  ...shared,
  state: required(recordOf(finite(), 'finite numbers, by name')),
  step: required(
    callback<NeuronDefinition<string, string>['step']>('a function (state, x, parameters, tools)'),
  ),
});

/** s(u) of a surrogate: its formula, or its function called number by number. */
const slopeOf = (f: NumberFunction): SpikeSlope => ({
  slope: (u) => formulaIn(f)?.derivative(u) ?? E.customSlope(f, u),
});

/** Constants are numbers, learnable ones leaves. */
function parametersOf(given: Readonly<Record<string, number | Learnable>>): Parameter[] {
  return Object.entries(given).map(([name, value]) => {
    if (typeof value === 'number') return { name, value, learnable: undefined, leaf: E.number(value) };
    const { per, decay } = value;
    return { name, value: value.value, learnable: { per, decay }, leaf: E.leaf(`parameter ${name}`, per) };
  });
}

const leavesOf = (parameters: readonly Parameter[]): Record<string, Expr> =>
  Object.fromEntries(parameters.map(({ name, leaf }) => [name, leaf]));

/**
 * A spiking neuron from its equations, one step of it: one assignment a line (or between semicolons), in order. What
 * is read before it is assigned is state and starts at 0; `x` is the input; `spike(u)` is 1 where u >= 0, and
 * `spike(a > b)` where a > b, with the surrogate's slope for a derivative.
 *
 * ```ts
 * const alif = neuron(`
 *   h = tau*v + x
 *   spikes = spike(h - vth - beta*a)
 *   v = h*(1 - spikes)
 *   a = rho*a + spikes
 * `, { parameters: { tau: learnable(0.9), rho: 0.95, beta: 0.2, vth: 1 }, surrogate: arctan() });
 * ```
 *
 * Operators are + - * / ^ (or **), comparisons, and, or, not, `c ? a : b`; `detach(…)` cuts a gradient off. Equations
 * without a spike are a read-out. Or the same as functions: `neuron({ state: { v: 0 }, parameters, step })`.
 * @throws EquationError at the line and column of a mistake in the text
 */
export function neuron<P extends string>(text: string, options?: NeuronOptions<P>): NeuronModel;
export function neuron<S extends string, P extends string = never>(
  definition: NeuronDefinition<S, P>,
): NeuronModel;
export function neuron(
  given: string | NeuronDefinition<string, string>,
  options: NeuronOptions = {},
): NeuronModel {
  if (typeof given === 'string') return fromText(given, options);
  checkKind('neuron', 'equations', anEquationSource, given);
  return fromDefinition(given);
}

const anEquationSource = kind<NeuronDefinition<string, string>>(
  'equations in text, or { state, parameters, step }',
  (value) => anObject.holds(value) && typeof value.step === 'function' && anObject.holds(value.state),
);

function fromText(text: string, options: NeuronOptions): NeuronModel {
  const { parameters, surrogate, functions, start, outputs } = neuronOptions.read('neuron', options);
  const named = parametersOf(parameters);
  for (const { name } of named) checkName('parameters', name);
  const equations = equationsOf(text, Object.keys(parameters));
  for (const { name } of named)
    check(equations.reads(name), 'neuron', () => `the parameter ${name} is in no equation`);
  for (const name of Object.keys(start))
    check(
      equations.states.includes(name),
      'neuron',
      () => `start names ${name}, which is no state; states are ${list(equations.states)}`,
    );
  const x = E.leaf('x', 'neuron');
  const states = equations.states.map((name) => ({ name, leaf: E.leaf(`state ${name}`, 'neuron') }));
  const slope = slopeOf(surrogate);
  const values = equations.run(
    { ...leavesOf(named), ...Object.fromEntries(states.map(({ name, leaf }) => [name, leaf])), x },
    { ...textFunctionsOf(functions), spike: { least: 1, most: 1, make: (u) => firing(u, slope) } },
  );
  return finished({
    text,
    x,
    parameters: named,
    functions,
    surrogate,
    outputs,
    states: states.map(({ name, leaf }) => ({
      name,
      leaf,
      start: start[name] ?? 0,
      next: values.get(name)!,
    })),
    assigned: [...values].map(([name, value]) => ({ name, value })),
  });
}

function textFunctionsOf(given: Readonly<Record<string, EquationFunction>>): Record<string, TextFunction> {
  return Object.fromEntries(
    Object.entries(given).map(([name, f]) => {
      checkName('functions', name);
      if (typeof f !== 'function') return [name, { least: 1, most: 1, make: (a: Expr) => E.custom(f, a) }];
      const make = (...args: Expr[]): Expr => asExpression(f(...args), `the function ${name}`);
      return [name, { least: f.length, most: Math.max(f.length, 16), make }];
    }),
  );
}

function fromDefinition(definition: NeuronDefinition<string, string>): NeuronModel {
  const { parameters, surrogate, outputs, state, step } = neuronDefinition.read('neuron', definition);
  const named = parametersOf(parameters);
  const x = E.leaf('x', 'neuron');
  const leaves = Object.fromEntries(
    Object.keys(state).map((name) => [name, E.leaf(`state ${name}`, 'neuron')]),
  );
  const slope = slopeOf(surrogate);
  const tools: StepTools = { ...E, spike: (u) => firing(E.lift(u), slope) };
  const read = new Set<string>();
  const result: unknown = step(leaves, x, watched(leavesOf(named), read), tools);
  for (const { name } of named)
    check(read.has(name), 'neuron', () => `the parameter ${name} is not used by step`);
  check(anObject.holds(result), 'neuron', () => `step must return values by name, got ${shown(result)}`);
  const assigned = Object.entries(result).map(([name, value]) => ({
    name,
    value: asExpression(value, `what step returns as ${name}`),
  }));
  for (const name of Object.keys(state))
    check(Object.hasOwn(result, name), 'neuron', () => `step returns no next value of the state ${name}`);
  return finished({
    text: undefined,
    x,
    parameters: named,
    functions: {},
    surrogate,
    outputs,
    states: Object.entries(state).map(([name, start]) => ({
      name,
      start,
      leaf: leaves[name]!,
      next: assigned.find((value) => value.name === name)!.value,
    })),
    assigned,
  });
}

/** The same values, noting which are read. */
function watched(values: Readonly<Record<string, Expr>>, read: Set<string>): Record<string, Expr> {
  const record = {};
  for (const [name, value] of Object.entries(values)) {
    const get = (): Expr => {
      read.add(name);
      return value;
    };
    Object.defineProperty(record, name, { enumerable: true, get });
  }
  return record;
}

function asExpression(value: unknown, what: string): Expr {
  if (typeof value === 'number') return E.number(value);
  check(value instanceof E.Expr, 'neuron', () => `${what} must be an expression, got ${shown(value)}`);
  return value;
}

function checkName(option: string, name: string): void {
  check(
    /^[A-Za-z_]\w*$/.test(name) && name !== 'x' && !isTaken(name),
    'neuron',
    () =>
      `${option} names ${shown(name)}, which ${name === 'x' ? 'is the input' : isTaken(name) ? 'has a meaning already: take another name' : 'equations cannot name'}`,
  );
}

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

type Unfinished = Omit<NeuronModel, 'outputs'> & { readonly outputs: readonly string[] | undefined };

/** Chooses and checks what comes out, and what the equations use. */
function finished(model: Unfinished): NeuronModel {
  const { assigned, parameters, states } = model;
  const outputs = model.outputs ?? [defaultOutput(assigned)];
  check(outputs.length > 0, 'neuron', 'outputs names nothing that comes out');
  check(new Set(outputs).size === outputs.length, 'neuron', 'outputs names one value twice');
  for (const name of outputs)
    check(
      assigned.some((value) => value.name === name),
      'neuron',
      () =>
        `outputs names ${shown(name)}, which nothing assigns; assigned are ${list(assigned.map((a) => a.name))}`,
    );
  const used = new Set(inOrder([...assigned.map(({ value }) => value), ...states.map(({ next }) => next)]));
  for (const { name, leaf, learnable } of parameters)
    check(
      learnable === undefined || used.has(leaf),
      'neuron',
      () => `the learnable parameter ${name} is in no equation: it would never get a gradient`,
    );
  return Object.freeze({ ...model, outputs: Object.freeze([...outputs]) });
}

function defaultOutput(assigned: readonly Assigned[]): string {
  if (assigned.some(({ name }) => name === 'spikes')) return 'spikes';
  const isFiring = inOrder(assigned.map(({ value }) => value)).some(({ op }) => op === 'spike');
  check(!isFiring, 'neuron', 'no equation says what `spikes` is; or name what comes out in outputs');
  return assigned.at(-1)!.name;
}
