// The input gradient at stride 2 against f64 loops over the forward convolution's pixels, for any image size.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { fenced, numbers, relativeError } from './matrix';

interface Shape {
  readonly T: number;
  readonly H: number;
  readonly W: number;
  readonly cin: number;
  readonly cout: number;
  readonly seed: number;
}

/** dx of one plane: each output pixel's gradient goes back through its nine taps. */
function reference(dy: Float32Array, w: Float32Array, { H, W, cin, cout }: Shape): Float64Array {
  const [OH, OW] = [Math.ceil(H / 2), Math.ceil(W / 2)];
  const dx = new Float64Array(H * W * cin);
  for (let oy = 0; oy < OH; oy++)
    for (let ox = 0; ox < OW; ox++)
      for (let ky = 0; ky < 3; ky++)
        for (let kx = 0; kx < 3; kx++) {
          const [y, x] = [2 * oy - 1 + ky, 2 * ox - 1 + kx];
          if (y < 0 || y >= H || x < 0 || x >= W) continue;
          for (let n = 0; n < cin; n++)
            for (let k = 0; k < cout; k++)
              dx[(y * W + x) * cin + n]! +=
                dy[(oy * OW + ox) * cout + k]! * w[((ky * 3 + kx) * cin + n) * cout + k]!;
        }
  return dx;
}

const ways = flavours.flatMap((flavour) =>
  (['direct', 'Winograd'] as const).map((way) => ({ flavour, way })),
);

describe.each(ways)('input gradient at stride 2 ($way, $flavour)', ({ flavour, way }) => {
  const memory = kernelMemory(flavour);
  function worstError(shape: Shape): number {
    const { T, H, W, cin, cout, seed } = shape;
    const kernels = memory.kernels;
    const random = new Random(seed);
    const [OH, OW] = [Math.ceil(H / 2), Math.ceil(W / 2)];
    const [padHeight, padWidth] = [4 * Math.ceil(OH / 4) + 2, 4 * Math.ceil(OW / 4) + 2];
    const pitch = padHeight * padWidth * cout + 16;
    const gap = 24;
    const dy = numbers(random, T * OH * OW * cout);
    const padded = new Float32Array(T * pitch);
    for (let t = 0; t < T; t++)
      for (let y = 0; y < OH; y++) {
        const row = dy.subarray((t * OH + y) * OW * cout, (t * OH + y + 1) * OW * cout);
        padded.set(row, t * pitch + ((y + 1) * padWidth + 1) * cout);
      }
    const w = numbers(random, 9 * cin * cout);
    const [planes, weights] = [memory.floats(padded), memory.floats(w)];
    const out = fenced(memory, new Float32Array(T * (H * W * cin + gap)).fill(5));
    const bytes = (count: number) => fenced(memory, new Float32Array(count / 4).fill(Number.NaN));
    const geometry = [planes, pitch * 4, T, OH, OW, H, W, cout, cin];
    const outPitch = (H * W * cin + gap) * 4;
    if (way === 'direct') {
      const panels = bytes(kernels.stridedWeightBytes!(cin, cout));
      kernels.stridedWeights!(weights, cin, cout, panels.at);
      panels.expectFence();
      kernels.stridedInputGradient!(...geometry, panels.at, out.at, outPitch);
    } else {
      const u = bytes(kernels.stridedWinogradWeightBytes!(cin, cout));
      const scratch = bytes(kernels.stridedWinogradScratchBytes!(cin, cout));
      kernels.stridedWinogradWeights!(weights, cin, cout, u.at, scratch.at);
      kernels.stridedWinogradGradient!(...geometry, u.at, out.at, outPitch, scratch.at);
      for (const region of [u, scratch]) region.expectFence();
    }
    out.expectFence();
    let worst = 0;
    for (let t = 0; t < T; t++) {
      const begin = t * (H * W * cin + gap);
      const expected = reference(dy.subarray(t * OH * OW * cout, (t + 1) * OH * OW * cout), w, shape);
      const got = out.values().subarray(begin, begin + H * W * cin + gap);
      worst = Math.max(worst, relativeError(got, expected));
      expect(got.subarray(H * W * cin).every((x) => x === 5)).toBe(true);
    }
    return worst;
  }

  test('equals the adjoint of the convolution, for any image', () => {
    fc.assert(
      fc.property(
        fc.record({
          T: fc.integer({ min: 1, max: 3 }),
          H: fc.integer({ min: 1, max: 19 }),
          W: fc.integer({ min: 1, max: 19 }),
          cin: fc.constantFrom(8, 16, 24),
          cout: fc.constantFrom(8, 16, 24),
          seed: fc.nat(),
        }),
        (shape) => {
          expect(worstError(shape)).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('large images and many channels stay within 1e-5', () => {
    expect(worstError({ T: 1, H: 7, W: 301, cin: 8, cout: 16, seed: 1 })).toBeLessThan(1e-5);
    expect(worstError({ T: 2, H: 8, W: 8, cin: 32, cout: 256, seed: 2 })).toBeLessThan(1e-5);
  });

  test('Winograd pays for full tiles', () => {
    const pays = memory.kernels.stridedWinogradPays!;
    for (const size of [4, 7, 8, 16]) expect(pays(size, size)).toBe(1);
    for (const size of [1, 2, 3, 5, 6]) expect(pays(size, size)).toBe(0);
  });
});
