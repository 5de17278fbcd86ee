// A neuron as text: what its lines say, as assignments here. Differential equations come with a reader of their own, so
// that who writes none, as lif does, needs none of it.

import { check } from '../errors';
import { differentialSettings } from './differential/settings';
import { isDifferential } from './differential/system';
import { finished, type Unfinished } from './finished';
import type { Expr } from './graph/expression';
import * as E from './graph/expression';
import { firing } from './graph/firing';
import type { NeuronModel, Parameter } from './model';
import { type EquationFunction, type NeuronOptions, neuronOptions } from './options';
import { asExpression, checkName, leavesOf, list, parametersOf, slopeOf, startOf } from './parts';
import { equationsOf } from './text/equations';
import type { TextFunction } from './text/functions';
import { parseEquations } from './text/lines';
import type { Equation } from './text/syntax';

export type TextOptions = ReturnType<typeof neuronOptions.read>;

/** Reads the lines of one kind. */
export type ReadLines = (
  text: string,
  equations: readonly Equation[],
  parameters: readonly Parameter[],
  options: TextOptions,
  given: NeuronOptions,
) => Read;

/** @param ofDerivatives reads differential equations. Left out, there are none. */
export function fromText(text: string, given: NeuronOptions, ofDerivatives?: ReadLines): NeuronModel {
  const options = neuronOptions.read('neuron', given);
  const parameters = parametersOf(options.parameters);
  for (const { name } of parameters) checkName('parameters', name);
  const equations = parseEquations(text);
  const read = (isDifferential(equations) ? ofDerivatives : undefined) ?? fromAssignments;
  const { reads, ...model } = read(text, equations, parameters, options, given);
  for (const { name } of parameters)
    check(reads(name), 'neuron', () => `the parameter ${name} is in no equation`);
  const { functions, outputs } = options;
  return finished({ text, parameters, functions, outputs, ...model });
}

export type Read = Omit<Unfinished, 'text' | 'parameters' | 'functions' | 'outputs'> & {
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
      start: startOf(start, name),
      next: values.get(name)!,
    })),
    assigned: [...values].map(([name, value]) => ({ name, value })),
    reads,
  };
}

export function checkStart(start: Readonly<Record<string, number>>, states: readonly string[]): void {
  for (const name of Object.keys(start))
    check(
      states.includes(name),
      'neuron',
      () => `start names ${name}, which is no state; states are ${list(states)}`,
    );
}

export function textFunctionsOf(
  given: Readonly<Record<string, EquationFunction>>,
): Record<string, TextFunction> {
  return Object.fromEntries(
    Object.entries(given).map(([name, f]) => {
      checkName('functions', name);
      if (typeof f !== 'function') return [name, { least: 1, most: 1, make: (a: Expr) => E.custom(f, a) }];
      const make = (...args: Expr[]): Expr => asExpression(f(...args), `the function ${name}`);
      return [name, { least: f.length, most: Math.max(f.length, 16), make }];
    }),
  );
}
