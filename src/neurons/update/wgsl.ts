// A rule as statements of a GPU's language: values of one number of a parameter, from variables that hold it, its
// gradient and its states.

import { gpuFormula } from '../wgsl/lower';
import { type Dialect, type Written, written } from '../wgsl/statements';
import { updateRoots } from './roots';
import type { UpdateRule } from './rule';

/** Variables of a rule's leaves: p0, g0, s0, s1, … for states, c0, c1, … for what a step gives. */
function updateNames({ parameter, gradient, states, constants }: UpdateRule): Map<string, string> {
  return new Map([
    [parameter.name, 'p0'],
    [gradient.name, 'g0'],
    ...states.map(({ leaf }, k) => [leaf.name, `s${k}`] as const),
    ...constants.map(({ leaf }, k) => [leaf.name, `c${k}`] as const),
  ]);
}

/**
 * @param which of p (0) and the states (from 1) is wanted; left out: all
 * @returns statements, and the new p and states as texts that they define
 */
export function updateStatements(rule: UpdateRule, dialect: Dialect, which?: number): Written {
  const roots = updateRoots(rule, true, {
    finish: (all, simplifier) => simplifier.rebuild(all, gpuFormula),
  });
  const wanted = which === undefined ? roots : [roots[which]!];
  return written(wanted, updateNames(rule), dialect, 'e');
}
