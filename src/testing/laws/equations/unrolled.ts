// A neuron of equations, number by number: each step in the order of its lines, in doubles, by the meaning of every
// operation. No tape, no derivative and no loop of a backend takes part. What a spike and a `detach` give may be put
// in, for the smooth neuron of the gradient law.

import { type Expr, learnablesOf, type NeuronModel } from '../../../neurons';
import { inOrder } from '../../../neurons/graph/expression';
import { Simplifier } from '../../../neurons/graph/simplify';
import { evaluate } from '../../../neurons/graph/value';

/** What stands for the operations whose derivative is not that of their value. */
export interface Firing {
  /** The spike of u. @param fired what it is by the step */
  spike(u: number, fired: number): number;
  /** A value through which no gradient goes: of `detach`, a comparison, `floor`; and which side of a bend it is on. */
  hold(value: number): number;
}

/** Θ, and nothing held. */
export const plainFiring: Firing = { spike: (_, fired) => fired, hold: (value) => value };

const held = new Set(['detach', 'lt', 'le', 'gt', 'ge', 'floor']);

/** Of operations with a bend the side: the sign of |a|, the place of the lesser or greater. */
function sideOf(op: Expr['op'], a: number, b: number): number | undefined {
  if (op === 'abs') return Number.isNaN(a) ? a : Math.sign(a);
  if (op === 'min') return Number(b < a);
  return op === 'max' ? Number(a < b) : undefined;
}

/** One neuron over a sequence. */
export interface Unrolled {
  /** Every assigned value by name, one a step. */
  readonly values: ReadonlyMap<string, readonly number[]>;
  /** States after the last step, in the model's order. */
  readonly last: readonly number[];
  /** Of the arguments of all spikes, the one nearest to 0 that is not 0. */
  readonly nearest: number;
}

/** A step as a list: what it computes of which entries before. */
interface StepList {
  readonly order: readonly Expr[];
  readonly args: readonly (readonly number[])[];
  readonly leaves: ReadonlyMap<string, number>;
  readonly assigned: readonly (readonly [name: string, at: number])[];
  readonly next: readonly number[];
}

const programs = new WeakMap<NeuronModel, StepList>();

function programOf(model: NeuronModel): StepList {
  const known = programs.get(model);
  if (known !== undefined) return known;
  const { assigned, states } = model;
  // equal expressions as one, so that a spike that two lines read is one spike
  const roots = new Simplifier(false).rebuild([
    ...assigned.map(({ value }) => value),
    ...states.map(({ next }) => next),
  ]);
  const order = inOrder(roots);
  const places = new Map(order.map((e, i) => [e, i]));
  const at = (e: Expr): number => places.get(e)!;
  const program = {
    order,
    args: order.map(({ args }) => args.map(at)),
    leaves: new Map(order.flatMap(({ op, name }, i) => (op === 'leaf' ? [[name, i] as const] : []))),
    assigned: assigned.map(({ name }, k) => [name, at(roots[k]!)] as const),
    next: states.map((_, k) => at(roots[assigned.length + k]!)),
  };
  programs.set(model, program);
  return program;
}

/** Where a model's states start, in its order. */
export const startsOf = ({ states }: NeuronModel): number[] => states.map(({ start }) => start);

/** Where its learnable parameters start. */
export const learntOf = (model: NeuronModel): number[] => learnablesOf(model).map(({ value }) => value);

/**
 * @param x the current of each step
 * @param start of each state
 * @param learnt of each learnable parameter
 */
export function unrolled(
  model: NeuronModel,
  x: readonly number[],
  start: readonly number[] = startsOf(model),
  learnt: readonly number[] = learntOf(model),
  firing: Firing = plainFiring,
): Unrolled {
  const { order, args, leaves, assigned, next } = programOf(model);
  const now = new Float64Array(order.length);
  const put = (name: string, value: number): void => {
    const at = leaves.get(name);
    if (at !== undefined) now[at] = value;
  };
  for (const [k, { leaf }] of learnablesOf(model).entries()) put(leaf.name, learnt[k]!);
  const values = new Map(assigned.map(([name]) => [name, [] as number[]]));
  let states = [...start];
  let nearest = Number.POSITIVE_INFINITY;
  for (const current of x) {
    put('x', current);
    for (const [k, { leaf }] of model.states.entries()) put(leaf.name, states[k]!);
    for (const [i, e] of order.entries()) {
      if (e.op === 'leaf') continue;
      const given = args[i]!.map((at) => now[at]!);
      if (e.op === 'spike') {
        now[i] = firing.spike(given[0]!, evaluate(e, given));
        if (given[0] !== 0) nearest = Math.min(nearest, Math.abs(given[0]!));
      } else {
        const side = sideOf(e.op, given[0]!, given[1]!);
        if (side === undefined) {
          const value = evaluate(e, given);
          now[i] = held.has(e.op) ? firing.hold(value) : value;
        } else {
          const held = firing.hold(side);
          now[i] = e.op === 'abs' ? held * given[0]! : given[held]!;
        }
      }
    }
    for (const [name, at] of assigned) values.get(name)!.push(now[at]!);
    states = next.map((at) => now[at]!);
  }
  return { values, last: states, nearest };
}
