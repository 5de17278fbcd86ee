// neuron(): a spiking neuron as its user writes it, equations as text or functions that TypeScript checks, made a
// model.

import { check } from '../errors';
import { anObject, checkKind, kind, shown } from '../options';
import { differentialSettings } from './differential/settings';
import { differentialStep } from './differential/step';
import { isDifferential } from './differential/system';
import type { Expr, NumberFunction, SpikeSlope } from './graph/expression';
import * as E from './graph/expression';
import { formulaIn, inOrder } from './graph/expression';
import { firing } from './graph/firing';
import type { Learnable } from './learnable';
import type { Assigned, NeuronModel, Parameter } from './model';
import {
  type EquationFunction,
  type NeuronDefinition,
  type NeuronOptions,
  neuronDefinition,
  neuronOptions,
  type StepTools,
} from './options';
import { equationsOf } from './text/equations';
import { isTaken, type TextFunction } from './text/functions';
import { parseEquations } from './text/lines';
import type { Equation } from './text/syntax';

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
 * is read before it is assigned is state and starts at 0; `x` is the input; `spike(u)` is 1 where u >= 0, with the
 * surrogate's slope for a derivative.
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
 *
 * Lines that are derivatives make differential equations of the text, which `method` turns into such a step:
 *
 * ```ts
 * const adaptive = neuron(`
 *   dv/dt = (x - v - w)/tau
 *   dw/dt = (a*v - w)/tau_w
 * `, { threshold: 'v > 1', reset: 'v = 0; w += b', parameters: { tau: learnable(20), tau_w: 100, a: 0.1, b: 0.2 } });
 * ```
 *
 * All derivatives are of one moment; `v' = …` is the same as `dv/dt = …`; other lines are sub-expressions. In each step
 * the states are integrated, the threshold is compared, a spike resets.
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

type TextOptions = ReturnType<typeof neuronOptions.read>;

function fromText(text: string, given: NeuronOptions): NeuronModel {
  const options = neuronOptions.read('neuron', given);
  const parameters = parametersOf(options.parameters);
  for (const { name } of parameters) checkName('parameters', name);
  const equations = parseEquations(text);
  const read: typeof fromAssignments = isDifferential(equations) ? fromDifferential : fromAssignments;
  const { reads, ...model } = read(text, equations, parameters, options, given);
  for (const { name } of parameters)
    check(reads(name), 'neuron', () => `the parameter ${name} is in no equation`);
  const { functions, outputs } = options;
  return finished({ text, parameters, functions, outputs, ...model });
}

type Read = Omit<Unfinished, 'text' | 'parameters' | 'functions' | 'outputs'> & {
  reads(name: string): boolean;
};

function fromAssignments(
  text: string,
  equations: readonly Equation[],
  parameters: readonly Parameter[],
  { surrogate, functions, start }: TextOptions,
  given: NeuronOptions,
): Read {
  const foreign = Object.keys(differentialSettings).find(
    (name) => given[name as keyof NeuronOptions] !== undefined,
  );
  check(
    foreign === undefined,
    'neuron',
    () =>
      `the option ${foreign} belongs to differential equations, dv/dt = …, and this text has none; in assignments the spike is one of them, as in spikes = spike(v - 1), and so is what follows from it`,
  );
  const {
    states: names,
    reads,
    run,
  } = equationsOf(
    text,
    equations,
    parameters.map(({ name }) => name),
  );
  checkStart(start, names);
  const x = E.leaf('x', 'neuron');
  const states = names.map((name) => ({ name, leaf: E.leaf(`state ${name}`, 'neuron') }));
  const slope = slopeOf(surrogate);
  const values = run(
    { ...leavesOf(parameters), ...Object.fromEntries(states.map(({ name, leaf }) => [name, leaf])), x },
    { ...textFunctionsOf(functions), spike: { least: 1, most: 1, make: (u) => firing(u!, slope) } },
  );
  return {
    x,
    surrogate,
    differential: undefined,
    states: states.map(({ name, leaf }) => ({
      name,
      leaf,
      start: start[name] ?? 0,
      next: values.get(name)!,
    })),
    assigned: [...values].map(([name, value]) => ({ name, value })),
    reads,
  };
}

function fromDifferential(
  text: string,
  equations: readonly Equation[],
  parameters: readonly Parameter[],
  options: TextOptions,
): Read {
  const functions = textFunctionsOf(options.functions);
  checkStart(
    options.start,
    equations.filter(({ kind }) => kind === 'derivative').map(({ name }) => name),
  );
  const { reads, ...step } = differentialStep(
    { ...options, text, equations, parameters, functions },
    slopeOf,
  );
  return { ...step, reads: (name) => reads.has(name) };
}

function checkStart(start: Readonly<Record<string, number>>, states: readonly string[]): void {
  for (const name of Object.keys(start))
    check(
      states.includes(name),
      'neuron',
      () => `start names ${name}, which is no state; states are ${list(states)}`,
    );
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
    differential: undefined,
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
