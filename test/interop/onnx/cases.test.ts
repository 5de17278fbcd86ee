// The cases of pip's onnx for Conv, pools, norms, Gemm, Flatten, Dropout and MatMul: each gives its numbers, or is
// refused by the name of what there is no option for. cases.py took them out of onnx.

import { beforeAll, describe, expect, test } from 'vitest';
import { sizeOf } from '../../../src/backends/shape';
import { noGrad } from '../../../src/core/tape';
import { SpikegradError } from '../../../src/errors';
import { init } from '../../../src/init';
import { type Given, type Node, OPERATORS } from './case-operators';
import file from './cases.json';

const arrays = file.arrays.map((text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
});

/** Numbers of a case, by the place of their array; those of more axes than an image batch are not stored. */
interface Stored {
  readonly shape: readonly number[];
  readonly data?: number;
}

interface Case extends Omit<Node, 'given'> {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly given: readonly Stored[];
  /** Of long outputs every `step`-th number is stored, and their sum. */
  readonly wanted: readonly (Stored & { readonly step?: number; readonly sum?: number })[];
}

const cases = file.cases as unknown as readonly Case[];

function nodeOf({ operator, attributes, inputs, outputs, given }: Case): Node {
  let next = 0;
  const found = inputs.map((name): Given | undefined => {
    if (name === '') return undefined;
    const { shape, data } = given[next++]!;
    return { shape, data: data === undefined ? new Float32Array(sizeOf(shape)) : arrays[data]! };
  });
  return { operator, attributes, outputs, given: found };
}

/** By onnx's own tolerance. */
function near(value: number, wanted: number): void {
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-6 + 1e-3 * Math.abs(wanted));
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0);

/** What has no numbers here, by what is refused. */
const REFUSED: readonly (readonly [pattern: RegExp, message: RegExp])[] = [
  [/autopad_same|_same_(upper|lower)$/, /has no option 'autoPad'/],
  [/^(average|max)pool_1d/, /window must be a whole number >= 1, or \[height, width\] of them, got \[2\]/],
  [/^averagepool_(2d_dilations|3d_dilations_(small|large))/, /has no option 'dilation'|window must be/],
  [
    /^(average|max)pool_3d/,
    /window must be a whole number >= 1, or \[height, width\] of them, got \[\d, ?\d, ?\d\]/,
  ],
  [/^(average|max)pool_2d_pads/, /padding 2 must be at most half of the window, which reaches over 3 pixels/],
  [/^maxpool_with_argmax_2d_precomputed_pads/, /maxPool2d: has no option 'indices'/],
  [/^maxpool_with_argmax_2d_precomputed_strides/, /maxPool2d: has no option 'storageOrder'/],
  [/^convtranspose_[13]d/, /convTranspose2d: weight must be \[kh,kw,cout,cin\], got/],
  [/^convtranspose_(output|kernel)_shape/, /convTranspose2d: has no option 'outputShape'/],
  [/^training_dropout(_default)?(_mask)?$/, /Dropout: has no option 'seed'/],
  [/dropout_.*mask/, /Dropout: has no option 'mask'/],
  [/^matmul_(1d|4d_1d)/, /matmul: expects matrices, got .*; reshape a vector to \[1,n\] or \[n,1\]/],
];

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => init({ backend, threads: 1 }));

  test.each(cases.map((one) => [one.name, one] as const))('%s', (name, one) => {
    const refused = REFUSED.find(([pattern]) => pattern.test(name))?.[1];
    const run = () => noGrad(() => OPERATORS[one.operator]!(nodeOf(one)));
    if (refused !== undefined) {
      expect(run).toThrow(SpikegradError);
      expect(run).toThrow(refused);
      return;
    }
    const results = run();
    expect(results.length).toBe(one.wanted.length);
    one.wanted.forEach(({ shape, data, step = 1, sum }, place) => {
      const y = results[place]!;
      expect(y.shape.filter((length) => length !== 1)).toEqual(shape.filter((length) => length !== 1));
      const numbers = Array.from(y.dataSync());
      arrays[data!]!.forEach((value, i) => {
        near(numbers[i * step]!, value);
      });
      if (sum !== undefined) near(total(numbers), sum);
    });
  });
});
