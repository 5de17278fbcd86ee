// Kernels that sum, by the f64 reference, with what rounding in f32 may take from them. Not a test itself.

import type { Backend, Handle } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { Sums } from '../wasm/kernels/sums';

/** Computes on operands of these numbers; it has to be linear in each of them. */
type Linear = (backend: Backend, handles: readonly Handle[]) => Handle;

/**
 * Terms are products of one number of each operand, so the reference gives their sums; over the operands' magnitudes,
 * the sums of magnitudes; and over ones and zeros, how many terms are not zero.
 */
export async function referenceSums(operands: readonly Float32Array[], compute: Linear): Promise<Sums> {
  const reference = cpuBackend('f64');
  const over = async (change: (x: number) => number) => {
    const handles = operands.map((numbers) => reference.upload(Float64Array.from(numbers, change)));
    return reference.read(compute(reference, handles));
  };
  const values = await over((x) => x);
  const sums = new Sums(values.length);
  sums.values.set(values);
  sums.magnitudes.set(await over(Math.abs));
  sums.terms.set(await over((x) => (x === 0 ? 0 : 1)));
  return sums;
}
