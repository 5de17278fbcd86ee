// What the languages of kernels leave open: JavaScript's Math at its edges, and lost numbers that are seen to be
// lost. The kernels themselves meet special numbers in the conformance suite.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backendOn } from '../../../src/backends/gpu';
import { mathematics, withMathematics } from '../../../src/backends/gpu/driver/mathematics';
import { tensor } from '../../../src/core/create';
import { setActiveBackend } from '../../../src/core/engine';
import { customRectifier } from '../../../src/neurons';
import { log, mul, sum } from '../../../src/ops';
import { AnomalyError, detectAnomaly } from '../../../src/train';
import { firstNonFinite } from '../../../src/train/numbers/finite';
import { testDriver } from '../../support/gpu';

describe('a translated text', () => {
  test('asks the bits whether a number is NaN, and never whether two differ', () => {
    expect(withMathematics('select(1.0, 0.0, (user_x!=user_x))')).toBe(
      'select(1.0, 0.0, (js_isNan(user_x)))',
    );
    expect(withMathematics('((user_x==user_x)&&(user_x<1.0))')).toBe('((!js_isNan(user_x))&&(user_x<1.0))');
    expect(withMathematics('(((a+(b*c))!=fn_d(e, f))&&(g!=h))')).toBe(
      '((!((a+(b*c))==fn_d(e, f)))&&(!(g==h)))',
    );
  });

  test('calls our functions of Math, each defined behind those that it calls', () => {
    expect(withMathematics('_pow(log(x), fn_log(y)) + y.max(z)')).toBe(
      'js_pow(js_log(x), fn_log(y)) + y.max(z)',
    );
    for (const language of ['wgsl', 'glsl'] as const) {
      const text = mathematics(language, 'js_pow(x, y)');
      const places = ['js_bits(', 'js_log2(', 'js_pow('].map((name) =>
        text.search(new RegExp(`(fn|float|uint) ${name.replace('(', '\\(')}`)),
      );
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places[0]).toBeGreaterThanOrEqual(0);
      expect(text).not.toContain('js_tanh');
    }
  });
});

const { missing, note, driver } = await testDriver();
const backend = driver && backendOn(driver);

describe.skipIf(missing)(`special numbers on the gpu${note}`, () => {
  beforeAll(() => setActiveBackend(backend!));
  afterAll(() => backend!.close());

  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  const inputs = Float32Array.of(
    ...[nan, infinity, -infinity, 0, 1, -1, 1.5, -1.5, 0.5, -0.5, 0.01, -0.01, 1e-4, 3, -3, 20, -20, 80, 100],
    ...[-100, 1e20, -1e20, 1e-30],
  );
  test.each(['exp', 'log', 'sqrt', 'tanh', 'atan'] as const)('Math.%s is JavaScript’s', async (name) => {
    const x = { handle: backend!.upload(inputs), shape: [inputs.length] };
    const y = backend!.map(customRectifier({ name, value: `${name}(x)` }), 'value', x);
    const got = await backend!.read(y);
    for (const handle of [x.handle, y]) backend!.free(handle);
    inputs.forEach((input, i) => {
      const expected = Math.fround(Math[name](input));
      if (!Number.isFinite(expected)) expect([input, got[i]]).toEqual([input, expected]);
      else
        expect(Math.abs(got[i]! - expected), `at ${input}`).toBeLessThanOrEqual(
          1e-5 * (Math.abs(expected) + 1),
        );
    });
  });

  test('small results keep their digits where a formula would lose them', async () => {
    const small = Float32Array.of(1e-6, -3e-5, 2e-3);
    const x = { handle: backend!.upload(small), shape: [3] };
    const y = backend!.unary('tanh', x, []);
    const got = await backend!.read(y);
    for (const handle of [x.handle, y]) backend!.free(handle);
    small.forEach((input, i) => {
      expect(Math.abs(got[i]! / Math.tanh(input) - 1), `tanh(${input})`).toBeLessThan(1e-5);
    });
  });

  test('a tensor with one number that is not finite is found among others', async () => {
    const sound = tensor(new Float32Array(999).fill(3e38), [333, 3]);
    const lost = [nan, infinity, -infinity].map((special) => {
      const data = new Float32Array(999);
      data[500] = special;
      return tensor(data, [333, 3]);
    });
    expect(await firstNonFinite([['sound', sound]])).toBeUndefined();
    for (const one of lost)
      expect(
        await firstNonFinite([
          ['sound', sound],
          ['lost', one],
        ]),
      ).toBe('lost');
  });

  test('the logarithm of 0 is named where it was made, not taken for -88', async () => {
    const x = tensor([1, 0, 2]);
    x.requiresGrad = true;
    const step = () => {
      const y = sum(mul(log(x), 0.5));
      y.backward();
      return y;
    };
    await expect(detectAnomaly(step)).rejects.toThrow(/first not finite: the output of log/);
    await expect(detectAnomaly(step)).rejects.toThrow(AnomalyError);
  });
});
