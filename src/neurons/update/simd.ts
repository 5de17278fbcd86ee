// A rule for targets whose operations are few: functions as polynomials, products joined to sums, but never across a
// value that has a name.

import { formulaFor } from '../lower/functions';
import { fused } from '../lower/fuse';
import { type UpdateRoots, updateRoots } from './roots';
import type { UpdateRule } from './rule';

export function simdRoots(rule: UpdateRule): UpdateRoots {
  return updateRoots(rule, true, {
    finish(roots, simplifier) {
      const lowered = simplifier.rebuild(roots, formulaFor);
      return fused(lowered, lowered.length);
    },
  });
}
