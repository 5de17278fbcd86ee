// The gradient check itself: it must pass what is right, name what is wrong, and leave no trace.

import { beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor } from '../../src/core/create';
import { activeBackend, setActiveBackend } from '../../src/core/engine';
import { memory } from '../../src/core/storage';
import { noGrad } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import { SpikegradError } from '../../src/errors';
import { add, customOp, exp, matmul, mul, sign, sum, tanh } from '../../src/ops';
import { compareGradients, gradCheck } from '../../src/testing';

const f32 = cpuBackend('f32');
beforeAll(() => setActiveBackend(f32));

/** x·y whose gradient of x is wrong in the element [1,2] alone. */
const wrongProduct = customOp({
  name: 'wrongProduct',
  forward(context, x: Tensor, y: Tensor) {
    context.save(x, y);
    return mul(x, y);
  },
  backward({ saved: [x, y] }, gradient) {
    const wrong = new Float64Array(6);
    wrong[5] = 0.25;
    return [add(mul(gradient, y!), tensor(wrong, [2, 3])), mul(gradient, x!)];
  },
});

const x = { data: [0.1, -0.2, 0.3, 0.4, 0.5, -0.6], shape: [2, 3] };
const y = { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] };

describe('gradCheck', () => {
  test('passes right gradients of outputs of any shape and returns the largest error', () => {
    expect(gradCheck((a, b) => matmul(tanh(a), b, { transposeB: true }), [x, y])).toBeLessThan(1e-7);
    expect(gradCheck((a) => sum(exp(a)), [x])).toBeLessThan(1e-7);
  });

  test('names input, index and both derivatives of the worst element', () => {
    const result = compareGradients(wrongProduct, [x, y]);
    expect(result.ok).toBe(false);
    expect(result.worst).toMatchObject({ input: 0, index: [1, 2] });
    expect(result.worst!.analytic - result.worst!.numeric).toBeCloseTo(0.25, 6);
    expect(result.message).toMatch(/^input 0 at \[1,2\]: backward gives /);
    expect(() => gradCheck(wrongProduct, [x, y])).toThrow(SpikegradError);
    expect(() => gradCheck(wrongProduct, [x, y])).toThrow(/^gradCheck: input 0 at \[1,2\]/);
  });

  test('takes an input without gradient as zero, right for sign and wrong for a forgotten one', () => {
    expect(gradCheck((a) => sign(a), [x])).toBe(0);
    expect(() => gradCheck((a) => mul(a.detach(), 2), [x])).toThrow('backward gives 0');
    expect(gradCheck((a) => mul(a, 2), [x, y])).toBeLessThan(1e-6);
  });

  test('does not take NaN for agreement', () => {
    const nan = customOp({
      name: 'nan',
      forward: (_, a: Tensor) => mul(a, 1),
      backward: (_, gradient) => [mul(gradient, Number.NaN)],
    });
    expect(() => gradCheck(nan, [x])).toThrow('NaN');
  });

  test('copies its inputs, so an f32 tensor is checked in f64 and keeps its gradient and numbers', () => {
    const input = tensor(x.data, x.shape, { requiresGrad: true });
    expect(gradCheck((a) => mul(a, a), [input])).toBeLessThan(1e-8);
    expect(input.grad).toBeNull();
    expect(input.dataSync()).toEqual(Float32Array.from(x.data));
    input.dispose();
  });

  test('frees what it made and puts the backend back, also when the function throws', () => {
    const before = memory();
    gradCheck((a, b) => mul(a, b), [x, y]);
    expect(() =>
      gradCheck(
        (a) => {
          mul(a, 2);
          throw new Error('on purpose');
        },
        [x],
      ),
    ).toThrow('on purpose');
    expect(() => gradCheck(wrongProduct, [x, y])).toThrow();
    expect(memory()).toEqual(before);
    expect(activeBackend('test')).toBe(f32);
  });

  test('weighs the outputs by its seed', () => {
    const gradient = (seed: number) => compareGradients((a) => mul(a, a), [x], { seed }).worst!.analytic;
    expect(gradient(1)).toBe(gradient(1));
    expect(gradient(1)).not.toBe(gradient(2));
  });

  test('refuses to run where nothing is recorded', () => {
    expect(() => noGrad(() => gradCheck((a) => mul(a, a), [x]))).toThrow('gradCheck: runs inside noGrad');
  });
});
