// A neuron as functions of expressions: its step is called once, with leaves.

import { check } from '../errors';
import { anObject, shown } from '../options';
import { finished } from './finished';
import type { Expr } from './graph/expression';
import * as E from './graph/expression';
import { firing } from './graph/firing';
import type { NeuronModel } from './model';
import { type NeuronDefinition, neuronDefinition, type StepTools } from './options';
import { asExpression, leavesOf, parametersOf, slopeOf } from './parts';

/** @throws for a step that leaves out a state or a parameter, or gives what is no expression */
export function fromDefinition(definition: NeuronDefinition<string, string>): NeuronModel {
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
