// Dense convolutions of any geometry in the wasm kernels, both gradients, and windows, against f64 loops.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { fenced, numbers } from './matrix';
import { expectSums, Sums } from './sums';

interface Geometry {
  readonly T: number;
  readonly H: number;
  readonly W: number;
  readonly cin: number;
  readonly cout: number;
  readonly kh: number;
  readonly kw: number;
  readonly stride: number;
  readonly padding: number;
  readonly OH: number;
  readonly OW: number;
}

const span = (min: number, max: number) => fc.integer({ min, max });

/** Any convolution with at least one output pixel. */
function geometries(most: { T: number; size: number; channels: number }): fc.Arbitrary<Geometry> {
  return fc
    .record({
      T: span(1, most.T),
      H: span(1, most.size),
      W: span(1, most.size),
      cin: span(1, most.channels),
      cout: span(1, most.channels),
      kh: span(1, 4),
      kw: span(1, 4),
      stride: span(1, 3),
      padding: span(0, 3),
    })
    .map((g) => ({
      ...g,
      OH: Math.floor((g.H + 2 * g.padding - g.kh) / g.stride) + 1,
      OW: Math.floor((g.W + 2 * g.padding - g.kw) / g.stride) + 1,
    }))
    .filter((g) => g.OH >= 1 && g.OW >= 1);
}

/** Calls back for every tap on the image: output pixel, input pixel and tap of one plane. */
function eachTap(g: Geometry, visit: (o: number, i: number, tap: number) => void): void {
  for (let oy = 0; oy < g.OH; oy++)
    for (let ox = 0; ox < g.OW; ox++)
      for (let ky = 0; ky < g.kh; ky++)
        for (let kx = 0; kx < g.kw; kx++) {
          const y = oy * g.stride - g.padding + ky;
          const x = ox * g.stride - g.padding + kx;
          if (y < 0 || y >= g.H || x < 0 || x >= g.W) continue;
          visit(oy * g.OW + ox, y * g.W + x, ky * g.kw + kx);
        }
}

/** T planes of `length` numbers, `pitch` numbers apart, 5 between them. */
function planes(random: Random, T: number, length: number, pitch: number): Float32Array {
  const all = new Float32Array(T * pitch).fill(5);
  for (let t = 0; t < T; t++) all.set(numbers(random, length), t * pitch);
  return all;
}

