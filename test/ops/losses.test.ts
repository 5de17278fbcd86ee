// Losses against PyTorch's, value and gradient: vectors/losses.py wrote the numbers.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import type { Tensor } from '../../src/core/tensor';
import { init } from '../../src/init';
import { crossEntropy, maxMembraneLoss, rateBounds, rateMse, sum, tetLoss } from '../../src/ops';
import vectors from './vectors/losses.json';

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

const losses: Readonly<Record<string, (x: Tensor, labels: number[], options: never) => Tensor>> = {
  crossEntropy,
  tetLoss,
  rateMse,
  maxMembraneLoss,
  rateBounds: (x, _, options) => rateBounds(x, options),
};

describe('equal to PyTorch, value and gradient', () => {
  test.each(vectors.cases.map((one) => [one.name, JSON.stringify(one.options), one] as const))(
    '%s %s',
    (name, _, { options, shape, x, labels, loss, gradient }) => {
      const leaf = tensor(x, shape, { requiresGrad: true });
      const value = losses[name]!(leaf, labels, options as never);
      expect(value.size).toBe(loss.length);
      value.dataSync().forEach((number, i) => {
        expect(number).toBeCloseTo(loss[i]!, 12);
      });
      sum(value).backward();
      leaf.grad!.dataSync().forEach((number, i) => {
        expect(number).toBeCloseTo(gradient[i]!, 12);
      });
    },
  );
});

describe('crossEntropy', () => {
  test('of a logit of -∞ is finite wherever its share of the target is 0', () => {
    const logits = tensor([0, Number.NEGATIVE_INFINITY, 1, 2, 0, 1], [2, 3]);
    const rows = crossEntropy(logits, [0, -1], { ignoreIndex: -1, reduction: 'none' });
    expect(Array.from(rows.dataSync())).toEqual([expect.closeTo(Math.log(1 + Math.E), 12), 0]);
  });

  test('has no mean of rows that weigh nothing, and says what a wrong list of weights lacks', () => {
    const logits = tensor([0, 1], [1, 2]);
    expect(() => crossEntropy(logits, [9], { ignoreIndex: 9 })).toThrow(
      /crossEntropy: every row is ignored or weighs nothing: their mean is not defined/,
    );
    expect(() => crossEntropy(logits, [0], { classWeights: [1] })).toThrow(
      /crossEntropy: 1 classWeights for 2 classes/,
    );
    expect(crossEntropy(logits, [9], { ignoreIndex: 9, reduction: 'sum' }).itemSync() + 0).toBe(0);
  });
});

test('rateBounds names bounds that are the wrong way round', () => {
  expect(() => rateBounds(tensor([0, 1]), { low: 0.5, high: 0.2 })).toThrow(
    /rateBounds: low 0\.5 lies above high 0\.2: give the smaller one first/,
  );
});
