// Matrix products in the wasm kernels against f64 loops: edges, transposes, long sums, nothing written outside.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { fenced, numbers, product, transposed } from './matrix';
import { expectSums, largestError, Sums } from './sums';

const size = (max: number) => fc.integer({ min: 0, max });

describe.each(flavours)('gemm (%s)', (flavour) => {
  const memory = kernelMemory(flavour);
  const run = (M: number, N: number, K: number, seed: number, accumulate: boolean, bTransposed: boolean) => {
    const { packPanels, panelBytes, gemm } = memory.kernels;
    const random = new Random(seed);
    const a = numbers(random, M * K);
    const b = numbers(random, K * N);
    const before = numbers(random, M * N);
    const stored = bTransposed ? transposed(b, K, N) : b;
    const panels = fenced(memory, new Float32Array(panelBytes!(K, N) / 4));
    const strides = bTransposed ? ([4, K * 4] as const) : ([N * 4, 4] as const);
    packPanels!(memory.floats(stored), ...strides, K, N, panels.at);
    panels.expectFence();
    const c = fenced(memory, before);
    gemm!(memory.floats(a), K * 4, panels.at, M, N, K, c.at, N * 4, accumulate ? 1 : 0);
    c.expectFence();
    expectSums(c.values(), product(a, b, M, N, K, accumulate ? Sums.onto(before) : undefined));
  };

  test('gives a b, or adds it, for any sizes and either order of b', () => {
    fc.assert(fc.property(size(14), size(27), size(24), fc.nat(), fc.boolean(), fc.boolean(), run), {
      numRuns: 150,
    });
  });

  test('sums over several slices and blocks of rows', () => {
    run(133, 19, 613, 1, false, false);
    run(5, 9, 257, 2, true, true);
  });

  test('leaves what lies between rows of c alone', () => {
    const { packPanels, gemm } = memory.kernels;
    const [M, N, K, pitch] = [6, 11, 5, 15];
    const a = numbers(new Random(3), M * K);
    const b = numbers(new Random(4), K * N);
    const panels = memory.alloc(2 * K * 32);
    packPanels!(memory.floats(b), N * 4, 4, K, N, panels);
    const c = fenced(memory, new Float32Array(M * pitch).fill(9));
    gemm!(memory.floats(a), K * 4, panels, M, N, K, c.at, pitch * 4, 0);
    c.expectFence();
    const got = c.values();
    const rows = Array.from({ length: M }, (_, m) => got.subarray(m * pitch, (m + 1) * pitch));
    expectSums(
      rows.flatMap((row) => [...row.subarray(0, N)]),
      product(a, b, M, N, K),
    );
    for (const row of rows) expect(row.subarray(N).every((x) => x === 9)).toBe(true);
  });

  test('the transposed product adds aᵀ d for any sizes', () => {
    fc.assert(
      fc.property(size(40), size(14), size(27), fc.nat(), (M, K, N, seed) => {
        const { gemmTransposedA, transposedScratchBytes } = memory.kernels;
        const random = new Random(seed);
        const a = numbers(random, M * K);
        const d = numbers(random, M * N);
        const before = numbers(random, K * N);
        const w = fenced(memory, before);
        const scratch = fenced(memory, new Float32Array(transposedScratchBytes!(N) / 4));
        gemmTransposedA!(memory.floats(a), K * 4, memory.floats(d), N * 4, M, K, N, w.at, scratch.at);
        w.expectFence();
        scratch.expectFence();
        expectSums(w.values(), product(transposed(a, M, K), d, K, N, M, Sums.onto(before)));
      }),
      { numRuns: 150 },
    );
  });

  test('a transposed product over many rows keeps its precision', () => {
    const { gemmTransposedA, transposedScratchBytes } = memory.kernels;
    const [M, K, N] = [5001, 5, 9];
    const a = numbers(new Random(1), M * K).map((x) => x + 3);
    const d = numbers(new Random(2), M * N).map((x) => x + 3);
    const w = memory.alloc(K * N * 4);
    gemmTransposedA!(
      memory.floats(a),
      K * 4,
      memory.floats(d),
      N * 4,
      M,
      K,
      N,
      w,
      memory.alloc(transposedScratchBytes!(N)),
    );
    // always the same numbers, so that no draw can break it; sums of 128 rows keep errors far below those of 5001 terms
    const expected = product(transposed(a, M, K), d, K, N, M);
    expect(largestError(memory.f32(w, K * N), expected)).toBeLessThan(1e-6);
  });

  test('packRows lays out any strided matrix row by row', () => {
    fc.assert(
      fc.property(
        size(13),
        size(13),
        fc.constantFrom('rows', 'transposed', 'spread'),
        fc.nat(),
        (M, K, order, seed) => {
          const a = numbers(new Random(seed), M * K);
          const rows = fenced(memory, new Float32Array(M * K));
          if (order === 'rows') memory.kernels.packRows!(memory.floats(a), K * 4, 4, M, K, rows.at);
          if (order === 'transposed')
            memory.kernels.packRows!(memory.floats(transposed(a, M, K)), 4, M * 4, M, K, rows.at);
          if (order === 'spread') {
            const spread = Float32Array.from({ length: M * K * 2 }, (_, i) => (i % 2 ? 5 : a[i / 2]!));
            memory.kernels.packRows!(memory.floats(spread), K * 8, 8, M, K, rows.at);
          }
          rows.expectFence();
          expect(rows.values()).toEqual(a);
        },
      ),
    );
  });
});
