import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { poolGeometry } from '../../../../src/backends/geometry';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { expectSums, Sums } from './sums';

const UNTOUCHED = -77.25;

const anyWindows = fc.record({
  T: fc.integer({ min: 1, max: 3 }),
  H: fc.integer({ min: 1, max: 7 }),
  W: fc.integer({ min: 1, max: 7 }),
  C: fc.constantFrom(1, 3, 4, 8, 13),
  window: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer(),
});

/** Windows that cover the image without a rest, on whole vectors of channels: the gradient has a way of its own. */
const tiles = fc
  .record({
    T: fc.integer({ min: 1, max: 3 }),
    rows: fc.integer({ min: 1, max: 4 }),
    columns: fc.integer({ min: 1, max: 4 }),
    C: fc.constantFrom(4, 8, 12),
    window: fc.integer({ min: 1, max: 3 }),
    seed: fc.integer(),
  })
  .map(({ rows, columns, window, ...rest }) => ({
    ...rest,
    H: rows * window,
    W: columns * window,
    window,
    stride: window,
  }));

const settings = fc.oneof(anyWindows, tiles);

for (const flavour of flavours) {
  describe(`average pooling kernels, ${flavour} SIMD`, () => {
    const memory = kernelMemory(flavour, 1024);

    test('a window averages the pixels that exist; its gradient is shared out among them', () => {
      fc.assert(
        fc.property(settings, ({ T, H, W, C, window, stride, seed }) => {
          const { outHeight: OH, outWidth: OW } = poolGeometry('test', [T, H, W, C], window, stride);
          const random = new Random(seed);
          const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal());
          const [plane, small] = [H * W * C, OH * OW * C];
          const [x, g] = [numbers(T * plane), numbers(T * small)];
          const output = (count: number) => memory.floats(new Float32Array(count + 64).fill(UNTOUCHED));
          const [out, dx] = [output(T * small), output(T * plane)];
          const sizes = { T, H, W, C, window, stride, OH, OW };
          const from = { x: memory.floats(x), xPitch: 4 * plane };
          memory.call('averagePool', { ...sizes, ...from, out, outPitch: 4 * small });
          const gradient = { g: memory.floats(g), gPitch: 4 * small };
          memory.call('averagePoolGradient', { ...sizes, ...gradient, dx, dxPitch: 4 * plane });
          const expectedOut = new Sums(T * small);
          const expectedDx = new Sums(T * plane);
          for (let o = 0; o < T * small; o++) {
            const c = o % C;
            const ox = Math.floor(o / C) % OW;
            const oy = Math.floor(o / (C * OW)) % OH;
            const t = Math.floor(o / small);
            const under: number[] = [];
            for (let i = oy * stride; i < Math.min(oy * stride + window, H); i++) {
              for (let j = ox * stride; j < Math.min(ox * stride + window, W); j++) {
                under.push(t * plane + (i * W + j) * C + c);
              }
            }
            for (const pixel of under) {
              expectedOut.add(o, x[pixel]! / under.length);
              expectedDx.add(pixel, g[o]! / under.length);
            }
          }
          // the share 1/n is rounded once more
          expectSums(memory.f32(out, T * small), expectedOut, { more: 1 });
          expectSums(memory.f32(dx, T * plane), expectedDx, { more: 1 });
          expect(memory.f32(out + 4 * T * small, 64).every((v) => v === UNTOUCHED)).toBe(true);
          expect(memory.f32(dx + 4 * T * plane, 64).every((v) => v === UNTOUCHED)).toBe(true);
        }),
        { numRuns: 60 },
      );
    });
  });
}
