// Sums of columns in the wasm kernels against f64 loops: any sizes, any share of the columns, many rows.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { fenced, numbers, product } from './matrix';
import { expectSums, largestError } from './sums';

describe.each(flavours)('sums of columns (%s)', (flavour) => {
  const memory = kernelMemory(flavour);
  const run = (rows: number, columns: number, each: number, x: Float32Array) => {
    const out = fenced(memory, new Float32Array(columns).fill(9));
    const at = memory.floats(x);
    for (let from = 0; from < columns; from += each) {
      memory.kernels.columnSums!(at, rows, columns, from, each, out.at);
    }
    out.expectFence();
    return { got: out.values(), expected: product(new Float32Array(rows).fill(1), x, 1, columns, rows) };
  };

  test('are those of all rows for any sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(4, 8, 64),
        fc.nat(),
        (rows, columns, each, seed) => {
          const { got, expected } = run(rows, columns, each, numbers(new Random(seed), rows * columns));
          // 128 rows go into two sums in f32, all that follows is f64 and rounded once
          expectSums(got, expected, { most: 65 });
        },
      ),
      { numRuns: 150 },
    );
  });

  test('keep their precision over many rows', () => {
    const x = numbers(new Random(1), 100_000 * 7).map((value) => value + 3);
    const { got, expected } = run(100_000, 7, 64, x);
    // always the same numbers, so that no draw can break it: errors of 782 sums of one sign cancel
    expect(largestError(got, expected)).toBeLessThan(2e-7);
  });
});
