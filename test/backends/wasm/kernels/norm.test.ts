// tdBN's kernels against f64. Everything is drawn, so each tolerance is what rounding can do at most: u = 2^-24 for
// every operation, relative to the sizes of what it works on (sums.ts), and n·u for a sum of n numbers.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';

const UNTOUCHED = -77.25;
const u = 2 ** -24;

const images = fc.record({
  T: fc.integer({ min: 1, max: 4 }),
  H: fc.integer({ min: 1, max: 5 }),
  W: fc.integer({ min: 1, max: 6 }),
  C: fc.constantFrom(1, 2, 3, 4, 7, 8, 12, 16, 24, 37),
  gap: fc.constantFrom(0, 3),
  seed: fc.integer(),
});

function closeTo(got: number, expected: number, allowed: number): void {
  if (!(Math.abs(got - expected) <= allowed)) expect.fail(`${got} instead of ${expected} ± ${allowed}`);
}

for (const flavour of flavours) {
  describe(`norm kernels, ${flavour} SIMD`, () => {
    const memory = kernelMemory(flavour, 4096);

    /** Memory with numbers in it, planes `pitch` floats apart. */
    function setting(s: { T: number; H: number; W: number; C: number; gap: number; seed: number }) {
      const random = new Random(s.seed);
      const pixels = s.H * s.W;
      const pitch = pixels * s.C + s.gap;
      const numbers = (count: number, mean = 0) =>
        Float32Array.from({ length: count }, () => random.normal(mean, 1));
      const output = (count: number) => memory.floats(new Float32Array(count + 64).fill(UNTOUCHED));
      const isUntouchedAfter = (at: number, count: number) =>
        memory.f32(at + 4 * count, 64).every((value) => value === UNTOUCHED);
      const doubles = (at: number, count: number) => new Float64Array(memory.f32(at, 1).buffer, at, count);
      return { ...s, memory, random, pixels, pitch, numbers, output, isUntouchedAfter, doubles };
    }

    test('sums per channel are those of f64, whatever lies between the planes', () => {
      fc.assert(
        fc.property(images, (s) => {
          const { memory, T, C, pixels, pitch, numbers, doubles } = setting(s);
          const [dx, y] = [numbers(T * pitch), numbers(T * pitch, 3)];
          const pivot = numbers(C, 3);
          const [dxAt, yAt, pivotAt] = [memory.floats(dx), memory.floats(y), memory.floats(pivot)];
          const sums = memory.alloc(C * 32);
          doubles(sums, 4 * C).fill(1);
          memory.kernels.channelSums!(yAt, 4 * pitch, T, pixels, C, pivotAt, sums);
          memory.call('gradientSums', {
            ...{ dx: dxAt, dxPitch: 4 * pitch, y: yAt, yPitch: 4 * pitch, T, pixels, run: s.W, C },
            ...{ mean: pivotAt, sums: sums + C * 16 },
          });
          for (let c = 0; c < C; c++) {
            const expected = [1, 1, 1, 1];
            const sizes = [0, 0, 0, 0];
            for (let t = 0; t < T; t++) {
              for (let i = 0; i < pixels; i++) {
                const at = t * pitch + i * C + c;
                const d = y[at]! - pivot[c]!;
                [d, d * d, dx[at]!, dx[at]! * d].forEach((term, which) => {
                  expected[which]! += term;
                  sizes[which]! += Math.abs(term);
                });
              }
            }
            // each plane's pixels, or each row's of all steps, in f32, and before them y - pivot, twice in d²
            const terms = Math.max(pixels, T * s.W);
            expected.forEach((sum, which) => {
              closeTo(doubles(sums, 4 * C)[which * C + c]!, sum, (terms + 2) * u * sizes[which]!);
            });
          }
        }),
        { numRuns: 60 },
      );
    });

    test('a sum over many pixels keeps its digits', () => {
      const random = new Random(1);
      const pixels = 100_003;
      const y = Float32Array.from({ length: pixels * 16 }, () => random.uniform(0, 2));
      const sums = memory.alloc(256);
      const zeros = memory.alloc(64);
      memory.kernels.channelSums!(memory.floats(y), 0, 1, pixels, 16, zeros, sums);
      for (let c = 0; c < 16; c++) {
        let sum = 0;
        for (let i = c; i < y.length; i += 16) sum += y[i]!;
        // always the same numbers: no draw can break this
        closeTo(new Float64Array(memory.f32(sums, 1).buffer, sums, 16)[c]!, sum, 1e-7 * sum);
      }
    });

    test('batch statistics, the affine, running statistics and gradients follow from the sums', () => {
      fc.assert(
        fc.property(images, fc.integer({ min: 1, max: 3 }), (s, parts) => {
          const { memory, T, C, pixels, pitch, numbers, random } = setting(s);
          const M = T * pixels * parts;
          fc.pre(M > 3);
          const y = Array.from({ length: parts }, () => numbers(T * pitch, 5));
          const dx = y.map(() => numbers(T * pitch));
          const [weight, bias, runningMean] = [numbers(C, 1), numbers(C), numbers(C)];
          const runningVariance = numbers(C).map(Math.abs);
          const [scale, epsilon, momentum] = [random.uniform(0.3, 1), 1e-5, random.uniform(0, 1)];
          const partBytes = memory.kernels.batchPartBytes!(C) + 64;
          const place = (data: ArrayLike<number>) => memory.floats(data);
          const at = {
            parts: memory.alloc(parts * partBytes),
            weight: place(weight),
            bias: place(bias),
            mean: place(new Float32Array(C)),
            inverse: place(new Float32Array(C)),
            runningMean: place(runningMean),
            runningVariance: place(runningVariance),
            coef: place(new Float32Array(2 * C)),
            abd: place(new Float32Array(3 * C)),
            dWeight: place(new Float32Array(C)),
            dBias: place(new Float32Array(C)),
          };
          const yAt = y.map(place);
          const k = memory.kernels;
          yAt.forEach((p, i) => {
            k.batchSums!(p, 4 * pitch, T, pixels, C, at.parts + i * partBytes);
          });
          const given = { ...at, inverseDeviation: at.inverse, nParts: parts, partBytes, C, scale };
          memory.call('normCoefficients', { ...given, epsilon, momentum });
          memory.u8(at.parts, parts * partBytes).fill(0);
          yAt.forEach((p, i) => {
            memory.call('gradientSums', {
              ...{ dx: place(dx[i]!), dxPitch: 4 * pitch, y: p, yPitch: 4 * pitch, T, pixels, run: s.W, C },
              ...{ mean: at.mean, sums: at.parts + i * partBytes },
            });
          });
          memory.call('gradientCoefficients', { ...given, M });
          const got = (address: number, i: number) => memory.f32(address, 3 * C)[i]!;
          for (let c = 0; c < C; c++) {
            const column = (data: Float32Array[]) =>
              data.flatMap((part) =>
                Array.from({ length: T * pixels }, (_, i) => {
                  const t = Math.floor(i / pixels);
                  return part[t * pitch + (i % pixels) * C + c]!;
                }),
              );
            const [values, gradients] = [column(y), column(dx)];
            const size = (numbers: number[]) => numbers.reduce((sum, v) => sum + Math.abs(v), 0);
            const mean = values.reduce((sum, v) => sum + v, 0) / M;
            const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
            const inverse = 1 / Math.sqrt(squares / M + epsilon);
            // the kernels sum distances from each part's first value, in f32 over a plane
            const fromPivot = values.map((v, i) => v - y[Math.floor(i / (T * pixels))]![c]!);
            const spread = fromPivot.reduce((sum, d) => sum + d * d, 0);
            const meanError = ((pixels + 1) * u * size(fromPivot)) / M;
            // Σd² - (Σd)²/n and the distances of the parts' means: five sums of squares, each off by (pixels + 2)·u
            const squaresError = 5 * (pixels + 2) * u * (spread + squares);
            const inverseError = 0.5 * (squaresError / (squares + M * epsilon)) + 2 * u; // relative
            closeTo(got(at.mean, c), mean, meanError + u * Math.abs(mean));
            closeTo(got(at.inverse, c), inverse, inverseError * inverse);
            const a = weight[c]! * scale * inverse;
            const aError = (inverseError + u) * Math.abs(a);
            const b = bias[c]! - a * mean;
            const bError = aError * Math.abs(mean) + Math.abs(a) * meanError + u * Math.abs(b);
            closeTo(got(at.coef, c), a, aError);
            closeTo(got(at.coef, C + c), b, bError);
            const newMean = (1 - momentum) * runningMean[c]! + momentum * mean;
            closeTo(got(at.runningMean, c), newMean, meanError + u * Math.abs(newMean));
            const newVariance = (1 - momentum) * runningVariance[c]! + (momentum * squares) / (M - 1);
            closeTo(got(at.runningVariance, c), newVariance, squaresError / (M - 1) + u * newVariance);

            const G = gradients.reduce((sum, g) => sum + g, 0);
            const X = gradients.reduce((sum, g, i) => sum + g * (values[i]! - mean) * inverse, 0);
            const terms = Math.max(pixels, T * s.W);
            const GError = (terms + 1) * u * size(gradients);
            // y minus the mean, which is itself a rounded one
            const centred = size(gradients.map((g, i) => g * (values[i]! - mean)));
            const SError = (terms + 2) * u * centred + (meanError + u * Math.abs(mean)) * size(gradients);
            const XError = inverse * SError + (inverseError + u) * Math.abs(X);
            closeTo(got(at.dBias, c), G, GError);
            closeTo(got(at.dWeight, c), scale * X, scale * (XError + u * Math.abs(X)));
            values.forEach((v, i) => {
              const xHat = (v - mean) * inverse;
              const expected = a * (gradients[i]! - (G + xHat * X) / M);
              const dy = got(at.abd, c) * gradients[i]! + got(at.abd, C + c) * v + got(at.abd, 2 * C + c);
              const B = Math.abs(a * inverse * X) / M;
              const allowed =
                (aError + u * Math.abs(a)) * Math.abs(gradients[i]!) +
                (Math.abs(a) * (GError + Math.abs(xHat) * XError)) / M +
                (3 * inverseError * Math.abs(a) * (Math.abs(G) + Math.abs(xHat * X))) / M +
                // B·y - B·mean, both rounded
                B * (meanError + 3 * u * (Math.abs(v) + Math.abs(mean))) +
                (u * Math.abs(a * G)) / M;
              closeTo(dy, expected, allowed);
            });
          }
        }),
        { numRuns: 50 },
      );
    });

    test('evaluation normalises with the given statistics', () => {
      fc.assert(
        fc.property(images, (s) => {
          const { memory, T, C, pixels, pitch, numbers, output, isUntouchedAfter } = setting(s);
          const y = numbers(T * pitch);
          const [mean, weight, bias] = [numbers(C), numbers(C), numbers(C)];
          const variance = numbers(C).map((v) => 0.5 + Math.abs(v));
          const [scale, epsilon] = [0.4, 1e-3];
          const coef = memory.floats(new Float32Array(2 * C));
          memory.kernels.evaluationCoefficients!(
            ...[mean, variance, weight, bias].map(memory.floats),
            ...[scale, epsilon, C, coef],
          );
          const outPitch = pixels * C;
          const out = output(T * outPitch);
          memory.kernels.affine!(memory.floats(y), 4 * pitch, T, pixels, C, coef, out, 4 * outPitch);
          for (let i = 0; i < T * outPitch; i++) {
            const c = i % C;
            const value = y[Math.floor(i / outPitch) * pitch + (i % outPitch)]!;
            const expected =
              (weight[c]! * scale * (value - mean[c]!)) / Math.sqrt(variance[c]! + epsilon) + bias[c]!;
            // a, b and a·y + b are rounded, b after a·mean
            const deviation = Math.sqrt(variance[c]! + epsilon);
            const size = (weight[c]! * scale * (Math.abs(value) + Math.abs(mean[c]!))) / deviation;
            closeTo(
              memory.f32(out, T * outPitch)[i]!,
              expected,
              4 * u * (Math.abs(size) + Math.abs(bias[c]!)),
            );
          }
          expect(isUntouchedAfter(out, T * outPitch)).toBe(true);
        }),
        { numRuns: 50 },
      );
    });

    test('the backward affine is the same into plain and into padded planes, with zeros all around', () => {
      fc.assert(
        fc.property(images, fc.boolean(), (s, oneFrame) => {
          const { memory, T, H, W, C, pixels, pitch, numbers, output, isUntouchedAfter } = setting(s);
          const [PH, PW] = [4 * Math.ceil(H / 4) + 2, 4 * Math.ceil(W / 4) + 2];
          const padPitch = PH * PW * C + s.gap;
          const [dx, y, abd] = [numbers(T * pitch), numbers(T * pitch), numbers(3 * C)];
          const [dxAt, yAt, abdAt] = [dx, y, abd].map(memory.floats) as [number, number, number];
          const yPitch = oneFrame ? 0 : pitch;
          const plain = output(T * pitch);
          const padded = output(T * padPitch);
          const copied = output(T * padPitch);
          const [sizes, outPitch] = [{ T, H, W, C, pixels, PH, PW }, 4 * padPitch];
          const given = { ...sizes, dx: dxAt, dxPitch: 4 * pitch, y: yAt, yPitch: 4 * yPitch, abd: abdAt };
          memory.call('affine2', { ...given, out: plain, outPitch: 4 * pitch });
          memory.call('affine2Padded', { ...given, out: padded, outPitch });
          memory.call('padPlanes', { ...sizes, x: plain, xPitch: 4 * pitch, out: copied, outPitch });
          const [inPadded, inCopied] = [memory.f32(padded, T * padPitch), memory.f32(copied, T * padPitch)];
          for (let t = 0; t < T; t++) {
            for (let i = 0; i < pixels * C; i++) {
              const c = i % C;
              const terms = [abd[c]! * dx[t * pitch + i]!, abd[C + c]! * y[t * yPitch + i]!, abd[2 * C + c]!];
              const [expected, size] = [(x: number) => x, Math.abs].map((of) =>
                terms.reduce((sum, term) => sum + of(term), 0),
              ) as [number, number];
              closeTo(memory.f32(plain, T * pitch)[t * pitch + i]!, expected, 3.01 * u * size);
            }
            for (let i = 0; i < PH * PW * C; i++) {
              const [row, column] = [Math.floor(i / (PW * C)) - 1, (Math.floor(i / C) % PW) - 1];
              const isImage = row >= 0 && row < H && column >= 0 && column < W;
              const inner = t * pitch + (row * W + column) * C + (i % C);
              const expected = isImage ? memory.f32(plain, T * pitch)[inner]! : 0;
              closeTo(inPadded[t * padPitch + i]!, expected, 0);
              closeTo(inCopied[t * padPitch + i]!, expected, 0);
            }
          }
          expect(isUntouchedAfter(plain, T * pitch)).toBe(true);
          expect(isUntouchedAfter(padded, T * padPitch)).toBe(true);
        }),
        { numRuns: 50 },
      );
    });

    test('planes add up over time; a vector spreads over its pixels', () => {
      fc.assert(
        fc.property(images, (s) => {
          const { memory, T, C, pixels, pitch, numbers, output, isUntouchedAfter } = setting(s);
          const x = numbers(T * pitch);
          const xAt = memory.floats(x);
          const n = pixels * C;
          const [sum, out] = [output(n), output(T * n)];
          memory.kernels.sumOverTime!(xAt, 4 * pitch, T, n, sum);
          memory.kernels.perPixel!(xAt, 4 * pitch, T, pixels, C, 0.75, out, 4 * n);
          for (let i = 0; i < n; i++) {
            let [expected, size] = [0, 0];
            for (let t = 0; t < T; t++) {
              expected += x[t * pitch + i]!;
              size += Math.abs(x[t * pitch + i]!);
              expect(memory.f32(out, T * n)[t * n + i]).toBe(Math.fround(0.75 * x[t * pitch + (i % C)]!));
            }
            closeTo(memory.f32(sum, n)[i]!, expected, T * u * size);
          }
          expect(isUntouchedAfter(sum, n)).toBe(true);
          expect(isUntouchedAfter(out, T * n)).toBe(true);
        }),
        { numRuns: 50 },
      );
    });
  });
}
