// The input gradient of 2x2 pixels in nine products against f64 loops, nothing written outside.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { fenced, numbers } from './matrix';
import { largestError, Sums } from './sums';

/** dx[plane][2][2][cin]: pixel o of dy reaches pixel i through tap i - o + 1, down and across. */
function reference(dy: Float32Array, w: Float32Array, planes: number, cin: number, cout: number): Sums {
  const dx = new Sums(planes * 4 * cin);
  for (let p = 0; p < planes; p++)
    for (let i = 0; i < 4; i++)
      for (let o = 0; o < 4; o++) {
        const tap = 3 * ((i >> 1) - (o >> 1) + 1) + (i & 1) - (o & 1) + 1;
        for (let n = 0; n < cin; n++)
          for (let k = 0; k < cout; k++) {
            const term = dy[(p * 4 + o) * cout + k]! * w[(tap * cin + n) * cout + k]!;
            dx.add((p * 4 + i) * cin + n, term);
          }
      }
  return dx;
}

describe.each(flavours)('input gradient of 2x2 pixels (%s)', (flavour) => {
  const memory = kernelMemory(flavour);
  const shapes = fc.record({
    T: fc.integer({ min: 1, max: 5 }),
    images: fc.integer({ min: 1, max: 9 }),
    cin: fc.constantFrom(8, 16, 24),
    cout: fc.constantFrom(8, 16, 24),
    seed: fc.nat(),
  });

  test('equals plain loops, inside padded planes and in parts', () => {
    fc.assert(
      fc.property(shapes, ({ T, images, cin, cout, seed }) => {
        const k = memory.kernels;
        const random = new Random(seed);
        const planes = T * images;
        const dy = numbers(random, planes * 4 * cout);
        const w = numbers(random, 9 * cin * cout);
        const padded = new Float32Array(planes * 36 * cout);
        for (let o = 0; o < planes * 4; o++) {
          const at = (o >> 2) * 36 + (1 + ((o >> 1) & 1)) * 6 + 1 + (o & 1);
          padded.set(dy.subarray(o * cout, (o + 1) * cout), at * cout);
        }
        const pixel = cout * 4;
        const [from, weights] = [memory.floats(padded) + 7 * pixel, memory.floats(w)];
        const vPlane = k.pairPlane!(planes, cout);
        const v = fenced(memory, new Float32Array((9 * vPlane) / 4).fill(Number.NaN));
        for (let n = 0; n < images; n++) {
          const image = from + n * 36 * pixel;
          const to = [v.at + n * pixel, images * pixel, vPlane];
          k.pairFactors!(image, images * 36 * pixel, 6 * pixel, T, cout, ...to);
        }
        const out = fenced(memory, new Float32Array(planes * 4 * cin).fill(Number.NaN));
        const scratch = fenced(memory, new Float32Array(k.pairScratchBytes!(cout) / 4).fill(Number.NaN));
        for (const [first, end] of [
          [0, 8],
          [8, cin],
        ] as const) {
          const to = { first, end, out: out.at, outPitch: 4 * cin * 4, scratch: scratch.at };
          memory.call('pairGradientPart', { v: v.at, T: planes, H: 2, W: 2, cout, cin, w: weights, ...to });
        }
        for (const region of [v, out, scratch]) region.expectFence();
        // a number is four sums of cout products of factors of four terms each: 4 times its own terms, rounded this
        // often
        const bound = 4 * (cout + 7) * 2 ** -24;
        expect(largestError(out.values(), reference(dy, w, planes, cin, cout))).toBeLessThan(bound);
      }),
      { numRuns: 60 },
    );
  });
});
