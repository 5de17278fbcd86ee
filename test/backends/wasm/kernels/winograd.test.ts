// Winograd convolutions in the wasm kernels against f64 loops: any image size, both directions, nothing written
// outside.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, type KernelMemory, kernelMemory } from '../kernel-memory';
import { fenced, numbers } from './matrix';
import { largestError, Sums } from './sums';

/** out[y][x][n] = Σ padded[y+a][x+b][k] g(a, b, k, n), from number `begin` on. */
function correlation(
  out: Sums,
  begin: number,
  padded: Float32Array,
  paddedWidth: number,
  H: number,
  W: number,
  K: number,
  N: number,
  g: (a: number, b: number, k: number, n: number) => number,
): void {
  out.clear(begin, begin + H * W * N);
  for (let y = 0; y < H; y++)
    for (let x = 0; x < W; x++)
      for (let a = 0; a < 3; a++)
        for (let b = 0; b < 3; b++)
          for (let k = 0; k < K; k++) {
            const d = padded[((y + a) * paddedWidth + x + b) * K + k]!;
            if (d !== 0) for (let n = 0; n < N; n++) out.add(begin + (y * W + x) * N + n, d * g(a, b, k, n));
          }
}

/**
 * Of the largest sum of magnitudes. At the corner of a tile of F(4,3) at the points 0, ±5/8, ±3/2, ∞ the numbers on
 * the way, |Aᵀ|(|G|·1 ∘ |Bᵀ|·1) in both directions, are 63 times the sum itself: so this is each of them rounded once
 * and all the same way. They are rounded more often and either way, which came to a fifth of this in 2400 draws.
 */
const WINOGRAD = 63 * 2 ** -24;

function check(
  memory: KernelMemory,
  direction: 'forward' | 'gradient',
  shape: { T: number; H: number; W: number; cin: number; cout: number; seed: number },
): void {
  const { T, H, W, cin, cout, seed } = shape;
  const kernels = memory.kernels;
  const random = new Random(seed);
  const [K, N] = direction === 'forward' ? [cin, cout] : [cout, cin];
  const width = 4 * Math.ceil(W / 4) + 2;
  const height = 4 * Math.ceil(H / 4) + 2;
  const pitch = width * height * K + 16;
  const planes = new Float32Array(T * pitch);
  for (let t = 0; t < T; t++)
    for (let y = 1; y <= H; y++) planes.set(numbers(random, W * K), t * pitch + (y * width + 1) * K);
  const weights = numbers(random, 9 * cin * cout);
  const at = memory.floats(planes);
  const u = fenced(memory, new Float32Array(kernels.winogradWeightBytes!(cin, cout) / 4));
  const weightScratch = fenced(memory, new Float32Array(kernels.winogradWeightScratchBytes!() / 4));
  const scratch = fenced(
    memory,
    new Float32Array(kernels.winogradScratchBytes!(cin, cout) / 4).fill(Number.NaN),
  );
  const gap = 24;
  const out = fenced(memory, new Float32Array(T * (H * W * N + gap)).fill(5));
  const prepare = direction === 'forward' ? kernels.winogradForwardWeights! : kernels.winogradWeights!;
  prepare(memory.floats(weights), cin, cout, u.at, weightScratch.at);
  const given = {
    T,
    H,
    W,
    cin,
    cout,
    u: u.at,
    out: out.at,
    outPitch: (H * W * N + gap) * 4,
    scratch: scratch.at,
  };
  if (direction === 'forward') memory.call('winogradForward', { ...given, x: at, xPitch: pitch * 4 });
  else memory.call('winogradInputGradient', { ...given, dy: at, dyPitch: pitch * 4 });
  for (const region of [u, weightScratch, scratch, out]) region.expectFence();
  const values = out.values();
  const expected = Sums.exactly(values.length, 5);
  for (let t = 0; t < T; t++) {
    const begin = t * (H * W * N + gap);
    correlation(
      expected,
      begin,
      planes.subarray(t * pitch, (t + 1) * pitch),
      width,
      H,
      W,
      K,
      N,
      direction === 'forward'
        ? (a, b, k, n) => weights[((a * 3 + b) * cin + k) * cout + n]!
        : (a, b, k, n) => weights[(((2 - a) * 3 + 2 - b) * cin + n) * cout + k]!,
    );
    expect(values.subarray(begin + H * W * N, begin + H * W * N + gap).every((x) => x === 5)).toBe(true);
  }
  expect(largestError(values, expected)).toBeLessThan(WINOGRAD);
}

