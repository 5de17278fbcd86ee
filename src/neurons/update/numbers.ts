// A rule on plain loops: the reference to which compiled ones are held. All is computed in doubles; f32 is what p and
// the states are stored in.

import { custom, Expr, type NumberFunction } from '../graph/expression';
import { BLOCK, type Floats, Loops } from '../numbers/loops';
import { type UpdateRoots, updateRoots } from './roots';
import type { UpdateRule } from './rule';

/** Changes parameter and states in place. */
export type NumberUpdate = (
  parameter: Floats,
  gradient: Floats,
  states: readonly Floats[],
  constants: readonly number[],
) => void;

const known = {
  f32: new WeakMap<UpdateRule, NumberUpdate>(),
  f64: new WeakMap<UpdateRule, NumberUpdate>(),
};

/** The loops of a rule, made once. */
export function numberUpdate(rule: UpdateRule, precision: 'f32' | 'f64'): NumberUpdate {
  const found = known[precision].get(rule) ?? makeUpdate(rule, precision);
  known[precision].set(rule, found);
  return found;
}

function makeUpdate(rule: UpdateRule, precision: 'f32' | 'f64'): NumberUpdate {
  const roots = precision === 'f64' ? updateRoots(rule, false) : storedIn32Bits(rule);
  const program = new Loops(roots, Float64Array);
  const results = roots.map(() => new Float64Array(BLOCK));
  const fixed = rule.constants.map(({ leaf }) => ({ name: leaf.name, numbers: new Float64Array(BLOCK) }));
  return (parameter, gradient, states, constants) => {
    for (const [k, { name, numbers }] of fixed.entries()) program.bind(name, numbers.fill(constants[k]!));
    for (let at = 0; at < parameter.length; at += BLOCK) {
      const n = Math.min(BLOCK, parameter.length - at);
      program.bind(rule.parameter.name, parameter, at);
      program.bind(rule.gradient.name, gradient, at);
      for (const [k, { leaf }] of rule.states.entries()) program.bind(leaf.name, states[k]!, at);
      program.run(n);
      // all are taken before any is stored: a state may become what the parameter was
      for (const [k, result] of results.entries()) program.take(k, result, 0, n);
      for (const [k, into] of [parameter, ...states].entries()) into.set(results[k]!.subarray(0, n), at);
    }
  };
}

const rounding: NumberFunction = { name: 'round to f32', value: Math.fround, derivative: () => 1 };

/** What is stored is rounded, also where the rule goes on with it. */
function storedIn32Bits(rule: UpdateRule): UpdateRoots {
  const stored = new Set([rule.next, ...rule.states.map(({ next }) => next)]);
  return updateRoots(rule, false, {
    replace: (e, args) =>
      stored.has(e) && args.length > 0
        ? custom(rounding, new Expr(e.op, args, e.value, e.name, e.rate))
        : undefined,
  });
}