describe.each(flavours)('dense convolution (%s)', (flavour) => {
  const memory = kernelMemory(flavour);
  interface Case extends Geometry {
    readonly seed: number;
    /** Numbers between planes. */
    readonly gap: number;
    /** All planes of x are one. */
    readonly still: boolean;
  }

  const cases = (most: Parameters<typeof geometries>[0]): fc.Arbitrary<Case> =>
    fc
      .tuple(geometries(most), fc.nat(), fc.constantFrom(0, 0, 8), fc.boolean())
      .map(([g, seed, gap, still]) => ({ ...g, seed, gap, still }));
  const small = cases({ T: 5, size: 4, channels: 18 });
  const larger = cases({ T: 3, size: 11, channels: 10 });

  function setUp(c: Case) {
    const random = new Random(c.seed);
    const K = c.kh * c.kw * c.cin;
    const xPitch = c.still ? 0 : c.H * c.W * c.cin + c.gap;
    const yPitch = c.OH * c.OW * c.cout + c.gap;
    const x = c.still ? numbers(random, c.H * c.W * c.cin) : planes(random, c.T, c.H * c.W * c.cin, xPitch);
    const dy = planes(random, c.T, c.OH * c.OW * c.cout, yPitch);
    const w = numbers(random, K * c.cout);
    const bytes = memory.kernels.denseWeightScratchBytes!(c.kh, c.kw, c.cin, c.cout, c.OH * c.OW);
    const scratch = (length = bytes) => fenced(memory, new Float32Array(length / 4).fill(Number.NaN));
    return { kernels: memory.kernels, random, K, xPitch, yPitch, x, dy, w, scratch };
  }

  function checkForward(c: Case): void {
    const { kernels, K, xPitch, yPitch, x, w, scratch } = setUp(c);
    const { T, cin, cout, kh, kw, OH, OW } = c;
    const panels = memory.alloc(kernels.panelBytes!(K, cout));
    kernels.packPanels!(memory.floats(w), cout * 4, 4, K, cout, panels);
    const out = fenced(memory, new Float32Array(T * yPitch).fill(5));
    const s = scratch(kernels.denseScratchBytes!(kh, kw, cin));
    memory.call('denseConv', {
      ...c,
      ...{
        x: memory.floats(x),
        xPitch: xPitch * 4,
        panels,
        out: out.at,
        outPitch: yPitch * 4,
        scratch: s.at,
      },
    });
    out.expectFence();
    s.expectFence();
    const expected = Sums.exactly(T * yPitch, 5);
    for (let t = 0; t < T; t++) {
      expected.clear(t * yPitch, t * yPitch + OH * OW * cout);
      eachTap(c, (o, i, tap) => {
        for (let k = 0; k < cin; k++)
          for (let n = 0; n < cout; n++)
            expected.add(
              t * yPitch + o * cout + n,
              x[t * xPitch + i * cin + k]! * w[(tap * cin + k) * cout + n]!,
            );
      });
    }
    expectSums(out.values(), expected);
  }

  function checkWeightGradient(c: Case): void {
    const { random, K, xPitch, yPitch, x, dy, scratch } = setUp(c);
    const { T, cin, cout } = c;
    const before = numbers(random, K * cout);
    const dw = fenced(memory, before);
    const s = scratch();
    memory.call('denseWeightGradient', {
      ...c,
      ...{ x: memory.floats(x), xPitch: xPitch * 4, dy: memory.floats(dy), dyPitch: yPitch * 4 },
      ...{ dw: dw.at, scratch: s.at },
    });
    dw.expectFence();
    s.expectFence();
    const expected = Sums.onto(before);
    for (let t = 0; t < T; t++)
      eachTap(c, (o, i, tap) => {
        for (let k = 0; k < cin; k++)
          for (let n = 0; n < cout; n++)
            expected.add(
              (tap * cin + k) * cout + n,
              x[t * xPitch + i * cin + k]! * dy[t * yPitch + o * cout + n]!,
            );
      });
    expectSums(dw.values(), expected);
  }

  function checkInputGradient(c: Case): void {
    const { kernels, K, yPitch, dy, w, scratch } = setUp(c);
    const { T, H, W, cin, cout, kh, kw, gap } = c;
    const panels = memory.alloc(kernels.panelBytes!(cout, K));
    kernels.packPanels!(memory.floats(w), 4, cout * 4, cout, K, panels);
    const pitch = H * W * cin + gap;
    const out = fenced(memory, new Float32Array(T * pitch).fill(5));
    const s = scratch(kernels.denseScratchBytes!(kh, kw, cin));
    memory.call('denseInputGradient', {
      ...c,
      ...{
        dy: memory.floats(dy),
        dyPitch: yPitch * 4,
        panels,
        out: out.at,
        outPitch: pitch * 4,
        scratch: s.at,
      },
    });
    out.expectFence();
    s.expectFence();
    expectSums(out.values(), inputGradient(c, dy, w));
  }

  /** Eight channels, then the others, from the weights themselves. */
  function checkInputGradientInParts(c: Case): void {
    const { kernels, yPitch, dy, w, scratch } = setUp(c);
    const { T, H, W, cin, cout, kh, kw, OW, gap } = c;
    const pitch = H * W * cin + gap;
    const out = fenced(memory, new Float32Array(T * pitch).fill(5));
    const s = scratch(kernels.smallGradientScratchBytes!(kh, kw, cout));
    const from = { dy: memory.floats(dy), dyPitch: yPitch * 4, dyRow: OW * cout * 4, w: memory.floats(w) };
    for (const [first, end] of [
      [0, 8],
      [8, cin],
    ] as const) {
      const to = { out: out.at, outPitch: pitch * 4, scratch: s.at };
      memory.call('smallInputGradientPart', { ...c, ...from, first, end, ...to });
    }
    out.expectFence();
    s.expectFence();
    expectSums(out.values(), inputGradient(c, dy, w));
  }

  /** dx, 5 in the gap behind each plane. */
  function inputGradient(c: Case, dy: Float32Array, w: Float32Array): Sums {
    const { T, H, W, cin, cout, OH, OW, gap } = c;
    const [pitch, yPitch] = [H * W * cin + gap, OH * OW * cout + gap];
    const expected = Sums.exactly(T * pitch, 5);
    for (let t = 0; t < T; t++) {
      expected.clear(t * pitch, t * pitch + H * W * cin);
      eachTap(c, (o, i, tap) => {
        for (let k = 0; k < cin; k++)
          for (let n = 0; n < cout; n++)
            expected.add(
              t * pitch + i * cin + k,
              dy[t * yPitch + o * cout + n]! * w[(tap * cin + k) * cout + n]!,
            );
      });
    }
    return expected;
  }

  test.each([
    ['the forward pass', checkForward],
    ['the weight gradient', checkWeightGradient],
    ['the input gradient', checkInputGradient],
  ] as const)('%s equals plain loops for any geometry', (_, check) => {
    fc.assert(fc.property(small, check), { numRuns: 150 });
    fc.assert(fc.property(larger, check), { numRuns: 100 });
  });

  test.each([
    ['a stem', { H: 20, W: 20, cin: 3, cout: 16, kh: 3, kw: 3, padding: 1 }],
    ['a shortcut', { H: 9, W: 9, cin: 16, cout: 24, kh: 1, kw: 1, padding: 0 }],
    ['a tiny image with eights of channels', { H: 2, W: 2, cin: 32, cout: 40, kh: 3, kw: 3, padding: 1 }],
  ])('%s, over several blocks, passes all three ways', (_, g) => {
    for (const gap of [0, 8]) {
      const c = { ...g, T: 6, stride: 1, OH: g.H, OW: g.W, seed: 1, gap, still: false };
      for (const check of [checkForward, checkWeightGradient, checkInputGradient]) check(c);
    }
  });

  test('the input gradient of tiny images in parts equals plain loops for any geometry', () => {
    const grouped = (c: Case): Case => ({ ...c, cin: 8 * (1 + (c.cin % 3)) });
    fc.assert(fc.property(small.map(grouped), checkInputGradientInParts), { numRuns: 150 });
  });

  test('the gradient of a tiny image may lie inside padded planes', () => {
    const [T, cin, cout, padWidth] = [4, 16, 24, 6];
    const random = new Random(5);
    const w = numbers(random, 9 * cin * cout);
    const dy = numbers(random, T * 4 * cout);
    const padded = new Float32Array(T * 36 * cout);
    for (let t = 0; t < T; t++)
      for (let o = 0; o < 4; o++) {
        const pixel = dy.subarray((t * 4 + o) * cout, (t * 4 + o + 1) * cout);
        padded.set(pixel, (t * 36 + (1 + (o >> 1)) * padWidth + 1 + (o & 1)) * cout);
      }
    const panels = memory.alloc(memory.kernels.panelBytes!(cout, 9 * cin));
    memory.kernels.packPanels!(memory.floats(w), 4, cout * 4, cout, 9 * cin, panels);
    const results = [
      [memory.floats(dy), 4 * cout * 4, 2 * cout * 4],
      [memory.floats(padded) + (padWidth + 1) * cout * 4, 36 * cout * 4, padWidth * cout * 4],
    ].map(([at, pitch, row]) => {
      const out = memory.alloc(T * 4 * cin * 4);
      memory.call('smallInputGradient', {
        ...{ dy: at!, dyPitch: pitch!, dyRow: row!, panels, out, outPitch: 4 * cin * 4 },
        ...{ T, H: 2, W: 2, OH: 2, OW: 2, cin, cout, kh: 3, kw: 3, stride: 1, padding: 1 },
      });
      return memory.f32(out, T * 4 * cin).slice();
    });
    expect(results[0]).toEqual(results[1]);
    expect(results[0]!.some((v) => v !== 0)).toBe(true);
  });

  test('im2col lays windows in rows, from any row on, and col2im is its adjoint', () => {
    fc.assert(
      fc.property(geometries({ T: 1, size: 8, channels: 7 }), fc.nat(), fc.nat(), (g, seed, cut) => {
        const random = new Random(seed);
        const pixels = g.OH * g.OW;
        const first = cut % pixels;
        const count = pixels - first;
        const K = g.kh * g.kw * g.cin;
        const x = numbers(random, g.H * g.W * g.cin);
        const rows = fenced(memory, new Float32Array(count * K).fill(5));
        memory.call('im2col', { ...g, x: memory.floats(x), first, count, rows: rows.at });
        rows.expectFence();
        const expected = new Float64Array(pixels * K);
        eachTap(g, (o, i, tap) => {
          for (let k = 0; k < g.cin; k++) expected[o * K + tap * g.cin + k] = x[i * g.cin + k]!;
        });
        expect([...rows.values()]).toEqual([...expected.subarray(first * K)]);

        const r = numbers(random, count * K);
        const before = numbers(random, x.length);
        const back = fenced(memory, before);
        memory.call('col2im', { ...g, rows: memory.floats(r), first, count, x: back.at });
        back.expectFence();
        const sum = Sums.onto(before);
        eachTap(g, (o, i, tap) => {
          if (o < first) return;
          for (let k = 0; k < g.cin; k++) sum.add(i * g.cin + k, r[(o - first) * K + tap * g.cin + k]!);
        });
        expectSums(back.values(), sum);
      }),
      { numRuns: 80 },
    );
  });
});
