import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';

const UNTOUCHED = -77.25;
const special = [0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-40, -3e38];

const binaryFunctions: Record<number, (a: number, b: number) => number> = {
  0: (a, b) => a + b,
  1: (a, b) => a - b,
  2: (a, b) => a * b,
  3: (a, b) => a / b,
  5: Math.max,
  6: Math.min,
  7: (a, b) => Number(a === b),
  8: (a, b) => Number(a !== b),
  9: (a, b) => Number(a < b),
  10: (a, b) => Number(a <= b),
  11: (a, b) => Number(a > b),
  12: (a, b) => Number(a >= b),
};

const exactUnary: Record<number, (x: number) => number> = {
  0: (x) => -x,
  3: Math.sqrt,
  6: (x) => (x > 0 || Number.isNaN(x) ? x : 0),
  7: Math.abs,
  8: Math.sign,
  10: (x) => (x < -0.5 ? -0.5 : x > 1.25 ? 1.25 : x),
};

const value = fc.oneof({ weight: 3, arbitrary: fc.float({ min: -3, max: 3 }) }, fc.constantFrom(...special));

for (const flavour of flavours) {
  describe(`elementwise kernels, ${flavour} SIMD`, () => {
    const memory = kernelMemory(flavour, 64);
    const [aAt, bAt, outAt] = [memory.alloc(4096), memory.alloc(4096), memory.alloc(4096)];
    const output = (n: number) => memory.f32(outAt, n);
    const prepare = () => output(1024).fill(UNTOUCHED);
    const isUntouchedAfter = (n: number) => memory.f32(outAt + 4 * n, 64).every((v) => v === UNTOUCHED);

    test.each(Object.keys(binaryFunctions).map(Number))('binary operator %i is that of f64 rounded', (op) => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 23 }),
          fc.boolean(),
          fc.boolean(),
          (pairs, scalarA, scalarB) => {
            const [a, b] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
            memory.f32(aAt, a.length).set(a);
            memory.f32(bAt, b.length).set(b);
            prepare();
            memory.kernels.binary!(op, aAt, scalarA ? 0 : 1, bAt, scalarB ? 0 : 1, a.length, outAt);
            a.forEach((_, i) => {
              const x = Math.fround(a[scalarA ? 0 : i]!);
              const y = Math.fround(b[scalarB ? 0 : i]!);
              expect(output(a.length)[i]).toBe(Math.fround(binaryFunctions[op]!(x, y)));
            });
            expect(isUntouchedAfter(a.length)).toBe(true);
          },
        ),
      );
    });

    test.each(Object.keys(exactUnary).map(Number))('unary operator %i is that of f64 rounded', (op) => {
      fc.assert(
        fc.property(fc.array(value, { minLength: 1, maxLength: 23 }), (x) => {
          memory.f32(aAt, x.length).set(x);
          prepare();
          memory.kernels.unary!(op, aAt, x.length, -0.5, 1.25, outAt);
          const expected = x.map((v) => Math.fround(exactUnary[op]!(Math.fround(v))));
          expect([...output(x.length)]).toEqual(expected);
          expect(isUntouchedAfter(x.length)).toBe(true);
        }),
      );
    });

    test.each([
      ['exp', 1, Math.exp],
      ['tanh', 4, Math.tanh],
      ['sigmoid', 5, (x: number) => 1 / (1 + Math.exp(-x))],
    ] as const)('%s is within 2.5e-7 of its value, relatively, from -120 to 120', (_, op, f) => {
      const random = new Random(3);
      const n = 1003;
      for (const reach of [0.01, 1, 10, 90, 120]) {
        const x = Float32Array.from({ length: n }, () => random.uniform(-reach, reach));
        memory.f32(aAt, n).set(x);
        memory.kernels.unary!(op, aAt, n, 0, 0, outAt);
        x.forEach((v, i) => {
          const expected = f(v);
          const got = output(n)[i]!;
          if (Math.fround(expected) === Number.POSITIVE_INFINITY) expect(got).toBe(Number.POSITIVE_INFINITY);
          else if (!(Math.abs(got - expected) <= 2.5e-7 * Math.abs(expected) + 2e-45))
            expect(got).toBe(expected);
        });
      }
    });

    test('exp, tanh and sigmoid pass NaN and have the right ends', () => {
      memory.f32(aAt, 4).set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]);
      const ends = (op: number) => {
        memory.kernels.unary!(op, aAt, 4, 0, 0, outAt);
        return [...output(4)];
      };
      expect(ends(1)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0, 1]);
      expect(ends(4)).toEqual([Number.NaN, 1, -1, 0]);
      expect(ends(5)).toEqual([Number.NaN, 1, 0, 0.5]);
    });

    test('a row meets every row', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 19 }),
          fc.integer(),
          (rows, C, seed) => {
            const random = new Random(seed);
            const x = Float32Array.from({ length: rows * C }, () => random.normal());
            const row = Float32Array.from({ length: C }, () => random.normal());
            memory.f32(aAt, x.length).set(x);
            memory.f32(bAt, C).set(row);
            prepare();
            memory.kernels.addRow!(aAt, rows, C, bAt, 1, outAt);
            x.forEach((v, i) => {
              expect(output(x.length)[i]).toBe(Math.fround(v - row[i % C]!));
            });
            expect(isUntouchedAfter(x.length)).toBe(true);
          },
        ),
      );
    });
  });
}
