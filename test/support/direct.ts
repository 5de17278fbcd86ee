// The direct evaluation of a neuron, expression by expression, which no rule of simplification has touched; and the
// smooth neuron, whose differences are the gradient that backward has to give. Not a test itself.

import { type Expr, formulaIn, learnablesOf, type NeuronModel, outputsOf } from '../../src/neurons';
import { Expr as ExprClass, inOrder } from '../../src/neurons/graph/expression';
import { evaluate } from '../../src/neurons/graph/value';

/** The same neuron with the surrogate's primitive in the place of the step. */
export function smoothed(model: NeuronModel): NeuronModel {
  const done = new Map<Expr, Expr>();
  const { value } = formulaIn(model.surrogate)!;
  for (const e of inOrder(
    [...model.assigned, ...model.states.map(({ next }) => ({ value: next }))].map((a) => a.value),
  )) {
    const args = e.args.map((a) => done.get(a)!);
    const again = new ExprClass(e.op, args, e.value, e.name, e.rate, e.surrogate, e.custom);
    done.set(e, e.op === 'spike' ? value(args[0]!) : args.length === 0 ? e : again);
  }
  return {
    ...model,
    assigned: model.assigned.map((a) => ({ ...a, value: done.get(a.value)! })),
    states: model.states.map((state) => ({ ...state, next: done.get(state.next)! })),
  };
}

/** Everything that a run of one neuron is given. */
export interface Given {
  readonly x: readonly number[];
  readonly initial: readonly number[];
  readonly parameters: readonly number[];
}

export interface Direct {
  readonly outputs: readonly (readonly number[])[];
  readonly last: readonly number[];
  /** How near the two sides of any comparison came, and any kink. */
  readonly margin: number;
  /** The same without sides that are equal and exact, which rounding keeps equal. */
  readonly doubt: number;
  /** What `detach` gave, step by step. */
  readonly detached: ReadonlyMap<Expr, number>[];
}

/** One neuron over its steps. @param frozen what `detach` gives instead of its argument */
export function directly(
  model: NeuronModel,
  given: Given,
  frozen?: readonly ReadonlyMap<Expr, number>[],
): Direct {
  const results = [...outputsOf(model).map(({ value }) => value), ...model.states.map(({ next }) => next)];
  const order = inOrder(results);
  const names = learnablesOf(model);
  let now = given.initial;
  const rounded = roundedIn(order);
  let margin = Number.POSITIVE_INFINITY;
  let doubt = Number.POSITIVE_INFINITY;
  const compare = (distance: number, sides: readonly Expr[]): void => {
    margin = Math.min(margin, distance);
    if (distance > 0 || sides.some((e) => rounded.has(e))) doubt = Math.min(doubt, distance);
  };
  const outputs: number[][] = model.outputs.map(() => []);
  const detached: Map<Expr, number>[] = [];
  for (const [t, x] of given.x.entries()) {
    const values = new Map<Expr, number>([[model.x, x]]);
    for (const [k, { leaf }] of model.states.entries()) values.set(leaf, now[k]!);
    for (const [k, { leaf }] of names.entries()) values.set(leaf, given.parameters[k]!);
    const held = new Map<Expr, number>();
    for (const e of order) {
      if (values.has(e)) continue;
      const args = e.args.map((a) => values.get(a)!);
      if (['lt', 'le', 'gt', 'ge', 'min', 'max'].includes(e.op) && e.args.some(({ op }) => op !== 'number'))
        compare(Math.abs(args[0]! - args[1]!), e.args);
      if (e.op === 'abs' || e.op === 'spike') compare(Math.abs(args[0]!), e.args);
      const value = e.op === 'detach' && frozen ? frozen[t]!.get(e)! : evaluate(e, args);
      if (e.op === 'detach') held.set(e, value);
      values.set(e, value);
    }
    detached.push(held);
    for (const [k, { value }] of outputsOf(model).entries()) outputs[k]!.push(values.get(value)!);
    now = model.states.map(({ next }) => values.get(next)!);
  }
  return { outputs, last: now, margin, doubt, detached };
}

const exact = new Set<Expr['op']>(['number', 'leaf', 'spike', 'lt', 'le', 'gt', 'ge', 'and', 'or', 'not']);
/** As exact as what they take. */
const passing = new Set<Expr['op']>(['select', 'min', 'max', 'neg', 'abs', 'detach']);

/** Of these, what rounding may change. */
function roundedIn(order: readonly Expr[]): Set<Expr> {
  const rounded = new Set<Expr>();
  for (const e of order) {
    const changes = passing.has(e.op) ? e.args.some((a) => rounded.has(a)) : !exact.has(e.op);
    if (changes) rounded.add(e);
  }
  return rounded;
}
