// From a model to what a target computes: its outputs and next states, and the gradients of one step, with g of each
// output and d of each next state:
//
//   dx = Σ g·∂output/∂x + Σ d·∂next/∂x,   the same for each state (which goes on to the step before) and parameter
//
// Spikes have become comparisons, functions that have a formula their formula. Forward and backward share equal
// expressions.

import { learnablesOf, type NeuronModel, outputsOf } from '../model';
import { gradients } from './differentiate';
import { type Expr, formulaIn, ge, gt, inOrder, leaf, select } from './expression';
import { type Replace, Simplifier } from './simplify';

export interface Derived {
  readonly model: NeuronModel;
  readonly outputs: readonly Expr[];
  /** Next states. */
  readonly next: readonly Expr[];
  /** Leaves: the gradient of each output, of each next state. */
  readonly gOutput: readonly Expr[];
  readonly gNext: readonly Expr[];
  /**
   * Gradients of the input, of each state before the step, and what one neuron and step add to each learnable
   * parameter's.
   */
  readonly dx: Expr;
  readonly dState: readonly Expr[];
  readonly dParameter: readonly Expr[];
  readonly simplifier: Simplifier;
}

/** All that a target computes of a neuron. */
export const rootsOf = ({ outputs, next, dx, dState, dParameter }: Derived): Expr[] => [
  ...outputs,
  ...next,
  dx,
  ...dState,
  ...dParameter,
];

/** The functions of a neuron that have no formula: what only JavaScript can call, by name. */
export function ownFunctions(derived: Derived): string[] {
  const found = inOrder(rootsOf(derived)).filter(({ op }) => op === 'custom' || op === 'customSlope');
  return [...new Set(found.map(({ custom }) => custom!.name))];
}

/** Θ as a comparison, `detach` and what is known of a slope as nothing, functions as their formulas. */
const plain: Replace = ({ op, custom, surrogate }, [a]) => {
  if (op === 'detach' || op === 'known') return a;
  if (op === 'spike') return select(surrogate!.isStrict ? gt(a!, 0) : ge(a!, 0), 1, 0);
  if (op === 'custom') return formulaIn(custom!)?.value(a!);
  return op === 'customSlope' ? formulaIn(custom!)?.derivative(a!) : undefined;
};

/** The same for reading, where names say more than what stands behind them. */
const plainButNames: Replace = (e, args) => (e.op === 'known' ? undefined : plain(e, args));

const known = { f32: new WeakMap<NeuronModel, Derived>(), f64: new WeakMap<NeuronModel, Derived>() };

/**
 * The neuron differentiated, made once.
 * @param floats whether values are f32: comparisons of increasing functions become comparisons of their arguments
 */
export function derive(model: NeuronModel, floats: boolean): Derived {
  const derived = known[floats ? 'f32' : 'f64'];
  const found = derived.get(model) ?? make(model, floats);
  derived.set(model, found);
  return found;
}

/** The neuron differentiated to be read: what has a name keeps it. */
export const deriveNamed = (model: NeuronModel): Derived => make(model, false, plainButNames);

function make(model: NeuronModel, floats: boolean, replace = plain): Derived {
  const { x, states } = model;
  const parameters = learnablesOf(model);
  const outputs = outputsOf(model);
  const simplifier = new Simplifier(floats);
  const gOutput = outputs.map(({ name }) => leaf(`gradient output ${name}`, 'neuron'));
  const gNext = states.map(({ name }) => leaf(`gradient state ${name}`, 'neuron'));
  const forward = simplifier.rebuild([
    ...outputs.map(({ value }) => value),
    ...states.map(({ next }) => next),
  ]);
  const seeds = [...gOutput, ...gNext];
  const leaves = [x, ...states.map((state) => state.leaf), ...parameters.map((parameter) => parameter.leaf)];
  const back = gradients(
    forward.map((root, i) => ({ root, seed: seeds[i]! })),
    simplifier.rebuild(leaves),
  );
  const roots = simplifier.rebuild([...forward, ...back], replace);
  const take = (from: number, count: number): Expr[] => roots.slice(from, from + count);
  const [o, s, p] = [outputs.length, states.length, parameters.length];
  return {
    model,
    simplifier,
    outputs: take(0, o),
    next: take(o, s),
    gOutput: simplifier.rebuild(gOutput),
    gNext: simplifier.rebuild(gNext),
    dx: roots[o + s]!,
    dState: take(o + s + 1, s),
    dParameter: take(o + 2 * s + 1, p),
  };
}
