// Backward: what it adds where, what it refuses, and what may be thrown away before it.

import { beforeAll, describe, expect } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { Random } from '../../src/core/random';
import { memory } from '../../src/core/storage';
import { noGrad } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import {
  add,
  concat,
  exp,
  matmul,
  max,
  mul,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  tanh,
  transpose,
} from '../../src/ops';
import { fc, test } from '../support/properties';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

const leaf = (...data: number[]) => tensor(data, [data.length], { requiresGrad: true });
const gradientOf = (x: Tensor) => [...x.grad!.dataSync()];

describe('backward', () => {
  test('adds to the gradient that is there, call after call', () => {
    const x = leaf(1, 2);
    sum(mul(x, 3)).backward();
    sum(mul(x, x)).backward();
    expect(gradientOf(x)).toEqual([5, 7]);
  });

  test('adds up a tensor used several times', () => {
    const x = leaf(2);
    const y = mul(x, x);
    add(mul(y, x), add(y, x)).backward();
    expect(gradientOf(x)).toEqual([3 * 4 + 2 * 2 + 1]);
  });

  test('starts from the gradient it is given, and leaves that one alone', () => {
    const x = leaf(1, 2);
    const seed = tensor([10, 100]);
    mul(x, x).backward(seed);
    expect(gradientOf(x)).toEqual([20, 400]);
    expect([...seed.dataSync()]).toEqual([10, 100]);
  });

  test('of a leaf itself is the seed', () => {
    const x = leaf(3);
    x.backward();
    expect(gradientOf(x)).toEqual([1]);
    const [y, seed] = [leaf(3), tensor([5])];
    y.backward(seed);
    y.grad!.overwrite([0]);
    expect(seed.itemSync()).toBe(5);
  });

  test('gives two inputs their own gradient where both get the same', () => {
    const [x, y] = [leaf(1), leaf(2)];
    add(x, y).backward();
    x.grad!.overwrite([9]);
    expect(gradientOf(y)).toEqual([1]);
  });

  test('says what is missing', () => {
    const x = leaf(1, 2);
    expect(() => mul(x, x).backward()).toThrow('backward: [2] is not one number: pass the gradient');
    expect(() => mul(x, x).backward(tensor([1]))).toThrow(
      "backward: gradient [1] must have the tensor's shape [2]",
    );
    expect(() => tensor([1]).backward()).toThrow('backward: nothing behind this tensor requires a gradient');
    expect(() => {
      mul(x, 2).requiresGrad = false;
    }).toThrow('requiresGrad: can be set on leaves only');
  });

  test('over a freed graph is a clear error, also when only a part was freed', () => {
    const x = leaf(1);
    const y = exp(x);
    const z = mul(y, y);
    z.backward();
    expect(() => z.backward()).toThrow('backward: the graph through mul was freed by an earlier backward()');
    expect(() => add(y, 1).backward()).toThrow('the graph through exp was freed');
    expect(() => z.backward()).toThrow('cut off before the next step: v = v.detach()');
    expect(gradientOf(x)[0]).toBeCloseTo(2 * Math.exp(2), 12);
  });

  test('with retainGraph can run again', () => {
    const x = leaf(2);
    const y = mul(mul(x, x), x);
    y.backward(undefined, { retainGraph: true });
    y.backward();
    expect(gradientOf(x)).toEqual([24]);
    expect(() => y.backward()).toThrow('was freed');
  });

  test('refuses numbers that were changed in place after forward, and none that it does not need', () => {
    const [x, w] = [leaf(1, 2), leaf(3, 4)];
    const product = sum(mul(x, w));
    const total = sum(add(x, w));
    w.overwrite([0, 0]);
    expect(() => product.backward()).toThrow(
      'backward: a tensor that mul needs was changed in place after forward; run backward before the update',
    );
    expect(x.grad).toBeNull();
    total.backward();
    expect(gradientOf(x)).toEqual([1, 1]);
  });

  test('sees a change in place through another tensor over the same buffer', () => {
    const x = leaf(1, 2);
    const y = exp(x);
    y.detach().overwrite([0, 0]);
    expect(() => sum(y).backward()).toThrow('exp needs was changed in place');
  });
});