describe.each(flavours)('Winograd (%s)', (flavour) => {
  const memory = kernelMemory(flavour);
  const shapes = fc.record({
    T: fc.integer({ min: 1, max: 3 }),
    H: fc.integer({ min: 1, max: 13 }),
    W: fc.integer({ min: 1, max: 13 }),
    cin: fc.constantFrom(8, 16, 24),
    cout: fc.constantFrom(8, 16, 24),
    seed: fc.nat(),
  });

  test('the input gradient is the correlation with the turned kernel, for any image', () => {
    fc.assert(
      fc.property(shapes, (shape) => check(memory, 'gradient', shape)),
      { numRuns: 60 },
    );
  });

  test('the input gradient by channels has the same bits, for any image', () => {
    const images = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(shapes, images, ({ T, H, W, cin, cout, seed }, count) => {
        const k = memory.kernels;
        const random = new Random(seed);
        const planes = T * count;
        const pitch = (4 * Math.ceil(W / 4) + 2) * (4 * Math.ceil(H / 4) + 2) * cout;
        const dy = memory.floats(numbers(random, planes * pitch));
        const w = memory.floats(numbers(random, 9 * cin * cout));
        const size = planes * H * W * cin;
        const whole = memory.alloc(size * 4);
        const u = memory.alloc(k.winogradWeightBytes!(cin, cout));
        const own = memory.alloc(k.winogradScratchBytes!(cin, cout));
        k.winogradWeights!(w, cin, cout, u, memory.alloc(k.winogradWeightScratchBytes!()));
        const sizes = { T: planes, H, W, cout, cin, outPitch: H * W * cin * 4 };
        const from = { dy, dyPitch: pitch * 4 };
        memory.call('winogradInputGradient', { ...sizes, ...from, u, out: whole, scratch: own });

        const vPlane = k.winogradTilesPlane!(planes, H, W, cout);
        const v = fenced(memory, new Float32Array((36 * vPlane) / 4).fill(Number.NaN));
        const strip = fenced(memory, new Float32Array(k.winogradTilesScratchBytes!() / 4));
        const tiles = Math.ceil(H / 4) * Math.ceil(W / 4) * cout * 4;
        for (let n = 0; n < count; n++) {
          const to = { v: v.at + n * tiles, vPitch: count * tiles, vPlane, scratch: strip.at };
          const image = { d: dy + n * pitch * 4, dPitch: count * pitch * 4 };
          memory.call('winogradTiles', { T, H, W, cin, cout, ...image, ...to });
        }
        const out = fenced(memory, new Float32Array(size).fill(Number.NaN));
        for (let first = 0; first < cin; first += 16) {
          const end = Math.min(first + 16, cin);
          const bytes = k.winogradPartScratchBytes!(W, cout, end - first);
          const scratch = fenced(memory, new Float32Array(bytes / 4).fill(Number.NaN));
          const part = { v: v.at, w, first, end, out: out.at, scratch: scratch.at };
          memory.call('winogradGradientPart', { ...sizes, ...part });
          scratch.expectFence();
        }
        for (const region of [v, strip, out]) region.expectFence();
        expect(out.values()).toEqual(memory.f32(whole, size).slice());
      }),
      { numRuns: 40 },
    );
  });

  test('forward is the correlation with the kernel, for any image', () => {
    fc.assert(
      fc.property(shapes, (shape) => check(memory, 'forward', shape)),
      { numRuns: 60 },
    );
  });

  test('images wider and higher than a block of tiles come out whole', () => {
    const wide = { T: 1, H: 3, W: 269, cin: 8, cout: 8, seed: 1 };
    check(memory, 'gradient', wide);
    const high = { T: 2, H: 270, W: 5, cin: 8, cout: 8, seed: 2 };
    check(memory, 'forward', high);
  });

  test('many channels keep to the same bound', () => {
    check(memory, 'gradient', { T: 2, H: 4, W: 4, cin: 64, cout: 256, seed: 3 });
  });

  test('pays from 3x3 pixels on, and not where tiles are mostly empty', () => {
    const pays = memory.kernels.winogradPays!;
    for (const [H, W] of [
      [3, 3],
      [4, 4],
      [5, 5],
      [2, 8],
      [32, 32],
    ])
      expect(pays(H!, W!)).toBe(1);
    for (const [H, W] of [
      [1, 1],
      [2, 2],
      [1, 8],
      [5, 1],
    ])
      expect(pays(H!, W!)).toBe(0);
  });

  test('weights made in parts are the weights', () => {
    const k = memory.kernels;
    const [cin, cout] = [24, 16];
    const w = memory.floats(numbers(new Random(9), 9 * cin * cout));
    const scratch = memory.alloc(
      Math.max(k.winogradWeightScratchBytes!(), k.stridedWinogradScratchBytes!(cin, cout)),
    );
    const length = k.winogradWeightBytes!(cin, cout) / 4;
    for (const [whole, part, channels] of [
      [k.winogradWeights!, k.winogradWeightsPart!, cin],
      [k.winogradForwardWeights!, k.winogradForwardWeightsPart!, cout],
      [k.stridedWinogradWeights!, k.stridedWinogradWeightsPart!, cin],
    ] as const) {
      const [a, b] = [memory.alloc(length * 4), memory.alloc(length * 4)];
      whole(w, cin, cout, a, scratch);
      part(w, cin, cout, 8, channels, b, scratch);
      part(w, cin, cout, 0, 8, b, scratch);
      expect(memory.f32(b, length)).toEqual(memory.f32(a, length));
    }
  });
});
