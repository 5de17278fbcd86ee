// Neurons that fast-check draws: well-formed equations of one to three states, with selections, detachments and the
// usual functions, whose values stay near 1. And their direct evaluation, expression by expression, which no rule has
// touched.

import fc from 'fast-check';
import { arctan, learnable, type NeuronModel, neuron, sigmoidal } from '../../src';
import { type Expr, formulaIn, learnablesOf, outputsOf } from '../../src/neurons';
import { Expr as ExprClass, inOrder } from '../../src/neurons/graph/expression';
import { evaluate } from '../../src/neurons/graph/value';

const constant = fc.integer({ min: -15, max: 15 }).map((n) => `${n / 10}`);
const unary = fc.constantFrom(
  (a: string) => `-(${a})`,
  (a: string) => `abs(${a})`,
  (a: string) => `tanh(${a})`,
  (a: string) => `sigmoid(${a})`,
  (a: string) => `sin(${a})`,
  (a: string) => `arctan(${a})`,
  (a: string) => `erf(${a})`,
  (a: string) => `exp(-abs(${a}))`,
  (a: string) => `sqrt((${a})^2 + 0.1)`,
  (a: string) => `log((${a})^2 + 0.5)`,
  (a: string) => `tanh(${a})^3`,
  (a: string) => `detach(${a})`,
  (a: string) => `sech2(${a})`,
);
const binary = fc.constantFrom(
  (a: string, b: string) => `0.5*(${a} + ${b})`,
  (a: string, b: string) => `(${a}) - (${b})/2`,
  (a: string, b: string) => `tanh(${a})*(${b})`,
  (a: string, b: string) => `(${a})/(1.5 + abs(${b}))`,
  (a: string, b: string) => `min(${a}, ${b})`,
  (a: string, b: string) => `max(${a}, ${b})`,
);
const choice = fc.constantFrom(
  (a: string, b: string, c: string) => `(${a} > ${b} ? ${c} : ${a})`,
  (a: string, b: string, c: string) => `(${a} <= 0.3 and not (${b} < -0.2) ? ${c} : ${b})`,
  (a: string, b: string, c: string) => `select(${a} >= ${b} or ${c} < 0, ${a}, ${c})`,
);

/** An expression in these names. */
function term(names: readonly string[], depth: number): fc.Arbitrary<string> {
  const name = fc.constantFrom(...names);
  if (depth === 0) return fc.oneof({ arbitrary: name, weight: 4 }, { arbitrary: constant, weight: 1 });
  const below = term(names, depth - 1);
  return fc.oneof(
    fc.tuple(unary, below).map(([f, a]) => f(a)),
    fc.tuple(binary, below, below).map(([f, a, b]) => f(a, b)),
    fc.tuple(choice, below, below, below).map(([f, a, b, c]) => f(a, b, c)),
  );
}

const learnt = { p: learnable(0.4), q: learnable(-0.7) };
const outputs = ['spikes', 'h'];

export interface Drawn {
  readonly text: string;
  readonly surrogate: 'arctan' | 'sigmoidal';
}

const surrogates = { arctan: arctan(), sigmoidal: sigmoidal({ alpha: 2 }) };

export const modelOf = ({ text, surrogate }: Drawn): NeuronModel =>
  neuron(text, { parameters: { ...learnt, r: 0.3 }, outputs, surrogate: surrogates[surrogate] });

/** The same of a text in which the constant r is a number. */
export const modelOfPrinted = ({ text, surrogate }: Drawn): NeuronModel =>
  neuron(text, { parameters: learnt, outputs, surrogate: surrogates[surrogate] });

export const neurons: fc.Arbitrary<Drawn> = fc
  .integer({ min: 1, max: 3 })
  .chain((count) => {
    const states = ['v', 'a', 'b'].slice(0, count);
    const names = ['x', 'p', 'q', 'r', ...states];
    return fc.record({
      h: term(names, 3),
      u: term(['h', ...names], 1),
      next: fc.tuple(...states.map(() => term(['h', 'spikes', ...names], 2))),
      states: fc.constant(states),
      surrogate: fc.constantFrom('arctan' as const, 'sigmoidal' as const),
    });
  })
  .map(({ h, u, next, states, surrogate }) => {
    const charge = `h = ${h} + 0.5*p*v + q*x\nspikes = spike(h - ${u}*r)`;
    const updates = next.map((text, i) => `${states[i]} = tanh(${text}) + 0*${states[i]}`);
    return { text: [charge, ...updates].join('\n'), surrogate };
  });

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
  let margin = Number.POSITIVE_INFINITY;
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
        margin = Math.min(margin, Math.abs(args[0]! - args[1]!));
      if (e.op === 'abs' || e.op === 'spike') margin = Math.min(margin, Math.abs(args[0]!));
      const value = e.op === 'detach' && frozen ? frozen[t]!.get(e)! : evaluate(e, args);
      if (e.op === 'detach') held.set(e, value);
      values.set(e, value);
    }
    detached.push(held);
    for (const [k, { value }] of outputsOf(model).entries()) outputs[k]!.push(values.get(value)!);
    now = model.states.map(({ next }) => values.get(next)!);
  }
  return { outputs, last: now, margin, detached };
}
