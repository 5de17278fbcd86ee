// Operators that find, take and surround: values as NumPy and PyTorch give them, also at NaN, infinities and equal
// numbers.

import { beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { wasmBackend } from '../../src/backends/wasm';
import { tensor, zeros } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { memory } from '../../src/core/storage';
import type { Tensor } from '../../src/core/tensor';
import { exp } from '../../src/mathematics';
import { argMax, gather, logSoftmax, max, min, oneHot, pad, softmax, sum } from '../../src/ops';
import { tensorData } from '../../src/testing';
import { fc, test as property } from '../support/properties';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const nested = (x: Tensor) => x.toArraySync();

describe.each(['cpu', 'wasm'] as const)('on %s', (name) => {
  beforeAll(async () => {
    setActiveBackend(name === 'cpu' ? cpuBackend('f32') : await wasmBackend());
  });

  test('argMax is the place of the first largest; NaN is larger than all', () => {
    const x = tensor([
      [1, 3, 3],
      [nan, infinity, nan],
      [-infinity, -infinity, -infinity],
      [-0, 0, -1],
    ]);
    expect(nested(argMax(x, 1))).toEqual([1, 0, 0, 0]);
    expect(nested(argMax(x, -1, { keepAxes: true }))).toEqual([[1], [0], [0], [0]]);
    expect(nested(argMax(x, 0))).toEqual([1, 1, 1]);
    expect(nested(argMax(x))).toBe(3);
    expect(
      nested(
        argMax(
          tensor([
            [1, 5],
            [2, 4],
          ]),
          undefined,
          { keepAxes: true },
        ),
      ),
    ).toEqual([[1]]);
    expect(argMax(x, 1).requiresGrad).toBe(false);
  });

  test('min is NaN where one of them is', () => {
    const x = tensor([
      [4, -2, infinity],
      [nan, -infinity, 1],
    ]);
    expect(nested(min(x, 1))).toEqual([-2, nan]);
    expect(nested(min(x, 0, { keepAxes: true }))).toEqual([[nan, -infinity, 1]]);
    expect(
      nested(
        min(
          tensor([
            [3, 1],
            [2, 5],
          ]),
        ),
      ),
    ).toBe(1);
  });

  test('softmax sums to 1 along its axis, for logits of any size', () => {
    const x = tensor([
      [1000, 1000, -1000],
      [0, Math.log(3), -infinity],
    ]);
    const rows = nested(softmax(x)) as number[][];
    expect(rows[0]).toEqual([0.5, 0.5, 0]);
    expect(rows[1]!.map((p) => Number(p.toFixed(6)))).toEqual([0.25, 0.75, 0]);
    const columns = nested(softmax(x, 0)) as number[][];
    expect(columns.map((row) => row.map((p) => Number(p.toFixed(6))))).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ]);
    expect(nested(softmax(tensor([nan, 1])))).toEqual([nan, nan]);
    expect(nested(softmax(tensor([infinity, 1])))).toEqual([nan, 0].map(() => nan));
  });

  test('oneHot has a single 1 in each row, for labels of every form', () => {
    const rows = [
      [0, 0, 1],
      [1, 0, 0],
    ];
    for (const labels of [[2, 0], Uint8Array.of(2, 0), BigInt64Array.of(2n, 0n), tensor([2, 0])])
      expect(nested(oneHot(labels, 3))).toEqual(rows);
    expect(nested(oneHot(tensor([[2, 0]]), 3))).toEqual([rows]);
    expect(oneHot([2, 0], 3).isSpikes).toBe(true);
    expect(oneHot([], 3).shape).toEqual([0, 3]);
  });

  test('gather takes slices, in any order and as often as they are named', () => {
    const x = tensor([
      [1, 2],
      [nan, 4],
      [5, infinity],
    ]);
    expect(nested(gather(x, [2, 0, 2]))).toEqual([
      [5, infinity],
      [1, 2],
      [5, infinity],
    ]);
    expect(nested(gather(x, [-1], 1))).toEqual([[2], [4], [infinity]]);
    expect(nested(gather(x, BigInt64Array.of(0n)))).toEqual([[1, 2]]);
    expect(gather(x, []).shape).toEqual([0, 2]);
    expect(gather(zeros([0, 2]), []).shape).toEqual([0, 2]);
  });

  test('gather takes single elements by an index of the same rank', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(nested(gather(x, tensor([[2], [0]]), 1))).toEqual([[3], [4]]);
    expect(nested(gather(x, tensor([[0, 1, -1]]), 0))).toEqual([[1, 5, 6]]);
    expect(nested(gather(x, tensor([[0, 0, 2]]), 1))).toEqual([[1, 1, 3]]); // fewer rows, as in PyTorch
  });

  test('the gradient of an entry that was taken often is the sum of all', () => {
    const x = tensor([1, 2, 3], [3], { requiresGrad: true });
    const index = [0, 2, 0, 0, 2, 0, 0];
    sum(gather(x, index)).backward();
    expect(nested(x.grad!)).toEqual([5, 0, 2]);
  });

  test('pad surrounds with any number', () => {
    const x = tensor([[1, nan]]);
    expect(
      nested(
        pad(x, [
          [1, 0],
          [0, 1],
        ]),
      ),
    ).toEqual([
      [0, 0, 0],
      [1, nan, 0],
    ]);
    expect(
      nested(
        pad(
          x,
          [
            [0, 0],
            [1, 0],
          ],
          infinity,
        ),
      ),
    ).toEqual([[infinity, 1, nan]]);
    expect(nested(pad(tensor(3), []))).toBe(3);
    expect(pad(zeros([0]), [[2, 1]]).shape).toEqual([3]);
  });

  test('toArray nests as tensor() takes it', async () => {
    const lists = [
      [[1], [2]],
      [[3], [4]],
    ];
    expect(await tensor(lists).toArray()).toEqual(lists);
    expect(await tensor(7).toArray()).toBe(7);
    expect(zeros([2, 0]).toArraySync()).toEqual([[], []]);
  });

  test('nothing is left behind', () => {
    const x = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
      { requiresGrad: true },
    );
    const index = oneHot([0, 1], 2);
    const before = memory().tensors;
    for (const y of [
      argMax(x),
      argMax(x, 0),
      min(x),
      softmax(x, 0),
      oneHot([0, 1], 2),
      gather(x, [0, 0, 0]),
      gather(x, index, 1),
      pad(
        x,
        [
          [1, 1],
          [0, 0],
        ],
        3,
      ),
    ])
      y.dispose();
    expect(memory().tensors).toBe(before);
  });
});

describe('laws', () => {
  beforeAll(() => setActiveBackend(cpuBackend('f64')));
  const data = fc.tuple(tensorData({ minRank: 1, maxLength: 4 }), fc.nat());

  property.prop([data], { numRuns: 50 })(
    'gather at argMax is max, and softmax is exp of logSoftmax',
    ([x, at]) => {
      const t = tensor(x.data, x.shape);
      if (t.size === 0) return;
      const axis = at % x.shape.length;
      const places = argMax(t, axis, { keepAxes: true });
      expect(nested(gather(t, places, axis))).toEqual(nested(max(t, axis, { keepAxes: true })));
      const last = Array.from(softmax(t).dataSync());
      expect(last).toEqual(Array.from(logSoftmax(t).dataSync(), exp));
    },
  );
});
