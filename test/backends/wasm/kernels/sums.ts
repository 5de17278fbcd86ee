// What a sum in f32 may be off by, for the tests of kernels that sum. Not a test itself.
//
// In a sum of n terms a·b, added in any order and any groups, a term is rounded n times at most, so that
//
//   |computed - Σ a·b| <= γ Σ |a·b|,   γ = n·u / (1 - n·u),   u = 2^-24
//
// (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1). The measure is the sum of the terms'
// magnitudes, never the result: terms that cancel make that as small as they like. Terms that are zero round nothing.

import { expect } from 'vitest';

const u = 2 ** -24;

/** Sums in f64, element by element: values, the sums of their terms' magnitudes, and how many terms are not zero. */
export class Sums {
  readonly values: Float64Array;
  readonly magnitudes: Float64Array;
  readonly terms: Float64Array;

  constructor(readonly length: number) {
    this.values = new Float64Array(length);
    this.magnitudes = new Float64Array(length);
    this.terms = new Float64Array(length);
  }

  /** What kernels add to: each number is the first term of its sum. */
  static onto(before: ArrayLike<number>): Sums {
    const sums = new Sums(before.length);
    for (let i = 0; i < before.length; i++) sums.add(i, before[i]!);
    return sums;
  }

  /** Numbers that are no sums and have to stay exactly what they are. */
  static exactly(length: number, value: number): Sums {
    const sums = new Sums(length);
    sums.values.fill(value);
    return sums;
  }

  add(i: number, term: number): void {
    if (term === 0) return;
    this.values[i]! += term;
    this.magnitudes[i]! += Math.abs(term);
    this.terms[i]!++;
  }

  /** Sums from `begin` up to `end` start anew from nothing. */
  clear(begin: number, end: number): void {
    for (const numbers of [this.values, this.magnitudes, this.terms]) numbers.fill(0, begin, end);
  }
}

export interface Roundings {
  /** Of one term at most, where a kernel sums in an order that makes them fewer than there are terms. Default: none. */
  readonly most?: number;
  /** Of one term before it is summed, beside that of its product. Default 0. */
  readonly more?: number;
}

/** Fails where a number is farther from its sum than rounding takes it. */
export function expectSums(
  actual: ArrayLike<number>,
  sums: Sums,
  { most = Number.POSITIVE_INFINITY, more = 0 }: Roundings = {},
): void {
  expect(actual.length).toBe(sums.length);
  for (let i = 0; i < sums.length; i++) {
    const n = Math.min(sums.terms[i]!, most) + more;
    const allowed = ((n * u) / (1 - n * u)) * sums.magnitudes[i]!;
    if (Math.abs(actual[i]! - sums.values[i]!) <= allowed) continue;
    expect.fail(
      `number ${i} is ${actual[i]} instead of ${sums.values[i]} ± ${allowed}, ${sums.terms[i]} terms`,
    );
  }
}

/**
 * The largest difference, relative to the largest sum of magnitudes: for kernels whose result takes part in numbers
 * that are not among its own terms, as Winograd's do with all of a tile.
 */
export function largestError(
  actual: ArrayLike<number>,
  sums: Readonly<Record<'values' | 'magnitudes', ArrayLike<number>>>,
): number {
  expect(actual.length).toBe(sums.values.length);
  let [difference, largest] = [0, 0];
  for (let i = 0; i < actual.length; i++) {
    const d = Math.abs(actual[i]! - sums.values[i]!);
    if (Number.isNaN(d)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, d);
    largest = Math.max(largest, sums.magnitudes[i]!);
  }
  return difference === 0 ? 0 : difference / largest;
}
