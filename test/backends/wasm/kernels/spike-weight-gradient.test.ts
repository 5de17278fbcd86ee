import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { guarded, type Spikes, spikes } from './spike-case';
import { expectSums, Sums } from './sums';

const sizes = {
  seed: fc.integer(),
  T: fc.integer({ min: 1, max: 4 }),
  H: fc.integer({ min: 1, max: 9 }),
  W: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(15, 16, 17, 33)),
  cin: fc.constantFrom(8, 16, 24),
  cout: fc.constantFrom(8, 16, 24),
  stride: fc.constantFrom(1, 2),
  rate: fc.constantFrom(0, 0.1, 0.3, 1),
  still: fc.boolean(),
};

/** What the gradient is added to. */
const BEFORE = 0.5;

describe.each(flavours)('weight gradient of spike bits, %s', (flavour) => {
  const m = kernelMemory(flavour, 8192);
  const positions = m.alloc(4096);
  m.kernels.bitPositions!(positions);

  /** The padded gradient [T][PH][PW][cout] of random numbers, and those. */
  function gradient(random: Random, T: number, OH: number, OW: number, cout: number) {
    const [PH, PW] = [4 * Math.ceil(OH / 4) + 2, 4 * Math.ceil(OW / 4) + 2];
    const pitch = PH * PW * cout + 16;
    const padded = new Float32Array(T * pitch);
    for (let t = 0; t < T; t++) {
      for (let y = 0; y < OH; y++) {
        for (let x = 0; x < OW; x++) {
          for (let k = 0; k < cout; k++) {
            padded[t * pitch + ((y + 1) * PW + x + 1) * cout + k] = random.uniform(-1, 1);
          }
        }
      }
    }
    return { at: m.floats(padded), pitch, PW, padded };
  }

  /** dw[ky][kx][cin][cout] in f64, on top of what dw holds before. */
  function reference(s: Spikes, g: ReturnType<typeof gradient>, cout: number, stride: number): Sums {
    const dw = Sums.onto(new Float32Array(9 * s.C * cout).fill(BEFORE));
    for (let t = 0; t < s.T; t++) {
      for (let y = 0; y < Math.ceil(s.H / stride); y++) {
        for (let x = 0; x < Math.ceil(s.W / stride); x++) {
          for (let tap = 0; tap < 9; tap++) {
            for (let c = 0; c < s.C; c++) {
              if (s.value(t, y * stride + Math.floor(tap / 3) - 1, x * stride + (tap % 3) - 1, c) === 0)
                continue;
              const from = t * g.pitch + ((y + 1) * g.PW + x + 1) * cout;
              for (let k = 0; k < cout; k++) dw.add((tap * s.C + c) * cout + k, g.padded[from + k]!);
            }
          }
        }
      }
    }
    return dw;
  }

  interface Case {
    readonly seed: number;
    readonly shape: readonly [number, number, number, number];
    readonly cout: number;
    readonly stride: number;
    readonly rate: number;
    readonly still?: boolean;
    /** Borders of the ranges of input channels. */
    readonly ranges?: readonly number[];
  }

  function run({ seed, shape, cout, stride, rate, still, ranges = [0, shape[3]] }: Case): void {
    const random = new Random(seed);
    const [T, H, W, cin] = shape;
    const s = spikes(m, random, shape, rate, still);
    const g = gradient(random, T, Math.ceil(H / stride), Math.ceil(W / stride), cout);
    const out = guarded(m, 9 * cin * cout);
    for (let i = 1; i < ranges.length; i++) {
      const [from, to] = [ranges[i - 1]!, ranges[i]!];
      const bytes = m.kernels.spikeWeightScratchBytes!(T, H, W, to - from, stride);
      const scratch = guarded(m, Math.ceil(bytes / 4));
      const dw = guarded(m, 9 * (to - from) * cout, BEFORE);
      m.call('spikeWeightGradient', {
        ...{ bits: s.at, bitsPitch: s.pitch, T, H, W, cin, cout, stride, positions },
        ...{ dy: g.at, dyPitch: g.pitch * 4, PW: g.PW, dw: dw.at, scratch: scratch.at },
        ...{ cinFrom: from, cinTo: to },
      });
      scratch.read();
      dw.read();
      if (to - from === cin) m.kernels.weightGradientSum!(dw.at, 1, 0, cin, cout, out.at, from, to);
      else m.kernels.weightGradientPart!(dw.at, cin, cout, out.at, from, to);
    }
    expectSums(out.read(), reference(s, g, cout, stride));
  }

  test('equals a loop over taps in f64, whatever the size, the stride and the rate', () => {
    fc.assert(
      fc.property(fc.record(sizes), ({ T, H, W, cin, ...o }) => run({ ...o, shape: [T, H, W, cin] })),
      { numRuns: 60 },
    );
  });

  test('large planes are cut into rows, and time steps of small ones taken together, at any rate', () => {
    for (const rate of [0.1, 0.5]) {
      run({ seed: 1, shape: [2, 50, 61, 8], cout: 8, stride: 1, rate });
      run({ seed: 2, shape: [2, 67, 90, 8], cout: 8, stride: 2, rate });
      run({ seed: 3, shape: [33, 5, 6, 8], cout: 16, stride: 1, rate });
      run({ seed: 4, shape: [1, 3, 1500, 8], cout: 8, stride: 1, rate });
    }
  });

  test('rows too wide for pairs of neighbours in 16 bits are summed one by one', () => {
    run({ seed: 7, shape: [1, 2, 6100, 8], cout: 8, stride: 1, rate: 0.5 });
  });

  test('many channels of small images', () => {
    run({ seed: 8, shape: [4, 4, 4, 256], cout: 16, stride: 1, rate: 0.2 });
    run({ seed: 9, shape: [4, 4, 4, 256], cout: 16, stride: 2, rate: 0.05 });
    run({ seed: 10, shape: [2, 2, 2, 512], cout: 8, stride: 1, rate: 0.1 });
  });

  test('ranges of input channels make up the whole', () => {
    run({ seed: 5, shape: [2, 4, 4, 40], cout: 16, stride: 1, rate: 0.3, ranges: [0, 16, 24, 40] });
    run({ seed: 6, shape: [2, 4, 5, 40], cout: 16, stride: 2, rate: 0.3, ranges: [0, 16, 24, 40] });
  });

  test('weightGradientSum adds parts in f64', () => {
    const [cin, cout, n] = [8, 16, 5];
    const parts = new Float32Array(n * 9 * cin * cout);
    const size = 9 * cin * cout;
    for (let i = 0; i < size; i++) {
      parts[i] = 1e8;
      parts[i + size] = i + 1;
      parts[i + 4 * size] = -1e8;
    }
    const out = guarded(m, size);
    m.kernels.weightGradientSum!(m.floats(parts), n, size * 4, cin, cout, out.at, 0, cin);
    const got = out.read();
    const want = new Float32Array(size);
    for (let i = 0; i < size; i++) {
      const [k, kx, ky] = [i % 8, 2 - (Math.floor(i / 8) % 3), Math.floor(i / 24) % 3];
      const [c, b] = [Math.floor(i / 72) % cin, Math.floor(i / (72 * cin))];
      want[((ky * 3 + kx) * cin + c) * cout + 8 * b + k] = i + 1;
    }
    expect(got).toEqual(want);
  });
});
