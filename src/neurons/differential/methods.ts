// From derivatives to a step: how the states are after one, from how they were, with the input held over the step.

import { check } from '../../errors';
import { affine } from '../graph/affine';
import { gradients } from '../graph/differentiate';
import { add, type Expr, exprel, inOrder, mul, number } from '../graph/expression';
import { dot, plus, times } from '../graph/fold';
import { Simplifier } from '../graph/simplify';
import { propagator } from './exponential';

/** How a step is made of derivatives. */
export type IntegrationMethod = 'exact' | 'exponentialEuler' | 'euler' | 'rk4';
export const METHODS = [
  'exact',
  'exponentialEuler',
  'euler',
  'rk4',
] as const satisfies readonly IntegrationMethod[];

/** Differential equations as a step needs them. */
export interface Derivatives {
  readonly names: readonly string[];
  readonly states: readonly Expr[];
  readonly x: Expr;
  readonly dt: number;
  /** Where learnable parameters start. */
  readonly starts: ReadonlyMap<Expr, number>;
  /** The derivatives where the states have these values. */
  at(states: readonly Expr[]): readonly Expr[];
}

/** Derivatives of each equation by its own state. */
export function ownSlopes({ states, at }: Derivatives): Expr[] {
  const roots = at(states);
  const found = roots.map((root, i) => gradients([{ root, seed: number(1) }], [states[i]!])[0]!);
  return new Simplifier(false).rebuild(found);
}

/** A linear system: derivatives = matrix·states + forced, forced = input·x + rest where that is so. */
export interface LinearSystem {
  readonly matrix: readonly (readonly Expr[])[];
  readonly input: readonly Expr[];
  readonly rest: readonly Expr[];
}

/** Whether it changes neither with the neuron nor with the step. */
const isSteady = (e: Expr): boolean =>
  inOrder([e]).every(({ op, rate }) => op !== 'leaf' || rate !== 'neuron');

/** undefined: the equations are not linear in the states with factors that stay. */
export function linear({ states, x, at }: Derivatives): LinearSystem | undefined {
  const rows = at(states).map((root) => {
    const whole = affine(root, new Set([...states, x]));
    return whole ?? affine(root, new Set(states));
  });
  if (rows.some((row) => row === undefined)) return undefined;
  const simplifier = new Simplifier(false);
  const factors = (of: Expr): Expr[] =>
    simplifier.rebuild(rows.map((row) => row!.factors.get(of) ?? number(0)));
  const columns = states.map(factors);
  const matrix = states.map((_, i) => columns.map((column) => column[i]!));
  if (!matrix.flat().every(isSteady)) return undefined;
  return { matrix, input: factors(x), rest: simplifier.rebuild(rows.map((row) => row!.rest)) };
}

/** The states after a step. @throws for `exact` where the equations are not linear */
export function stepBy(method: IntegrationMethod, slopes: Derivatives): Expr[] {
  const { states, dt, at } = slopes;
  switch (method) {
    case 'exact':
      return exact(slopes);
    case 'euler':
      return states.map((state, i) => add(state, mul(dt, at(states)[i]!)));
    case 'exponentialEuler': {
      const derivatives = at(states);
      return ownSlopes(slopes).map((slope, i) => {
        const [factor] = new Simplifier(false).rebuild([mul(exprel(mul(slope, dt)), dt)]);
        return add(states[i]!, mul(factor!, derivatives[i]!));
      });
    }
    case 'rk4': {
      const moved = (by: number, k: readonly Expr[]) => states.map((state, i) => add(state, mul(by, k[i]!)));
      const k1 = at(states);
      const k2 = at(moved(dt / 2, k1));
      const k3 = at(moved(dt / 2, k2));
      const k4 = at(moved(dt, k3));
      return states.map((state, i) =>
        add(state, mul(dt / 6, add(k1[i]!, mul(2, k2[i]!), mul(2, k3[i]!), k4[i]!))),
      );
    }
  }
}

function exact(slopes: Derivatives): Expr[] {
  const { states, x, dt, names, starts } = slopes;
  const found = linear(slopes);
  check(
    found !== undefined,
    'neuron',
    "method 'exact' needs equations that are linear in the states, with factors that do not depend on x; take 'exponentialEuler' (the default here), 'rk4' or 'euler'",
  );
  const { matrix, input, rest } = found;
  const { decay, gain } = propagator(matrix, dt, names, starts);
  return states.map((_, i) => {
    const fromStates = dot(decay[i]!, states);
    return plus(plus(fromStates, times(dot(gain[i]!, input), x)), dot(gain[i]!, rest));
  });
}
