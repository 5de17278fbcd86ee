// Gradient clipping by global norm (Pascanu et al., 2013).

import { full } from '../core/create';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { add, div, minimum, mul } from '../ops/arithmetic';
import { sqrt } from '../ops/functions';
import { sum } from '../ops/reduce';
import { checkKind, finite } from '../options';
import { checkParameters } from './parameters';

/**
 * Scales all gradients together so that their norm √Σg² is at most `maxNorm`. Nothing is read back from the backend.
 * @returns the norm before clipping, a scalar tensor
 */
export function clipGradNorm(parameters: readonly Tensor[], maxNorm: number): Tensor {
  checkParameters('clipGradNorm', parameters);
  checkKind('clipGradNorm', 'maxNorm', finite({ above: 0 }), maxNorm);
  // what two layers share counts once
  const owners = [...new Set(parameters)].filter((parameter) => parameter.grad !== null);
  check(owners.length > 0, 'clipGradNorm', 'no parameter has a gradient: call backward() first');
  return noGrad(() =>
    scope(() => {
      let squares = full([], 0, { backend: owners[0]!.backend });
      for (const { grad } of owners) squares = add(squares, sum(mul(grad!, grad!)));
      const norm = sqrt(squares);
      const factor = minimum(div(maxNorm, add(norm, 1e-6)), 1);
      for (const owner of owners) {
        const clipped = mul(owner.grad!, factor).keep();
        owner.grad!.dispose();
        owner.grad = clipped;
      }
      return norm;
    }),
  );
}
