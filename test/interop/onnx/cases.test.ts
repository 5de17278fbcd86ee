// The cases of pip's onnx for Conv, pools, norms, Gemm, Flatten, Dropout and MatMul: each gives its numbers, or is
// refused by the name of what there is no option for. cases.py took them out of onnx.

import { beforeAll, describe, expect, test } from 'vitest';
import { noGrad } from '../../../src/core/tape';
import { SpikegradError } from '../../../src/errors';
import { init } from '../../../src/init';
import { type Given, type Node, OPERATORS } from './case-operators';
import file from './cases.json';

const arrays = file.arrays.map((text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
});

type Case = (typeof file.cases)[number];

function nodeOf({ operator, attributes, inputs, outputs, given }: Case): Node {
  let next = 0;
  const found = inputs.map((name): Given | undefined => {
    if (name === '') return undefined;
    const { shape, data } = given[next++]!;
    return { shape, data: arrays[data]! };
  });
  return { operator, attributes, outputs, given: found };
}

/** What has no numbers here, by what is refused. */
const REFUSED: readonly (readonly [pattern: RegExp, message: RegExp])[] = [];

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => init({ backend, threads: 1 }));

  test.each(file.cases.map((one) => [one.name, one] as const))('%s', (name, one) => {
    const refused = REFUSED.find(([pattern]) => pattern.test(name))?.[1];
    const run = () => noGrad(() => OPERATORS[one.operator]!(nodeOf(one)));
    if (refused !== undefined) {
      expect(run).toThrow(SpikegradError);
      expect(run).toThrow(refused);
      return;
    }
    const results = run();
    expect(results.length).toBe(one.wanted.length);
    one.wanted.forEach(({ shape, data, ...sampled }, place) => {
      const y = results[place]!;
      expect(y.shape.filter((length) => length !== 1)).toEqual(shape.filter((length) => length !== 1));
      const numbers = y.dataSync();
      const step = 'step' in sampled ? sampled.step! : 1;
      arrays[data]!.forEach((value, i) => {
        expect(numbers[i * step]).toBeCloseTo(value, 4);
      });
      if ('sum' in sampled)
        expect(numbers.reduce((sum, value) => sum + value, 0)).toBeCloseTo(sampled.sum!, 1);
    });
  });
});
