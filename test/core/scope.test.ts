// Who frees what: scopes, the tape, and the count of live memory. Everything here is synchronous, so the garbage
// collector's own releases never fall in between.

import { beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor, zeros } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { keep, scope } from '../../src/core/scope';
import { memory } from '../../src/core/storage';
import { noGrad } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import { add, crossEntropy, exp, linear, mul, relu, reshape, sum, tanh } from '../../src/ops';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

describe('memory', () => {
  test('counts buffers and bytes, a second tensor over one buffer not twice', () => {
    const before = memory();
    const a = zeros([2, 3]);
    expect(memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 48 });
    const b = reshape(a, [6]);
    expect(memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 48 });
    a.dispose();
    expect(b.dataSync()).toEqual(new Float64Array(6));
    b.dispose();
    expect(memory()).toEqual(before);
  });

  test('is where it was after 100 training steps in scopes, and after disposing of the rest', () => {
    const before = memory();
    const w1 = tensor(
      new Float64Array(12).map((_, i) => Math.sin(i)),
      [3, 4],
      { requiresGrad: true },
    );
    const w2 = tensor(
      new Float64Array(8).map((_, i) => Math.cos(i)),
      [4, 2],
      { requiresGrad: true },
    );
    const x = tensor(
      new Float64Array(15).map((_, i) => Math.sin(3 * i)),
      [5, 3],
    );
    const step = (): number =>
      scope(() => {
        const loss = crossEntropy(linear(relu(linear(x, w1)), w2), [0, 1, 0, 1, 1]);
        loss.backward();
        for (const w of [w1, w2]) {
          w.backend.sgd(w, w.grad!, zeros(w.shape), { learningRate: 0.5, momentum: 0, weightDecay: 0 });
          w.markChanged();
          w.grad!.dispose();
          w.grad = null;
        }
        return loss.itemSync();
      });
    const first = step();
    const during = memory();
    let last = first;
    for (let i = 0; i < 100; i++) last = step();
    expect(memory()).toEqual(during);
    expect(last).toBeLessThan(first / 2);
    for (const held of [w1, w2, x]) held.dispose();
    expect(memory()).toEqual(before);
  });

  test('goes back when a graph is dropped without backward', () => {
    const before = memory();
    scope(() => {
      const x = tensor([1, 2], [2], { requiresGrad: true });
      exp(mul(tanh(x), x));
    });
    expect(memory()).toEqual(before);
  });
});

describe('scope', () => {
  test('frees what was made inside and not returned, looking into lists and plain objects', () => {
    let lost: Tensor | undefined;
    const kept = scope(() => {
      lost = tensor([1]);
      return { list: [tensor([2])], map: new Map([['m', tensor([3])]]), number: 4 };
    });
    expect(lost!.disposed).toBe(true);
    expect(kept.list[0]!.itemSync()).toBe(2);
    expect(kept.map.get('m')!.itemSync()).toBe(3);
  });

  test('leaves tensors from outside alone', () => {
    const outside = tensor([1]);
    scope(() => add(outside, 1));
    expect(outside.disposed).toBe(false);
  });

  test('hands a survivor to the scope around it, and keep() takes it out of all', () => {
    let inner: Tensor | undefined;
    let lasting: Tensor | undefined;
    scope(() => {
      inner = scope(() => {
        lasting = keep(tensor([5]));
        return tensor([1]);
      });
      expect(inner.disposed).toBe(false);
    });
    expect(inner!.disposed).toBe(true);
    expect(lasting!.itemSync()).toBe(5);
    lasting!.dispose();
  });

  test('frees everything and passes the error on when the function throws', () => {
    const before = memory();
    expect(() =>
      scope(() => {
        tensor([1]);
        throw new Error('on purpose');
      }),
    ).toThrow('on purpose');
    expect(memory()).toEqual(before);
  });

  test('leaves what the tape needs to the tape', () => {
    const x = tensor([0.5], [1], { requiresGrad: true });
    const y = scope(() => sum(exp(mul(x, tensor([3])))));
    y.backward();
    expect(x.grad!.itemSync()).toBeCloseTo(3 * Math.exp(1.5), 12);
  });

  test('keeps a leaf’s gradient that was made inside', () => {
    const x = tensor([2], [1], { requiresGrad: true });
    scope(() => mul(x, x).backward());
    expect(x.grad!.itemSync()).toBe(4);
  });

  test('refuses a Promise, and so does noGrad', () => {
    expect(() => scope(async () => tensor([1]))).toThrow('scope: fn returned a Promise');
    expect(() => noGrad(async () => 1)).toThrow('noGrad: fn returned a Promise');
  });
});
