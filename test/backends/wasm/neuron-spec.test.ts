import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NeuronSpec } from '../../../src/backends/backend';
import { fitReciprocal } from '../../../src/backends/wasm/neuron/reciprocal-fit';
import { neuronConstants } from '../../../src/backends/wasm/neuron/spec';
import { customSurrogate, rectangular } from '../../../src/neurons';
import { firstFloat, floatBefore } from '../../../src/neurons/graph/float-search';
import { type LifOptions, neuronOf } from '../../../src/snn/options';
import { mpr } from '../../../src/snn/rectifier';

const specOf = (options: LifOptions) => neuronOf('test', options) as NeuronSpec;
const floatAfter = (x: number) => firstFloat((v) => v > x)!;

/** The centre need not be the threshold: then φ may never reach it, or always. */
const windowed = fc
  .record({
    vth: fc.double({ min: -0.4, max: 1.5, noNaN: true }),
    k: fc.constantFrom(undefined, 1, 3, 7),
    centre: fc.constantFrom(0.5, 1),
    window: fc.double({ min: 0.1, max: 3, noNaN: true }),
  })
  .map(({ vth, k, centre, window }) =>
    specOf({
      vth,
      vReset: -1,
      rectifier: k === undefined ? null : mpr({ k, centre }),
      surrogate: rectangular({ window }),
    }),
  );

describe('constants of a neuron for the kernels', () => {
  test('H >= fire and low < H < high decide as φ does, also at the last bit', () => {
    fc.assert(
      fc.property(windowed, fc.float({ noNaN: true, noDefaultInfinity: true }), (spec, anywhere) => {
        const [fire, low, high] = neuronConstants(spec)!.slice(2, 5) as unknown as [number, number, number];
        const rectify = (h: number) => spec.rectifier?.value(h) ?? h;
        const edges = [fire, low, high].filter(Number.isFinite);
        const near = edges.flatMap((edge) => [floatBefore(edge), edge, floatAfter(edge)]);
        for (const h of [anywhere, 0, -0, 1, 1e30, -1e30, ...near]) {
          expect(h >= fire).toBe(rectify(h) >= spec.vth);
          expect(low < h && h < high).toBe(spec.surrogate.derivative(rectify(h) - spec.vth) !== 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a threshold beyond the rectifier gives a neuron that never fires', () => {
    const spec = specOf({ vth: 1.2, rectifier: mpr({ k: 7, centre: 0.5 }) });
    expect(neuronConstants(spec)![2]).toBeNaN();
  });

  test('what the kernels do not know has no constants', () => {
    const surrogate = customSurrogate({ name: 'own', integral: 1, value: (u) => u, derivative: () => 1 });
    const rectifier = { name: 'own', parameters: {}, value: (x: number) => x, derivative: () => 1 };
    expect(neuronConstants(specOf({ surrogate }))).toBeUndefined();
    expect(neuronConstants(specOf({ rectifier }))).toBeUndefined();
    expect(neuronConstants(specOf({ dynamics: 'paper', tau: 0 }))).toBeUndefined();
    expect(neuronConstants(specOf({}))).toBeDefined();
  });

  test('MPR divides by a polynomial, a steeper one by its square, a very steep one takes the exponential', () => {
    const slopeOf = (k: number) => neuronConstants(specOf({ rectifier: mpr({ k }) }))![8];
    expect([1, 2, 3].map(slopeOf)).toEqual([0, 0, 0]);
    expect([4, 5].map(slopeOf)).toEqual([6, 6]);
    expect([7, 20].map(slopeOf)).toEqual([1, 1]);
  });
});

describe('searching the f32 numbers', () => {
  test('the first number above any number is its neighbour, and the one before leads back', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const after = floatAfter(x);
        expect(after).toBeGreaterThan(x);
        expect(Math.fround((x + after) / 2) === x || Math.fround((x + after) / 2) === after).toBe(true);
        expect(floatBefore(after) === x).toBe(true);
      }),
    );
  });

  test('a condition that never holds has no first number; one that always holds begins at -Infinity', () => {
    expect(firstFloat(() => false)).toBeUndefined();
    expect(firstFloat(() => true)).toBe(Number.NEGATIVE_INFINITY);
  });
});

test('a fit keeps its tolerance wherever it is given', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 4, noNaN: true }),
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (k, reach, share) => {
        const f = (w: number) => Math.cosh(k * Math.sqrt(w)) ** 2;
        const fit = fitReciprocal(f, reach ** 2, 1e-5);
        fc.pre(fit !== undefined);
        const [shift, alpha, beta, delta, gamma, numerator] = fit!;
        const d = Math.fround(share * reach);
        const t = Math.fround(d * d + shift);
        const value = (((t * t + alpha) * t * t + beta) * (t + delta) + gamma) / numerator;
        expect(Math.abs(value / f(d * d) - 1)).toBeLessThan(1.2e-5);
      },
    ),
  );
});
