// The packed, tiled product against the definition, on sizes around its tile (3x2) and its blocks (192 rows, 256
// columns, depth 256).

import { describe, expect, it } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { gemm } from '../../src/backends/cpu/matmul';
import { Random } from '../../src/core/random';
import { fc, test } from '../support/properties';

/** c[i,j] = Σ a[i,l]·b[l,j]. */
function naive(m: number, k: number, n: number, a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let l = 0; l < k; l++) c[i * n + j]! += a[i * k + l]! * b[l * n + j]!;
    }
  }
  return c;
}

function transposed(rows: number, columns: number, x: Float64Array): Float64Array {
  return x.map((_, i) => x[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** Whole numbers, so that sums are exact in any order. */
function integers(size: number, random: Random): Float64Array {
  return Float64Array.from({ length: size }, () => random.integer(9) - 4);
}

const backend = cpuBackend('f64');

function product(
  m: number,
  k: number,
  n: number,
  a: Float64Array,
  b: Float64Array,
  transposeA: boolean,
  transposeB: boolean,
) {
  const left = {
    handle: backend.upload(transposeA ? transposed(m, k, a) : a),
    shape: transposeA ? [k, m] : [m, k],
  };
  const right = {
    handle: backend.upload(transposeB ? transposed(k, n, b) : b),
    shape: transposeB ? [n, k] : [k, n],
  };
  return backend.readSync(backend.matmul(left, right, { transposeA, transposeB }, [m, n]));
}

describe('matmul', () => {
  const size = fc.integer({ min: 0, max: 18 });
  test.prop([size, size, size, fc.boolean(), fc.boolean(), fc.nat()])(
    'equals the triple loop for any small size and either operand transposed',
    (m, k, n, transposeA, transposeB, seed) => {
      const random = new Random(seed);
      const [a, b] = [integers(m * k, random), integers(k * n, random)];
      expect(product(m, k, n, a, b, transposeA, transposeB)).toEqual(naive(m, k, n, a, b));
    },
  );

  it.each([
    [191, 257, 1],
    [192, 256, 2],
    [193, 255, 3],
    [4, 3, 255],
    [3, 4, 256],
    [2, 5, 257],
    [385, 513, 5],
    [1, 1500, 9],
    [200, 300, 260],
  ])('equals the triple loop across block borders, %i x %i x %i', (m, k, n) => {
    const random = new Random(m, k, n);
    const [a, b] = [integers(m * k, random), integers(k * n, random)];
    expect(product(m, k, n, a, b, false, false)).toEqual(naive(m, k, n, a, b));
    expect(product(m, k, n, a, b, true, true)).toEqual(naive(m, k, n, a, b));
  });

  test.prop([size, fc.integer({ min: 1, max: 600 }), size])(
    'adds to what is there when it accumulates',
    (m, k, n) => {
      const random = new Random(m, k, n);
      const [a, b, before] = [integers(m * k, random), integers(k * n, random), integers(m * n, random)];
      const out = before.slice();
      const left = { data: a, offset: 0, row: k, column: 1 };
      gemm({ m, n, k }, left, { data: b, offset: 0, row: n, column: 1 }, { data: out, accumulate: true });
      expect(out).toEqual(naive(m, k, n, a, b).map((sum, i) => sum + before[i]!));
    },
  );
});
