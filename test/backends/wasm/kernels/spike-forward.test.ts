import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { guarded, randomFloats, type Spikes, spikes } from './spike-case';
import { expectSums, Sums } from './sums';

const options = fc.record({
  seed: fc.integer(),
  T: fc.integer({ min: 1, max: 3 }),
  H: fc.integer({ min: 1, max: 9 }),
  W: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(15, 16, 17, 32)),
  cin: fc.constantFrom(8, 16, 40),
  cout: fc.constantFrom(8, 16, 24),
  stride: fc.constantFrom(1, 2),
  rate: fc.constantFrom(0, 0.1, 0.3, 1),
  still: fc.boolean(),
});

/** [T][OH][OW][cout] in f64, planes outPitch floats apart, 7 between them. */
function reference(s: Spikes, w: Float32Array, cout: number, stride: number, outPitch: number): Sums {
  const [OH, OW] = [Math.ceil(s.H / stride), Math.ceil(s.W / stride)];
  const out = Sums.exactly(s.T * outPitch, 7);
  for (let i = 0; i < s.T * OH * OW * cout; i++) {
    const [k, x, y] = [i % cout, Math.floor(i / cout) % OW, Math.floor(i / (cout * OW)) % OH];
    const t = Math.floor(i / (cout * OW * OH));
    const at = t * outPitch + (i % (OH * OW * cout));
    out.clear(at, at + 1);
    for (let tap = 0; tap < 9; tap++) {
      const [iy, ix] = [y * stride + Math.floor(tap / 3) - 1, x * stride + (tap % 3) - 1];
      for (let c = 0; c < s.C; c++)
        if (s.value(t, iy, ix, c) === 1) out.add(at, w[(tap * s.C + c) * cout + k]!);
    }
  }
  return out;
}

describe.each(flavours)('forward convolution of spike bits, %s', (flavour) => {
  const m = kernelMemory(flavour, 4096);
  const positions = m.alloc(4096);
  m.kernels.bitPositions!(positions);

  const sizes = ({ T, H, W, C, at, pitch }: Spikes, cout: number, stride: number) => {
    return { bits: at, bitsPitch: pitch, T, H, W, cin: C, cout, stride, more: 0, positions };
  };

  const ways: Record<
    string,
    (s: Spikes, w: Float32Array, cout: number, stride: number, out: number, pitch: number) => void
  > = {
    table(s, w, cout, stride, out, outPitch) {
      const { C } = s;
      const table = guarded(m, m.kernels.tableBytes!(C, cout) / 4);
      m.kernels.tableBuild!(m.floats(w), C, cout, table.at);
      table.read();
      m.call('tableConv', { ...sizes(s, cout, stride), table: table.at, out, outPitch });
    },
    event(s, w, cout, stride, out, outPitch) {
      const { W, C } = s;
      const weights = guarded(m, m.kernels.eventWeightBytes!(C, cout) / 4);
      m.kernels.eventWeights!(m.floats(w), C, cout, weights.at);
      weights.read();
      const scratch = guarded(m, Math.ceil(m.kernels.eventScratchBytes!(W, C) / 4));
      const to = { wt: weights.at, out, outPitch, scratch: scratch.at };
      m.call('eventConv', { ...sizes(s, cout, stride), ...to });
      scratch.read();
    },
    'event, channels in parts'(s, w, cout, stride, out, outPitch) {
      const { W, C } = s;
      const from = m.floats(w);
      for (const [first, end] of [
        [0, 8],
        [8, cout],
      ] as const) {
        const weights = guarded(m, m.kernels.eventWeightBytes!(C, end - first) / 4);
        const scratch = guarded(m, Math.ceil(m.kernels.eventScratchBytes!(W, C) / 4));
        const to = { wt: weights.at, out, outPitch, scratch: scratch.at };
        m.call('eventConvPart', { ...sizes(s, cout, stride), w: from, first, end, ...to });
        weights.read();
        scratch.read();
      }
    },
    quad(s, w, cout, stride, out, outPitch) {
      const { W, C } = s;
      const weights = guarded(m, m.kernels.quadWeightBytes!(C, cout) / 4);
      m.kernels.quadWeights!(m.floats(w), C, cout, weights.at);
      weights.read();
      const scratch = guarded(m, Math.ceil(m.kernels.eventScratchBytes!(W, C) / 4));
      const to = { wt: weights.at, out, outPitch, scratch: scratch.at };
      m.call('quadConv', { ...sizes(s, cout, stride), ...to });
      scratch.read();
    },
  };

  describe.each(Object.keys(ways))('%s', (way) => {
    const run = (
      o: { seed: number; cout: number; stride: number; still?: boolean },
      shape: [number, number, number, number],
      rate: number,
    ) => {
      const random = new Random(o.seed);
      const s = spikes(m, random, shape, rate, o.still);
      const w = randomFloats(random, 9 * s.C * o.cout);
      const outPitch = Math.ceil(s.H / o.stride) * Math.ceil(s.W / o.stride) * o.cout + 4;
      const out = guarded(m, s.T * outPitch, 7);
      ways[way]!(s, w, o.cout, o.stride, out.at, outPitch * 4);
      expectSums(out.read(), reference(s, w, o.cout, o.stride, outPitch));
    };

    test('equals a loop over taps in f64, whatever the size, the stride and the rate', () => {
      fc.assert(
        fc.property(options, (o) => run(o, [o.T, o.H, o.W, o.cin], o.rate)),
        { numRuns: 40 },
      );
    });

    test('rows wider than a batch, and batches across time steps, come out whole', () => {
      for (const stride of [1, 2]) {
        run({ seed: 2, cout: 8, stride }, [2, 3, 300, 8], 0.2);
        run({ seed: 3, cout: 16, stride }, [5, 9, 12, 16], 0.2);
      }
    });

    test('reaches the weights of hundreds of input channels', () => {
      run({ seed: 1, cout: 8, stride: 1 }, [1, 2, 3, 512], 0.2);
      run({ seed: 4, cout: 48, stride: 1 }, [2, 3, 3, 136], 0.2);
      run({ seed: 5, cout: 8, stride: 2 }, [2, 3, 4, 264], 0.2);
    });
  });

  test('scratch and tables grow with the layer', () => {
    expect(m.kernels.tableBytes!(16, 8)).toBe(3 * 2 * 256 * 96);
    expect(m.kernels.eventWeightBytes!(16, 8)).toBe(9 * 16 * 8 * 4);
    expect(m.kernels.quadWeightBytes!(16, 8)).toBe(9 * 16 * 8 * 4 * 4);
  });
});
