import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { expectClose, guarded, spikes } from './spike-case';

const sizes = {
  seed: fc.integer(),
  T: fc.integer({ min: 1, max: 3 }),
  H: fc.integer({ min: 1, max: 9 }),
  W: fc.integer({ min: 1, max: 37 }),
  G: fc.integer({ min: 1, max: 3 }),
  rate: fc.constantFrom(0, 0.1, 0.5, 1),
  still: fc.boolean(),
};
type Sizes = { [K in keyof typeof sizes]: (typeof sizes)[K] extends fc.Arbitrary<infer V> ? V : never };

const cases = (check: (o: Sizes) => void, numRuns = 40) =>
  fc.assert(fc.property(fc.record(sizes), check), { numRuns });

describe.each(flavours)('spike bits, %s', (flavour) => {
  const m = kernelMemory(flavour);
  const setUp = ({ seed, T, H, W, G, rate, still }: Sizes) =>
    spikes(m, new Random(seed), [T, H, W, 8 * G], rate, still);

  test('packing gives bit j of group g to channel 8g + j, and unpacking takes it back', () => {
    cases((o) => {
      const { C, H, W, at, value } = setUp({ ...o, T: 1 });
      const dense = new Float32Array(H * W * C);
      for (let i = 0; i < dense.length; i++) {
        dense[i] = value(0, Math.floor(i / (W * C)), Math.floor(i / C) % W, i % C);
      }
      const bits = guarded(m, Math.ceil((H * W * C) / 32), 0);
      m.kernels.packBits!(m.floats(dense), H, W, C, bits.at);
      bits.read();
      expect([...m.u8(bits.at, (H * W * C) / 8)]).toEqual([...m.u8(at, (H * W * C) / 8)]);
      const out = guarded(m, dense.length);
      m.kernels.unpackBits!(bits.at, H, W, C, out.at);
      expect(out.read()).toEqual(dense);
    });
  });

  test('anything but zero packs to one, negative zero to zero', () => {
    const at = m.floats([0, -0, 1, -1, 1e-30, Number.NaN, Number.POSITIVE_INFINITY, 0]);
    const bits = m.alloc(1);
    m.kernels.packBits!(at, 1, 1, 8, bits);
    expect(m.u8(bits, 1)[0]).toBe(0b01111100);
  });

  test('countSpikes counts every bit of any number of bytes', () => {
    for (const length of [0, 1, 15, 16, 17, 100, 40_000, 70_001]) {
      const random = new Random(length);
      const data = Uint8Array.from({ length }, () => (length > 39_000 ? 255 : random.integer(256)));
      const want = data.reduce((n, byte) => n + byte.toString(2).replaceAll('0', '').length, 0);
      expect(m.kernels.countSpikes!(m.bytes([...data, 255]), length)).toBe(want);
    }
  });

  test('countBits gives scale times the spikes of a channel at each time step', () => {
    cases((o) => {
      const { T, H, W, C, at, pitch, value } = setUp(o);
      const out = guarded(m, T * (C + 4), 7);
      m.kernels.countBits!(at, pitch, T, H, W, C, 0.25, out.at, (C + 4) * 4);
      const want = new Float32Array(T * (C + 4)).fill(7);
      for (let t = 0; t < T; t++) {
        for (let c = 0; c < C; c++) {
          let n = 0;
          for (let y = 0; y < H; y++) for (let x = 0; x < W; x++) n += value(t, y, x, c);
          want[t * (C + 4) + c] = n * 0.25;
        }
      }
      expect(out.read()).toEqual(want);
    });
  });

  test('poolBits averages over the pixels of a window that exist', () => {
    const windows = fc.constantFrom([2, 2], [3, 2], [3, 3], [1, 1], [2, 1], [4, 4]) as fc.Arbitrary<
      [number, number]
    >;
    const run = (o: Sizes, [window, stride]: [number, number], ceil: boolean) => {
      const { T, H, W, C, at, pitch, value } = setUp(o);
      const size = (n: number) =>
        Math.max(1, Math.floor((n - window + (ceil ? stride - 1 : 0)) / stride) + 1);
      const [outH, outW] = [size(H), size(W)];
      const outPitch = outH * outW * C + 4;
      const out = guarded(m, T * outPitch, 7);
      m.call('poolBits', {
        ...{ bits: at, bitsPitch: pitch, T, H, W, C, window, stride, OH: outH, OW: outW },
        ...{ out: out.at, outPitch: outPitch * 4 },
      });
      const want = new Float32Array(T * outPitch).fill(7);
      for (let i = 0; i < T * outH * outW * C; i++) {
        const c = i % C;
        const x0 = (Math.floor(i / C) % outW) * stride;
        const y0 = (Math.floor(i / (C * outW)) % outH) * stride;
        const t = Math.floor(i / (C * outW * outH));
        let sum = 0;
        let n = 0;
        for (let y = y0; y < Math.min(y0 + window, H); y++) {
          for (let x = x0; x < Math.min(x0 + window, W); x++, n++) sum += value(t, y, x, c);
        }
        want[t * outPitch + (i % (outH * outW * C))] = sum / n;
      }
      // n · (1/n), n <= 16: the share and the product are rounded, and here the quotient
      expectClose(out.read(), want, 3 * 2 ** -24);
    };
    fc.assert(fc.property(fc.record(sizes), windows, fc.boolean(), run), { numRuns: 60 });
  });
});
