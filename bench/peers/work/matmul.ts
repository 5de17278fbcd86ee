// Our dense matrix product on its own. The engine is lazy: reading the product makes it compute. The copy that comes
// with reading is two hundredths of the time, and the other frameworks make it too.

import { Random } from 'spikegrad';
import { timed, type Work } from '../protocol';
import { engine, factsOf } from './engine';

export interface MatmulJob {
  readonly kind: 'matmul';
  /** Rows and columns of both factors. */
  readonly size: number;
}

export async function matmulWork({ size }: MatmulJob): Promise<Work> {
  const backend = await engine(1);
  const random = new Random(3);
  const numbers = () => Float32Array.from({ length: size ** 2 }, () => random.normal());
  const shape = [size, size];
  const a = { handle: backend.upload(numbers()), shape };
  const b = { handle: backend.upload(numbers()), shape };
  const once = () => {
    const product = backend.matmul(a, b, { transposeA: false, transposeB: false }, shape);
    backend.readSync(product);
    backend.free(product);
  };
  return { facts: factsOf(backend), run: (repetitions) => timed(repetitions, once) };
}
