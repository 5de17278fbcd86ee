// Surrogates as formulas: what SpikingJelly and snnTorch compute, the derivative that is their primitive's slope, the
// integral that they state, the bits that they had as functions of JavaScript, and surrogates and rectifiers of one's
// own as texts.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  customRectifier,
  customSurrogate,
  EquationError,
  init,
  lif,
  type Surrogate,
  sum,
  tensor,
} from '../../src';
import { exp } from '../../src/mathematics';
import { formulaIn } from '../../src/neurons';
import { valuesOf } from '../../src/neurons/numbers/callable';
import * as all from '../../src/neurons/surrogates';

interface Case {
  readonly peer: string;
  readonly ours: string;
  readonly options: Record<string, number>;
  readonly derivative: number[];
  readonly value?: number[];
  /** What the peer's primitive is higher by. */
  readonly shift?: number;
  readonly tolerance?: number;
}

const { u, cases } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'vectors/surrogates.json'), 'utf8'),
) as { u: number[]; cases: Case[] };

type Maker = (options?: Record<string, number>) => Surrogate;
const { customSurrogate: _, ...makers } = all as unknown as Record<string, Maker>;

describe('each deterministic surrogate of SpikingJelly 2.0 and snnTorch 1.0', () => {
  test('has one here', () => {
    expect(Object.keys(makers)).toEqual(expect.arrayContaining(cases.map(({ ours }) => ours)));
  });

  test.each(cases.map((entry) => [entry.peer, entry] as const))('%s', (_peer, entry) => {
    const surrogate = makers[entry.ours]!(entry.options);
    for (const [i, at] of u.entries()) {
      const theirs = entry.derivative[i]!;
      const near = 1e-12 * Math.max(1, Math.abs(theirs));
      expect(Math.abs(surrogate.derivative(at) - theirs), `derivative at ${at}`).toBeLessThan(near);
      if (entry.value === undefined || at < (entry.tolerance ? -1 : Number.NEGATIVE_INFINITY)) continue;
      const value = surrogate.value(at) + (entry.shift ?? 0);
      expect(Math.abs(value - entry.value[i]!), `value at ${at}`).toBeLessThan(entry.tolerance ?? 1e-12);
    }
  });
});

/** Draws with a seed, so that no corner is met twice differently. */
const drawn = Array.from({ length: 400 }, (_value, i) => Math.tan(3 * Math.sin(i * i + 0.3)) * 1.7);

const examples: readonly (readonly [string, Surrogate])[] = Object.entries(makers).flatMap(([name, make]) => [
  [name, make()] as const,
  [`${name} with a scale`, make({ scale: 0.37 })] as const,
]);

describe.each(examples)('%s', (_name, surrogate) => {
  test('has the slope of its primitive', () => {
    for (const at of drawn) {
      const step = 1e-6 * Math.max(1, Math.abs(at));
      const { value, derivative } = surrogate;
      const [left, right] = [derivative(at - step), derivative(at + step)];
      const slope = (value(at + step) - value(at - step)) / (2 * step);
      // between the slopes on both sides, and to the digits that differences have
      const room =
        1e-8 * (1 + Math.abs(slope) + Math.abs(value(at)) / step / 1e4) + 1e-4 * Math.abs(right - left);
      const isBetween = slope >= Math.min(left, right) - room && slope <= Math.max(left, right) + room;
      expect(isBetween, `at ${at} ${slope}, not between ${left} and ${right}`).toBe(true);
    }
  });

  test('climbs by its integral', () => {
    const { integral, value } = surrogate;
    if (Number.isFinite(integral)) expect(value(2 ** 60) - value(-(2 ** 60))).toBeCloseTo(integral, 8);
    else if (integral === Number.POSITIVE_INFINITY)
      expect(value(2 ** 60) - value(-(2 ** 60))).toBeGreaterThan(value(2 ** 30) - value(-(2 ** 30)));
  });

  test('is a formula, and the same for many numbers at once', () => {
    expect(formulaIn(surrogate)).toBeDefined();
    const out = new Float64Array(drawn.length);
    valuesOf(surrogate.derivative, Float64Array.from(drawn), out);
    expect([...out]).toEqual(drawn.map((at) => surrogate.derivative(at)));
  });
});

test('those that never climb for good have no integral', () => {
  expect(all.squareWave().integral).toBeNaN();
  expect(all.twoSlopes({ below: 1, above: -1 }).integral).toBeNaN();
});

