// Operators with a derivative of one's own: that it is used, and that mistakes in it are named.

import { beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { scope } from '../../src/core/scope';
import { memory } from '../../src/core/storage';
import type { Gradient } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import { abs, add, customOp, exp, greaterEqual, less, mul, sum } from '../../src/ops';
import { gradCheck } from '../../src/testing';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

const leaf = (...data: number[]) => tensor(data, [data.length], { requiresGrad: true });

/** x·y whose backward returns whatever the test wants. */
function product(backward: (g: Tensor, x: Tensor, y: Tensor) => readonly Gradient[]) {
  return customOp({
    name: 'product',
    forward(context, x: Tensor, y: Tensor) {
      context.save(x, y);
      return mul(x, y);
    },
    backward: ({ saved: [x, y] }, g) => backward(g, x!, y!),
  });
}

describe('customOp', () => {
  test('sends the gradient straight through a step', () => {
    const step = customOp({
      name: 'straightThrough',
      forward: (_, x: Tensor) => greaterEqual(x, 0),
      backward: (_, g) => [g],
    });
    const x = leaf(-1, 0.5);
    const spikes = step(mul(x, 2));
    expect([...spikes.dataSync()]).toEqual([0, 1]);
    spikes.backward(tensor([3, 5]));
    expect([...x.grad!.dataSync()]).toEqual([6, 10]);
  });

  test('replaces the derivative of a step by a window around it', () => {
    const step = customOp({
      name: 'step',
      forward(context, x: Tensor) {
        context.save(x);
        return greaterEqual(x, 0);
      },
      backward: ({ saved: [x] }, g) => [mul(g, less(abs(x!), 0.5))],
    });
    const x = leaf(-1, -0.2, 0.2, 1);
    sum(step(x)).backward();
    expect([...x.grad!.dataSync()]).toEqual([0, 1, 1, 0]);
  });

  test('with the right derivative passes the gradient check, and takes arguments that are no tensors', () => {
    gradCheck(
      product((g, x, y) => [mul(g, y), mul(g, x)]),
      [
        { data: [1, 2], shape: [2] },
        { data: [3, -1], shape: [2] },
      ],
    );
    const scale = customOp({
      name: 'scale',
      forward: (_, x: Tensor, factor: number) => mul(x, factor),
      backward: (_, g) => [mul(g, 3)],
    });
    gradCheck((x) => scale(x, 3), [{ data: [1, 2], shape: [2] }]);
  });

  test('records nothing of its forward', () => {
    const x = leaf(2);
    const cut = customOp({
      name: 'cut',
      forward: (_, v: Tensor) => mul(v, v),
      backward: () => [null],
    });
    add(cut(x), x).backward();
    expect([...x.grad!.dataSync()]).toEqual([1]);
  });

  test('keeps what it saved alive', () => {
    const x = leaf(2);
    const between = mul(x, 1);
    const y = product((g, a, b) => [mul(g, b), mul(g, a)])(between, between);
    between.dispose();
    y.backward();
    expect([...x.grad!.dataSync()]).toEqual([4]);
  });

  test('may hand its input through', () => {
    const same = customOp({ name: 'same', forward: (_, x: Tensor) => x, backward: (_, g) => [mul(g, 2)] });
    const x = leaf(1);
    same(same(x)).backward();
    expect([...x.grad!.dataSync()]).toEqual([4]);
  });

  test('names a wrong number and a wrong shape of gradients', () => {
    const [x, y] = [leaf(1, 2), leaf(3, 4)];
    expect(() => sum(product((g) => [g])(x, y)).backward()).toThrow(
      'product: backward gave 1 gradients for 2 inputs',
    );
    expect(() => sum(product((g) => [g, sum(g)])(x, y)).backward()).toThrow(
      'product: backward gave a gradient [] for input 1 of shape [2]',
    );
    expect(() => sum(product(() => undefined as unknown as Gradient[])(x, y)).backward()).toThrow(
      'product: backward must return a list of 2 gradients (null for none)',
    );
  });

  test('that throws in backward leaves nothing behind', () => {
    const before = memory();
    const failing = product(() => {
      throw new Error('on purpose');
    });
    expect(() =>
      scope(() => {
        const x = leaf(1, 2);
        sum(add(failing(exp(x), exp(x)), x)).backward();
      }),
    ).toThrow('on purpose');
    // x keeps the gradient that reached it before the error
    expect(memory().tensors).toBeLessThanOrEqual(before.tensors + 1);
  });

  test('refuses to save twice or in backward, to return no tensor, and to work on none', () => {
    const twice = customOp({
      name: 'twice',
      forward(context, x: Tensor) {
        context.save(x);
        context.save(x);
        return mul(x, 1);
      },
      backward: (_, g) => [g],
    });
    expect(() => twice(leaf(1))).toThrow('twice: save() may be called once');
    const late = customOp({
      name: 'late',
      forward: (_, x: Tensor) => mul(x, 1),
      backward(context, g) {
        context.save(g);
        return [g];
      },
    });
    expect(() => late(leaf(1)).backward()).toThrow('late: save() belongs into forward');
    const nothing = customOp({
      name: 'nothing',
      forward: () => 1 as unknown as Tensor,
      backward: () => [],
    });
    expect(() => (nothing as (x: Tensor) => Tensor)(leaf(1))).toThrow(
      'nothing: forward must return a tensor',
    );
    expect(() => nothing()).toThrow('nothing: expects at least one tensor argument');
  });

  describe('tells at once, by its name, a forward that gives', () => {
    const given = (make: (x: Tensor) => unknown) => () =>
      customOp({
        name: 'mine',
        forward: (_, x: Tensor) => make(x) as Tensor,
        backward: (_, g) => [g],
      })(leaf(1, 2));
    const reshaped = (x: Tensor, shape: unknown) => Object.assign(mul(x, 1), { shape });
    test.each<[string, (x: Tensor) => unknown, string]>([
      ['nothing', () => undefined, 'mine: forward must return a tensor, got undefined'],
      ['a list', (x) => [x], 'mine: forward must return a tensor, got [{…}]; return one tensor'],
      [
        'what was disposed of',
        (x) => {
          const y = mul(x, 2);
          y.dispose();
          return y;
        },
        'mine: forward returned a [2] tensor that was disposed of: return it from its scope()',
      ],
      ['a shape of NaN', (x) => reshaped(x, [Number.NaN]), 'of shape [NaN] that holds 2 numbers'],
      ['another shape than it holds', (x) => reshaped(x, [3]), 'of shape [3] that holds 2 numbers'],
      ['no shape', (x) => reshaped(x, 'x'), "of shape 'x' that holds 2 numbers"],
      [
        'a tensor of another backend',
        () => tensor([1, 2], [2], { backend: cpuBackend('f32') }),
        'mine: forward returned a tensor on cpu',
      ],
    ])('%s', (_, make, words) => {
      expect(given(make)).toThrow(words);
    });
  });

  describe('tells by its name a backward that gives', () => {
    const given = (gradients: (g: Tensor) => unknown) => () =>
      sum(
        customOp({
          name: 'mine',
          forward: (_, x: Tensor) => mul(x, 2),
          backward: (_, g) => gradients(g) as Gradient[],
        })(leaf(1, 2)),
      ).backward();
    test.each<[string, (g: Tensor) => unknown, string]>([
      [
        'a tensor',
        (g) => g,
        'mine: backward must return a list of 1 gradients (null for none), got a Tensor',
      ],
      ['a promise', async () => [], 'got a Promise'],
      ['numbers', () => [1], 'got 1 for input 0'],
      ['too many', (g) => [g, g], 'mine: backward gave 2 gradients for 1 inputs'],
      [
        'what was disposed of',
        (g) => {
          const y = mul(g, 2);
          y.dispose();
          return [y];
        },
        'mine: backward gave a gradient for input 0 that was disposed of',
      ],
      [
        'another shape than it holds',
        () => [Object.assign(tensor([1, 2, 3]), { shape: [2] })],
        'mine: backward gave a gradient for input 0 of shape [2] that holds 3 numbers',
      ],
      [
        'a tensor of another backend',
        () => [tensor([1, 2], [2], { backend: cpuBackend('f32') })],
        'mine: backward gave a gradient for input 0 on another backend (cpu)',
      ],
    ])('%s', (_, gradients, words) => {
      expect(given(gradients)).toThrow(words);
    });
  });

  test('refuses to save what is no tensor', () => {
    const wrong = customOp({
      name: 'mine',
      forward(context, x: Tensor) {
        context.save(1 as unknown as Tensor);
        return mul(x, 2);
      },
      backward: (_, g) => [g],
    });
    expect(() => wrong(leaf(1))).toThrow('mine: each tensor to save must be a Tensor, got 1');
  });
});
