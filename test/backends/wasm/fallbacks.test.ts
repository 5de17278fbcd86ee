// What `spikegrad info` says of operators without a kernel, held to what the engine counts.

import { afterAll, describe, expect, test } from 'vitest';
import {
  concat,
  crossEntropy,
  exp,
  gather,
  im2col,
  init,
  lif,
  log,
  logarithmic,
  map,
  max,
  mpr,
  mul,
  ones,
  pow,
  type ScalarFunction,
  slice,
  sum,
  tensor,
  transpose,
  where,
} from '../../../src';
import type { WasmBackend } from '../../../src/backends/wasm';

const backend = (await init({ backend: 'wasm', threads: 1 })) as WasmBackend;
afterAll(() => backend.close());

const x = () => tensor([1, 2, 3, 4, 5, 6], [2, 3]);
const cube: ScalarFunction = {
  name: 'cube',
  parameters: {},
  value: (v) => v ** 3,
  derivative: (v) => 3 * v * v,
};

/** The operators that ran on plain loops during `work`. */
function counted(work: () => { dataSync(): unknown }[]): string[] {
  const before = new Map(backend.profiled().reference);
  for (const result of work()) result.dataSync();
  const after = backend.profiled().reference;
  return [...after].filter(([name, calls]) => calls > (before.get(name) ?? 0)).map(([name]) => name);
}

describe('fallbacks of the wasm backend', () => {
  test.each([
    ['log and power', () => [log(x()), pow(x(), 3)], ['log', 'power']],
    [
      'permute, slice, concat, gather',
      () => [transpose(x()), slice(x(), [0, 0], [1, 2]), concat([x(), x()]), gather(x(), [1, 0])],
      ['permute', 'slice', 'concat', 'gather'],
    ],
    ['log-softmax and cross-entropy', () => [crossEntropy(x(), [0, 1])], ['crossEntropy']],
    ['max, and sums over other axes than the leading ones', () => [max(x()), sum(x(), [1])], ['max', 'sum']],
    [
      'other binary operators than those of equal shapes, a number or a last axis; where',
      () => [mul(x(), ones([2, 1])), where(x(), x(), 0)],
      ['multiply', 'where'],
    ],
    [
      'neurons and map with functions of JavaScript',
      () => [lif(x(), { rectifier: cube }), map(cube, x())],
      ['neuron(cube)', 'cube value'],
    ],
  ])('%s run on plain loops, and info says so', (words, work, names) => {
    expect(counted(work)).toEqual(names);
    expect(backend.fallbacks).toContain(words);
  });

  test('what info does not name has a kernel', () => {
    const image = () => ones([1, 4, 4, 3]);
    const work = () => [
      exp(x()),
      map(mpr(), x()),
      map(logarithmic(), x()),
      mul(x(), 2),
      mul(x(), x()),
      mul(x(), ones([3])),
      sum(x(), [0]),
      im2col(image(), { window: 3 }),
    ];
    expect(counted(work)).toEqual([]);
  });
});
