// A rectifier as a function of one number, also when it is made of operators: these are run on f64 tensors of one
// element, and the tape gives the derivative.

import { cpuBackend } from '../../backends/cpu';
import { tensor } from '../../core/create';
import { withBackend } from '../../core/engine';
import { scope } from '../../core/scope';
import { noGrad } from '../../core/tape';
import { sum } from '../../ops/reduce';
import type { Rectifier } from '../../snn/rectifier';

export interface Scalar {
  value(u: number): number;
  derivative(u: number): number;
}

export function scalarOf(rectifier: Rectifier): Scalar {
  if (typeof rectifier !== 'function') return rectifier;
  const backend = cpuBackend('f64');
  const run = (u: number, read: (leaf: ReturnType<typeof tensor>) => number) =>
    withBackend(backend, () => scope(() => read(tensor([u], [1], { requiresGrad: true }))));
  return {
    value: (u) => run(u, (leaf) => noGrad(() => rectifier(leaf).itemSync())),
    derivative: (u) =>
      run(u, (leaf) => {
        const output = sum(rectifier(leaf));
        if (output.requiresGrad) output.backward();
        const derivative = leaf.grad?.itemSync() ?? 0;
        leaf.grad?.dispose();
        return derivative;
      }),
  };
}
