// Operators that find and take, where nothing can be read at once: the same values as on cpu, places given as lists.

import { afterAll, describe, expect, test } from 'vitest';
import { backendOn } from '../../../src/backends/gpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { tensor } from '../../../src/core/create';
import { setActiveBackend } from '../../../src/core/engine';
import { datasetOf } from '../../../src/data';
import { argMax, gather, min, oneHot, pad, softmax, sum } from '../../../src/ops';
import { testDriver } from '../../support/gpu';

const { missing, note, driver } = await testDriver();
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

describe.skipIf(missing)(`on a GPU${note}`, () => {
  const backend = missing ? undefined : backendOn(driver as Driver);
  setActiveBackend(backend);
  afterAll(() => {
    setActiveBackend(undefined);
    backend?.close();
  });

  test('argMax, min and softmax know NaN, infinities and ties', async () => {
    const x = tensor([
      [1, 3, 3],
      [nan, infinity, nan],
      [-infinity, -2, -infinity],
    ]);
    expect(await argMax(x, 1).toArray()).toEqual([1, 0, 1]);
    expect(await argMax(x).toArray()).toBe(3);
    expect(await min(x, 1).toArray()).toEqual([1, nan, -infinity]);
    expect(
      await softmax(
        tensor([
          [1000, 1000],
          [0, -infinity],
        ]),
      ).toArray(),
    ).toEqual([
      [0.5, 0.5],
      [1, 0],
    ]);
  });

  test('oneHot and gather take lists; a tensor of places is asked for its data', async () => {
    expect(await oneHot([2, 0], 3).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(await oneHot(tensor([2, 0]), 3).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    const x = tensor([1, nan, 3], [3], { requiresGrad: true });
    const taken = gather(x, [2, 0, 2, -1]);
    expect(await taken.toArray()).toEqual([3, 1, 3, 3]);
    sum(taken).backward();
    expect(await x.grad!.toArray()).toEqual([1, 0, 3]);
    expect(() => gather(x, tensor([0]))).toThrow('gather: a tensor of places cannot be read at once');
    expect(await pad(x, [[1, 0]], infinity).toArray()).toEqual([infinity, 1, nan, 3]);
  });

  test('a tensor of images is asked for its data', () => {
    expect(() => datasetOf(tensor([[1, 2]]), [0])).toThrow(
      'datasetOf(await images.data(), labels, { shape: [2] })',
    );
  });
});
