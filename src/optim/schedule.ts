// Learning rates over a run.

import { check } from '../errors';
import { cos } from '../mathematics';
import { checkKind, finite } from '../options';

/**
 * Cosine annealing to 0 (Loshchilov & Hutter, 2017): step i of n, counted from 0, has lr = base/2·(1 + cos(πi/n)), so
 * the first step runs at the base.
 */
export function cosine(base: number, step: number, steps: number): number {
  for (const [name, value] of Object.entries({ base, step, steps }))
    checkKind('cosine', name, finite({ least: 0 }), value);
  check(step >= 0 && step <= steps, 'cosine', () => `step ${step} is not in 0..${steps}`);
  return steps === 0 ? base : (base / 2) * (1 + cos((Math.PI * step) / steps));
}