describe('the surrogates that were functions of JavaScript', () => {
  /** As they were written; `a` is the width or the steepness. */
  const former: Record<string, (a: number) => [option: string, value: typeof exp, derivative: typeof exp]> = {
    rectangular: (a) => [
      'window',
      (x) => Math.min(1, Math.max(0, x / a + 0.5)),
      (x) => (Math.abs(x) < a / 2 ? 1 / a : 0),
    ],
    triangular: (a) => [
      'width',
      (x) => {
        const side = Math.max(0, 1 - Math.abs(x) / a);
        return x < 0 ? (side * side) / 2 : 1 - (side * side) / 2;
      },
      (x) => Math.max(0, 1 - Math.abs(x) / a) / a,
    ],
    sigmoidal: (a) => [
      'alpha',
      (x) => 1 / (1 + exp(-a * x)),
      (x) => {
        const decay = exp(-Math.abs(a * x));
        return (a * decay) / ((1 + decay) * (1 + decay));
      },
    ],
    arctan: (a) => [
      'alpha',
      (x) => Math.atan((Math.PI / 2) * a * x) / Math.PI + 0.5,
      (x) => {
        const slope = (Math.PI / 2) * a * x;
        return a / 2 / (1 + slope * slope);
      },
    ],
    fastSigmoid: (a) => [
      'beta',
      (x) => x / (1 + a * Math.abs(x)),
      (x) => {
        const root = 1 + a * Math.abs(x);
        return 1 / (root * root);
      },
    ],
  };
  const special = [0, -0, 0.5, -0.5, 1, -1, 1e-310, -1e-310, 1e300, -1e300, Infinity, -Infinity, NaN];

  test.each(Object.entries(former))('%s has the bits that it had', (name, make) => {
    for (const a of [0.3, 1, 2, 7.7])
      for (const scale of [1, 0.37]) {
        const [option, value, derivative] = make(a);
        const now = makers[name]!({ [option]: a, scale });
        const at = [...drawn, ...special];
        expect(at.map(now.value)).toEqual(at.map((x) => scale * value(x)));
        expect(at.map(now.derivative)).toEqual(at.map((x) => scale * derivative(x)));
      }
  });
});

describe("one's own", () => {
  test('as texts is the same as the functions that it says', async () => {
    await init({ backend: 'cpu', precision: 'f64' });
    const parameters = { a: 1.5 };
    const texts = { value: '0.5 + tanh(a*u)/2', derivative: 'a/2*sech2(a*u)' };
    const mine = customSurrogate({ name: 'mine', integral: 1, parameters, ...texts });
    const byRule = customSurrogate({ name: 'mine', integral: 1, parameters, value: texts.value });
    const functions = customSurrogate({
      name: 'mine',
      integral: 1,
      value: (x) => 0.5 + Math.tanh(1.5 * x) / 2,
      derivative: (x) => 0.75 / Math.cosh(1.5 * x) ** 2,
    });
    expect([mine, byRule, functions].map((f) => formulaIn(f) !== undefined)).toEqual([true, true, false]);
    const bend = customRectifier({ name: 'bend', parameters: { b: 0.2 }, value: 'x + b*x^3' });
    const bent = customRectifier({
      name: 'bend',
      value: (x) => x + 0.2 * x ** 3,
      derivative: (x) => 1 + 0.6 * x * x,
    });
    const gradient = (surrogate: Surrogate, rectifier: typeof bend) => {
      const x = tensor(
        [
          [0.3, -0.2],
          [0.45, 0.9],
        ],
        undefined,
        { requiresGrad: true },
      );
      sum(lif(x, { surrogate, rectifier })).backward();
      return [...x.grad!.dataSync()];
    };
    const wanted = gradient(functions, bent);
    for (const found of [gradient(mine, bend), gradient(byRule, bend)])
      for (const [i, value] of found.entries()) expect(value).toBeCloseTo(wanted[i]!, 12);
  });

  const wrong: readonly (readonly [string, () => unknown, string])[] = [
    [
      'a name that is not known',
      () => customSurrogate({ name: 'm', integral: 1, parameters: { alpha: 2 }, value: 'tanh(alhpa*u)' }),
      'customSurrogate: line 1, column 6: alhpa is not known; did you mean alpha?',
    ],
    [
      'a derivative that breaks off',
      () => customSurrogate({ name: 'm', integral: 1, value: 'u', derivative: '1 +' }),
      'customSurrogate: line 1, column 4: expected a name, a number or (, got the end of the text',
    ],
    [
      'the variable of the other',
      () => customRectifier({ name: 'm', value: 'tanh(u)' }),
      'customRectifier: line 1, column 6: u is not known',
    ],
  ];
  test.each(wrong)('points at %s', (_what, make, message) => {
    expect(make).toThrow(EquationError);
    expect(make).toThrow(message);
  });

  test('is refused where text and function are mixed, or a half is missing', () => {
    const own = { name: 'm', integral: 1 };
    const half = (x: number): number => x;
    expect(() => customSurrogate({ ...own, value: 'u', derivative: half })).toThrow(
      'customSurrogate: value is a text, so derivative is one too, or left out',
    );
    expect(() => customSurrogate({ ...own, value: half, derivative: '1' })).toThrow(
      'customSurrogate: value is a function, so derivative is one too; or give both as texts',
    );
    expect(() => customSurrogate({ ...own, value: half })).toThrow('needs derivative, a function of u');
    expect(() => customRectifier({ name: 'm', value: half })).toThrow('needs derivative, a function of x');
    expect(() => customSurrogate({ ...own, parameters: { u: 1 }, value: 'u' })).toThrow(/the parameter u/);
  });
});
