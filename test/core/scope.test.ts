// Who frees what: scopes, the tape, and the count of live memory. Everything here is synchronous, so the garbage
// collector's own releases never fall in between.

import { beforeAll, describe, expect, test, vi } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor, zeros } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { keep, scope } from '../../src/core/scope';
import { memory } from '../../src/core/storage';
import { noGrad } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import { add, crossEntropy, exp, linear, mul, relu, reshape, sum, tanh } from '../../src/ops';
import { sgdRule } from '../../src/optim/sgd';

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
          w.backend.update(sgdRule(false), {
            parameter: w,
            gradient: w.grad!,
            states: [zeros(w.shape)],
            constants: [0.5, 0, 1, 0],
          });
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

  test('leaves nothing of a refused Promise that could end the process later', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const late = async () => {
      const x = tensor([1]);
      await Promise.resolve();
      return add(x, 1); // x was freed with the scope
    };
    expect(() => scope(late)).toThrow('scope: fn returned a Promise');
    expect(() => noGrad(() => scope(late))).toThrow('scope: fn returned a Promise');
    expect(() => noGrad(() => Promise.reject(new Error('late')))).toThrow('noGrad: fn returned a Promise');
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });
});

describe('very many tensors outside every scope', () => {
  test('are warned of, once', async () => {
    vi.resetModules(); // in this process somebody may have been told
    const { tensor } = await import('../../src/core/create');
    const { init } = await import('../../src/init');
    await init({ backend: 'cpu' });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const many = Array.from({ length: 5200 }, () => tensor([1]));
    expect(warn.mock.calls.length).toBe(1);
    expect(warn.mock.calls[0]![0]).toMatch(/^spikegrad: 5,001 tensors live, .*each prediction in scope\(/);
    warn.mockRestore();
    for (const t of many) t.dispose();
  });
});

describe('a gradient', () => {
  const leaf = (value: number) => tensor([value], [1], { requiresGrad: true });

  test('ends with its leaf, whoever ends that', () => {
    const before = memory();
    scope(() => {
      const w = leaf(2);
      for (let i = 0; i < 3; i++) scope(() => mul(w, w).backward());
      expect(w.grad!.itemSync()).toBe(12);
    });
    expect(memory()).toEqual(before);
    const w = leaf(3);
    scope(() => mul(w, w).backward());
    const { grad } = w;
    w.dispose();
    expect(grad!.disposed).toBe(true);
    expect(memory()).toEqual(before);
  });

  test('survives with a leaf that is returned or kept, and alone when it is', () => {
    const before = memory();
    const made = () => {
      const w = leaf(2);
      mul(w, w).backward();
      return w;
    };
    const returned = scope(() => scope(made));
    const kept = scope(() => ({ w: keep(made()).shape, tensors: memory().tensors }));
    expect(kept.tensors).toBe(memory().tensors + 1); // the product
    const alone = scope(() => scope(made).grad!);
    const keptAlone: Tensor[] = [];
    scope(() => keptAlone.push(keep(made().grad!)));
    expect([returned.grad!, alone, ...keptAlone].map((g) => g.itemSync())).toEqual([4, 4, 4]);
    expect(memory().tensors).toBe(before.tensors + 6);
    for (const held of [returned, alone, ...keptAlone]) held.dispose();
    expect(memory().tensors).toBe(before.tensors + 2); // the kept leaf, which nobody can reach any more
  });

  test('of a leaf from outside stays, also when it is computed in a scope within a scope', () => {
    const w = leaf(5);
    scope(() => scope(() => mul(w, w).backward()));
    expect(w.grad!.itemSync()).toBe(10);
    w.dispose();
  });
});
