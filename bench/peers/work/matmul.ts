// Our dense matrix product on its own. The engine is lazy: overwriting a factor at the end makes it compute, at the cost
// of one copy for several products.

import { Random } from '../../../src/core/random';
import { timed, type Work } from '../protocol';
import { engine, factsOf } from './engine';

export interface MatmulJob {
  readonly kind: 'matmul';
  /** Rows and columns of both factors. */
  readonly size: number;
}

/** Products for one copy of a factor, which then is a hundredth of them. */
const TOGETHER = 8;

export async function matmulWork({ size }: MatmulJob): Promise<Work> {
  const backend = await engine(1);
  const random = new Random(3);
  const numbers = () => Float32Array.from({ length: size ** 2 }, () => random.normal());
  const shape = [size, size];
  const again = numbers();
  const a = { handle: backend.upload(numbers()), shape };
  const b = { handle: backend.upload(again), shape };
  const once = () => {
    const products = Array.from({ length: TOGETHER }, () =>
      backend.matmul(a, b, { transposeA: false, transposeB: false }, shape),
    );
    backend.overwrite(b.handle, again);
    products.forEach(backend.free);
  };
  return {
    facts: factsOf(backend),
    run: (repetitions) => timed(repetitions, once).map((time) => time / TOGETHER),
  };
}