describe('what is not recorded', () => {
  test('detach cuts history and shares the numbers', () => {
    const x = leaf(2);
    const y = mul(x, x);
    add(mul(y.detach(), x), y).backward();
    expect(gradientOf(x)).toEqual([4 + 4]);
    expect(y.detach().requiresGrad).toBe(false);
  });

  test('noGrad records nothing inside, and recording goes on after an error', () => {
    const x = leaf(2);
    expect(noGrad(() => mul(x, x)).requiresGrad).toBe(false);
    expect(() =>
      noGrad(() => {
        throw new Error('on purpose');
      }),
    ).toThrow('on purpose');
    expect(mul(x, x).requiresGrad).toBe(true);
  });

  test('gradients carry no history of their own', () => {
    const x = leaf(2);
    mul(x, x).backward();
    expect(x.grad!.requiresGrad).toBe(false);
  });

  test('inputs that want no gradient get none', () => {
    const [x, c] = [leaf(2), tensor([3])];
    mul(x, c).backward();
    expect(c.grad).toBeNull();
  });
});

type Step = { readonly op: number; readonly left: number; readonly right: number };

/** Operators of [2,3] tensors that save inputs, outputs, both or nothing. */
const operators: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  add,
  sub,
  mul,
  (a) => tanh(a),
  (a) => exp(mul(a, 0.1)),
  (a, b) => mul(sigmoid(a), b),
  (a) => reshape(transpose(a), [2, 3]),
  (a, b) => matmul(matmul(a, b, { transposeB: true }), a),
  (a, b) => slice(concat([a, b], 0), [1], [3]),
  (a, b) => sub(a, max(b, 1, { keepAxes: true })),
];

/**
 * Gradients of Σ(all nodes) for a random graph.
 * @param early which nodes are disposed of as soon as no later step needs them as an operand
 */
function gradientsOf(steps: readonly Step[], early: (node: number) => boolean): number[][] {
  const random = new Random(17);
  const leaves = [0, 1].map(() =>
    tensor(
      Float64Array.from({ length: 6 }, () => random.uniform(-1, 1)),
      [2, 3],
      { requiresGrad: true },
    ),
  );
  const nodes = [...leaves];
  const operands = steps.map(({ left, right }, i) => [left % (i + 2), right % (i + 2)] as const);
  steps.forEach(({ op }, i) => {
    const [left, right] = operands[i]!;
    nodes.push(tanh(operators[op % operators.length]!(nodes[left]!, nodes[right]!)));
    for (const used of new Set([left, right])) {
      const isNeededLater = operands.slice(i + 1).some((pair) => pair.includes(used));
      if (used >= 2 && !isNeededLater && early(used)) nodes[used]!.dispose();
    }
  });
  const loss = sum(nodes.at(-1)!);
  if (early(nodes.length - 1) && nodes.length > 2) nodes.at(-1)!.dispose();
  loss.backward();
  return leaves.map((x) => (x.grad === null ? [] : [...x.grad.dataSync()]));
}

describe('disposing of intermediates before backward', () => {
  const step = fc.record({ op: fc.nat({ max: 99 }), left: fc.nat({ max: 99 }), right: fc.nat({ max: 99 }) });
  test.prop([fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat()])(
    'changes no gradient of any expression',
    (steps, mask) => {
      const untouched = gradientsOf(steps, () => false);
      expect(gradientsOf(steps, (node) => ((mask >> (node % 30)) & 1) === 1)).toEqual(untouched);
      expect(gradientsOf(steps, () => true)).toEqual(untouched);
    },
  );

  test('gives memory back only when the tape is done', () => {
    const x = leaf(1, 2, 3);
    const before = memory().tensors;
    const y = exp(x);
    const z = sum(y);
    y.dispose();
    expect(memory().tensors).toBe(before + 2); // exp's result lives on in the tape
    z.backward();
    z.dispose();
    expect(memory().tensors).toBe(before + 1); // the gradient
  });
});
