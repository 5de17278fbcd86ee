// neuron(): a spiking neuron as its user writes it, equations as text or functions that TypeScript checks, made a
// model.

import { check } from '../errors';
import { anObject, checkKind, kind } from '../options';
import { fromDefinition } from './definition';
import { differentialSettings } from './differential/settings';
import { differentialStep } from './differential/step';
import { isDifferential } from './differential/system';
import { finished, type Unfinished } from './finished';
import type { Expr } from './graph/expression';
import * as E from './graph/expression';
import { firing } from './graph/firing';
import type { NeuronModel, Parameter } from './model';
import { type EquationFunction, type NeuronDefinition, type NeuronOptions, neuronOptions } from './options';
import { asExpression, checkName, leavesOf, list, parametersOf, slopeOf } from './parts';
import { equationsOf } from './text/equations';
import type { TextFunction } from './text/functions';
import { parseEquations } from './text/lines';
import type { Equation } from './text/syntax';

/**
 * A spiking neuron from its equations, one step of it: one assignment a line (or between semicolons), in order. What
 * is read before it is assigned is state and starts at 0; `x` is the input; `spike(u)` is 1 where u >= 0, and
 * `spike(v > vth)` where that holds, with the surrogate's slope for a derivative.
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
