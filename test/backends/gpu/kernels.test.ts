// Kernels with twins give the same numbers, shapes of any rank broadcast, and functions come with their sources.

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../../src/backends/cpu';
import { backendOn, type GpuBackend } from '../../../src/backends/gpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { plainProduct, tiledProduct } from '../../../src/backends/gpu/matmul';
import { reduceChunks, reduceRows } from '../../../src/backends/gpu/reduce';
import { broadcastShapes, type Shape, sizeOf } from '../../../src/backends/shape';
import { Random } from '../../../src/core/random';
import { broadcastPairs } from '../../../src/testing';
import { testDriver } from '../../support/gpu';

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;
const backend = (own && backendOn(own)) as GpuBackend;
const random = new Random(1);
const draw = (size: number) => Float32Array.from({ length: size }, () => random.uniform(-1, 1));

/** Largest difference of two lists, relative to 1 + |expected|. */
function distance(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = got.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < got.length; i++) {
    const [p, q] = [got[i]!, expected[i]!];
    most = Math.max(most, Math.abs(p - q) / (1 + Math.abs(q)));
  }
  return most;
}

describe.skipIf(missing)(`gpu kernels${note}`, () => {
  const reference = cpuBackend('f64');
  afterAll(() => driver.close());

  const flags = [false, true];
  const products = flags.flatMap((transposeA) => flags.map((transposeB) => ({ transposeA, transposeB })));
  /** Narrow tiles in every orientation, the wider two once each: SwiftShader compiles a tile for a second. */
  const sizesOf = ({ transposeA, transposeB }: (typeof products)[number]) => {
    const narrow = [
      [3, 7, 40, 5],
      [1, 9, 1500, 13],
    ] as const;
    if (transposeA === transposeB) return narrow;
    return [...narrow, transposeA ? ([1, 65, 33, 70] as const) : ([2, 130, 9, 17] as const)];
  };
  test.each(products)('tiled and plain products agree, transposed %o', async (options) => {
    for (const [batch, m, k, n] of sizesOf(options)) {
      for (const [manyA, manyB] of [
        [true, true],
        [false, true],
        [true, false],
      ] as const) {
        const product = { batch, m, k, n, options, manyA, manyB };
        const a = { handle: driver.upload('a', draw((manyA ? batch : 1) * m * k)), shape: [] };
        const b = { handle: driver.upload('b', draw((manyB ? batch : 1) * k * n)), shape: [] };
        const [tiled, plain] = [tiledProduct(driver, a, b, product), plainProduct(driver, a, b, product)];
        const [got, expected] = [await driver.read('c', tiled), await driver.read('c', plain)];
        expect(distance(got, expected), `${batch} x ${m} x ${k} x ${n}`).toBeLessThan(3e-7 * Math.sqrt(k));
        for (const handle of [a.handle, b.handle, tiled, plain]) driver.free(handle);
      }
    }
  });

  test('rows are reduced in shared memory as they are one thread a chunk', async () => {
    for (const op of ['sum', 'max'] as const) {
      for (const [rows, length] of [
        [1, 1000],
        [5, 32],
        [300, 129],
        [2, 4097],
        [3, 9000],
        [4, 1],
        [3, 5],
      ] as const) {
        const x = { handle: driver.upload('x', draw(rows * length)), shape: [] };
        const shared = reduceRows(driver, op, x, rows, length);
        const chunked = reduceChunks(driver, op, x, [rows, length, 1]);
        const [got, expected] = [await driver.read('y', shared), await driver.read('y', chunked)];
        expect(distance(got, expected), `${op} of ${rows} x ${length}`).toBeLessThan(
          op === 'max' ? 1e-12 : 3e-7 * Math.sqrt(length),
        );
        for (const handle of [x.handle, shared, chunked]) driver.free(handle);
      }
    }
  });

  test('a sum of a million terms keeps its digits', async () => {
    const x = backend.full(1_000_000, 0.1);
    const total = backend.reduce('sum', { handle: x, shape: [1_000_000] }, [0]);
    expect((await backend.read(total))[0]! / (1_000_000 * Math.fround(0.1))).toBeCloseTo(1, 6);
    for (const handle of [x, total]) backend.free(handle);
  });

  test('operands of any rank broadcast against each other', async () => {
    const sample = broadcastPairs({ maxRank: 6, maxLength: 3, minLength: 0 });
    await fc.assert(
      fc.asyncProperty(sample, async ({ a, b }) => {
        const out = broadcastShapes('test', a, b);
        const [x, y] = [draw(sizeOf(a)), draw(sizeOf(b))];
        const compute = async (on: typeof reference | typeof backend) => {
          const place = (data: Float32Array, shape: Shape) => ({ handle: on.upload(data), shape });
          const [p, q] = [place(x, a), place(y, b)];
          const result = on.binary('subtract', p, q, out);
          const numbers = await on.read(result);
          for (const handle of [p.handle, q.handle, result]) on.free(handle);
          return numbers;
        };
        expect(distance(await compute(backend), await compute(reference))).toBeLessThan(1e-6);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  test('every buffer is free again', () => {
    expect(driver.use).toMatchObject({ live: 0, liveBytes: 0 });
  });
});
