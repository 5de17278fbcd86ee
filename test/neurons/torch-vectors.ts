// What PyTorch's autograd wrote down of a neuron, by name, and how near our numbers have to come to it.

import { expect } from 'vitest';

/** Numbers of each output, state or learnable parameter. */
export type ByName = Readonly<Record<string, number[]>>;

/** The numbers of these names, in f64. */
export const inOrder = (values: ByName, names: readonly string[]): Float64Array[] =>
  names.map((name) => Float64Array.from(values[name]!));

/** @param found by the place of a name in `names` */
export function expectNear(
  found: readonly ArrayLike<number>[],
  theirs: ByName,
  names: readonly string[],
): void {
  for (const [k, name] of names.entries()) {
    const wanted = theirs[name]!;
    const largest = Math.max(1, ...wanted.map(Math.abs));
    const off = Math.max(...wanted.map((value, i) => Math.abs(found[k]![i]! - value)));
    expect(found[k]!.length, name).toBe(wanted.length);
    expect(off / largest, name).toBeLessThan(1e-10);
  }
}
