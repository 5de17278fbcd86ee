// A rule as its targets compute it: what comes out of a step, equal expressions once.

import type { Expr } from '../graph/expression';
import { type Replace, Simplifier } from '../graph/simplify';
import type { UpdateRule } from './rule';

/** What comes out of a step: p, then each state. */
export type UpdateRoots = readonly [parameter: Expr, ...states: Expr[]];

/** How a target wants its expressions. */
interface TargetWishes {
  /** What stands in for an expression of the rule. */
  readonly replace?: Replace;
  /** What is made of them all. */
  readonly finish?: (roots: readonly Expr[], simplifier: Simplifier) => readonly Expr[];
}

/** @param floats whether comparisons may move to the next f32 number */
export function updateRoots(
  { next, states, assigned }: UpdateRule,
  floats: boolean,
  { replace = () => undefined, finish = (roots) => roots }: TargetWishes = {},
): UpdateRoots {
  const outputs = [next, ...states.map((state) => state.next)];
  const simplifier = new Simplifier(floats);
  const plain: Replace = (e, args) => replace(e, args) ?? (e.op === 'detach' ? args[0] : undefined);
  const roots = finish(simplifier.rebuild([...outputs, ...assigned], plain, true), simplifier);
  return roots.slice(0, outputs.length) as unknown as UpdateRoots;
}
