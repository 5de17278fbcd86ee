// The input gradient at stride 2 against f64 loops over the forward convolution's pixels, for any image size.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { fenced, numbers } from './matrix';
import { expectSums, largestError, Sums } from './sums';

interface Shape {
  readonly T: number;
  readonly H: number;
  readonly W: number;
  readonly cin: number;
  readonly cout: number;
  readonly seed: number;
}

/** dx: each output pixel's gradient goes back through its nine taps; 5 in the gap behind each plane. */
function reference(dy: Float32Array, w: Float32Array, { T, H, W, cin, cout }: Shape, gap: number): Sums {
  const [OH, OW] = [Math.ceil(H / 2), Math.ceil(W / 2)];
  const [plane, from] = [H * W * cin + gap, OH * OW * cout];
  const dx = Sums.exactly(T * plane, 5);
  for (let t = 0; t < T; t++) {
    dx.clear(t * plane, t * plane + H * W * cin);
    for (let o = 0; o < OH * OW; o++)
      for (let tap = 0; tap < 9; tap++) {
        const y = 2 * Math.floor(o / OW) - 1 + Math.floor(tap / 3);
        const x = 2 * (o % OW) - 1 + (tap % 3);
        if (y < 0 || y >= H || x < 0 || x >= W) continue;
        for (let n = 0; n < cin; n++)
          for (let k = 0; k < cout; k++)
            dx.add(
              t * plane + (y * W + x) * cin + n,
              dy[t * from + o * cout + k]! * w[(tap * cin + n) * cout + k]!,
            );
      }
  }
  return dx;
}

/**
 * Of the largest sum of magnitudes. At the corner of a tile of F(4,2) at the points 0, ±1, 2, ∞ the numbers on the way,
 * |Aᵀ|(|G|·1 ∘ |Bᵀ|·1) in both directions, are 100 times the sum itself: so this is each of them rounded once and
 * all the same way. They are rounded more often and either way, which came to a fifth of this in 2000 draws.
 */
const WINOGRAD = 100 * 2 ** -24;

const ways = flavours.flatMap((flavour) =>
  (['direct', 'Winograd'] as const).map((way) => ({ flavour, way })),
);

describe.each(ways)('input gradient at stride 2 ($way, $flavour)', ({ flavour, way }) => {
  const memory = kernelMemory(flavour);
  function check(shape: Shape): void {
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
    const given = {
      ...{ dy: planes, dyPitch: pitch * 4, T, OH, OW, H, W, cout, cin },
      ...{ out: out.at, outPitch: (H * W * cin + gap) * 4 },
    };
    if (way === 'direct') {
      const panels = bytes(kernels.stridedWeightBytes!(cin, cout));
      kernels.stridedWeights!(weights, cin, cout, panels.at);
      panels.expectFence();
      memory.call('stridedInputGradient', { ...given, wb: panels.at });
    } else {
      const u = bytes(kernels.stridedWinogradWeightBytes!(cin, cout));
      const scratch = bytes(kernels.stridedWinogradScratchBytes!(cin, cout));
      kernels.stridedWinogradWeights!(weights, cin, cout, u.at, scratch.at);
      memory.call('stridedWinogradGradient', { ...given, u: u.at, scratch: scratch.at });
      for (const region of [u, scratch]) region.expectFence();
    }
    out.expectFence();
    const [got, expected] = [out.values(), reference(dy, w, shape, gap)];
    if (way === 'direct') {
      expectSums(got, expected);
      return;
    }
    for (let t = 1; t <= T; t++) {
      const between = got.subarray(t * (H * W * cin + gap) - gap, t * (H * W * cin + gap));
      expect(between.every((x) => x === 5)).toBe(true);
    }
    expect(largestError(got, expected)).toBeLessThan(WINOGRAD);
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
        check,
      ),
      { numRuns: 100 },
    );
  });

  test('large images and many channels keep to the same bound', () => {
    check({ T: 1, H: 7, W: 301, cin: 8, cout: 16, seed: 1 });
    check({ T: 2, H: 8, W: 8, cin: 32, cout: 256, seed: 2 });
  });

  test('Winograd pays for full tiles', () => {
    const pays = memory.kernels.stridedWinogradPays!;
    for (const size of [4, 7, 8, 16]) expect(pays(size, size)).toBe(1);
    for (const size of [1, 2, 3, 5, 6]) expect(pays(size, size)).toBe(0);
  });
});
