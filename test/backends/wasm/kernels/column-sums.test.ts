// Sums of columns in the wasm kernels against f64 loops: any sizes, any share of the columns, many rows.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { fenced, numbers, product } from './matrix';

describe.each(flavours)('sums of columns (%s)', (flavour) => {
  const memory = kernelMemory(flavour);
  const run = (rows: number, columns: number, each: number, x: Float32Array) => {
    const out = fenced(memory, new Float32Array(columns).fill(9));
    const at = memory.floats(x);
    for (let from = 0; from < columns; from += each) {
      memory.kernels.columnSums!(at, rows, columns, from, each, out.at);
    }
    out.expectFence();
    const ones = new Float32Array(rows).fill(1);
    const expected = product(ones, x, 1, columns, rows);
    // sums of numbers of both signs come out small: the measure is the sum of their sizes
    const sizes = product(ones, x.map(Math.abs), 1, columns, rows);
    return Math.max(0, ...out.values().map((sum, c) => Math.abs(sum - expected[c]!) / (sizes[c]! || 1)));
  };

  test('are those of all rows for any sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(4, 8, 64),
        fc.nat(),
        (rows, columns, each, seed) => {
          expect(run(rows, columns, each, numbers(new Random(seed), rows * columns))).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('keep their precision over many rows', () => {
    const x = numbers(new Random(1), 100_000 * 7).map((value) => value + 3);
    expect(run(100_000, 7, 64, x)).toBeLessThan(2e-7);
  });
});
