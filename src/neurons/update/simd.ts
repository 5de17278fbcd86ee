// A rule for targets whose operations are few: functions as polynomials, products joined to sums, but never across a
// value that has a name.

import { inOrder } from '../graph/expression';
import { formulaFor } from '../lower/functions';
import { fused } from '../lower/fuse';
import { type UpdateRoots, updateRoots } from './roots';
import type { UpdateRule } from './rule';

/** undefined where the rule calls what has no formula. */
export function simdRoots(rule: UpdateRule): UpdateRoots | undefined {
  if (inOrder(rule.assigned).some(({ op }) => op === 'log')) return undefined;
  return updateRoots(rule, true, {
    finish(roots, simplifier) {
      const lowered = simplifier.rebuild(roots, formulaFor);
      return fused(lowered, lowered.length);
    },
  });
}
