// A neuron's step for targets whose numbers are f32 and whose operations are few: functions as polynomials, products
// joined to sums, and what backward keeps.

import { type Derived, derive, ownFunctions, rootsOf } from '../graph/derive';
import type { Expr } from '../graph/expression';
import type { NeuronModel } from '../model';
import { fitted } from './fit';
import { formulaFor } from './functions';
import { fused } from './fuse';
import { savedValues } from './saved';

export interface Lowered extends Derived {
  /** What backward keeps of the sweep in which it computes forward again. */
  readonly saved: readonly Expr[];
}

const known = new WeakMap<NeuronModel, Lowered>();

/** What of a neuron has no instruction: functions that only JavaScript can call, by their names. */
export const strangeIn = (model: NeuronModel): string[] => ownFunctions(derive(model, true));

/** The neuron lowered, made once; undefined where something in it is strange. */
export function lower(model: NeuronModel): Lowered | undefined {
  const found = known.get(model);
  if (found !== undefined) return found;
  if (strangeIn(model).length > 0) return undefined;
  const derived = derive(model, true);
  const { simplifier, outputs, next } = derived;
  const fits = fitted(rootsOf(derived), simplifier);
  const plain = simplifier.rebuild(fits, formulaFor);
  const roots = fused(plain, outputs.length + next.length);
  const [o, s] = [outputs.length, next.length];
  const steps = {
    ...derived,
    outputs: roots.slice(0, o),
    next: roots.slice(o, o + s),
    dx: roots[o + s]!,
    dState: roots.slice(o + s + 1, o + 2 * s + 1),
    dParameter: roots.slice(o + 2 * s + 1),
  };
  const lowered = { ...steps, saved: savedValues(steps) };
  known.set(model, lowered);
  return lowered;
}
