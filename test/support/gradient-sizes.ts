// How large the numbers are of which a neuron's gradients are the sum, which may cancel: what rounding is measured
// against. Backward in doubles, every value with a size beside it: of a sum the larger of its terms', of a product
// their product, of a function what its argument's size makes of it. Not a test itself.

import { type Expr, learnablesOf, type NeuronModel } from '../../src/neurons';
import { derive } from '../../src/neurons/graph/derive';
import { inOrder } from '../../src/neurons/graph/expression';
import { evaluate } from '../../src/neurons/graph/value';
import type { Given } from './direct';

interface Sized {
  readonly value: number;
  readonly size: number;
}

/** Gradients that come from above: of each output at each step, of each last state. */
export interface Seeds {
  readonly outputs: readonly (readonly number[])[];
  readonly last: readonly number[];
}

/** Of one neuron: of x at each step, of each first state, of each learnable parameter. */
export interface GradientSizes {
  readonly x: readonly number[];
  readonly initial: readonly number[];
  readonly parameters: readonly number[];
}

const exactly = (value: number): Sized => ({ value, size: Math.abs(value) });

export function gradientSizes(model: NeuronModel, given: Given, seeds: Seeds): GradientSizes {
  const derived = derive(model, false);
  const { next, gOutput, gNext, dx, dState, dParameter } = derived;
  const leaves = learnablesOf(model).map(({ leaf }) => leaf);
  const forward = inOrder(next);
  const back = inOrder([dx, ...dState, ...dParameter]);
  const before: Sized[][] = [given.initial.map(exactly)];
  const at = (t: number): Map<string, Sized> =>
    new Map([
      [model.x.name, exactly(given.x[t]!)],
      ...model.states.map(({ leaf }, k) => [leaf.name, before[t]![k]!] as const),
      ...leaves.map(({ name }, k) => [name, exactly(given.parameters[k]!)] as const),
    ]);
  for (let t = 0; t < given.x.length; t++) {
    const values = evaluated(forward, at(t));
    before.push(next.map((e) => values.get(e)!));
  }
  let d = seeds.last.map(exactly);
  const x: number[] = [];
  const parameters = leaves.map(() => 0);
  for (let t = given.x.length - 1; t >= 0; t--) {
    const known = at(t);
    for (const [k, { name }] of gOutput.entries()) known.set(name, exactly(seeds.outputs[k]![t]!));
    for (const [k, { name }] of gNext.entries()) known.set(name, d[k]!);
    const values = evaluated(back, known);
    x[t] = values.get(dx)!.size;
    d = dState.map((e) => values.get(e)!);
    for (const [k, e] of dParameter.entries()) parameters[k] = Math.max(parameters[k]!, values.get(e)!.size);
  }
  return { x, initial: d.map(({ size }) => size), parameters };
}

/** @param known leaves, by name */
function evaluated(order: readonly Expr[], known: ReadonlyMap<string, Sized>): ReadonlyMap<Expr, Sized> {
  const values = new Map<Expr, Sized>();
  for (const e of order) {
    const args = e.args.map((a) => values.get(a)!);
    values.set(e, e.op === 'leaf' ? known.get(e.name)! : sized(e, args));
  }
  return values;
}

function sized(e: Expr, args: readonly Sized[]): Sized {
  const numbers = args.map(({ value }) => value);
  const value = evaluate(e, numbers);
  const [a, b, c] = args as [Sized, Sized, Sized];
  const larger = (size: number): Sized => ({ value, size: Math.max(size, Math.abs(value)) });
  switch (e.op) {
    case 'number':
    case 'floor':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'and':
    case 'or':
    case 'not':
      return exactly(value);
    case 'add':
    case 'sub':
    case 'min':
    case 'max':
      return larger(Math.max(a.size, b.size));
    case 'mul':
    case 'gain':
      return larger(a.size * b.size);
    case 'div':
      return larger((a.size / Math.abs(b.value)) * (b.size / Math.abs(b.value)));
    case 'select':
      return larger(a.value ? b.size : c.size);
    default: {
      const step = 1e-6 * Math.max(1, Math.abs(a.value));
      const slope = (evaluate(e, [a.value + step]) - evaluate(e, [a.value - step])) / (2 * step);
      return larger(Math.abs(slope) * a.size);
    }
  }
}
