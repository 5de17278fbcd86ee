// A compiled neuron alone, over a memory of its own: every form that its input, its states and its gradients may
// have, against the equations in doubles with running error bounds; nothing is written beside its results.

import { describe, expect } from 'vitest';
import { compilable } from '../../src/backends/wasm/scan';
import { Random } from '../../src/core/random';
import { rectangular } from '../../src/neurons';
import { type Compiled, compileBackward, compileForward, partsOf } from '../../src/neurons/wasm';
import { lifModel } from '../../src/snn/equations/lif';
import { type FusedNeuron, neuronOf } from '../../src/snn/options';
import { mpr } from '../../src/snn/rectifier';
import { neuronOptions, surrogates } from '../../src/testing/arbitraries';
import { flavours } from '../backends/wasm/kernel-memory';
import { run, runBack, type Sequence } from '../backends/wasm/kernels/neuron-reference';
import { fc, test } from '../support/properties';

/** Bytes after every result that must stay as they were. */
const CANARY = 1024;
const UNTOUCHED = 77;

/** Reset to zero, gradients through the reset: what is common. */
const commonOptions = fc
  .record({
    dynamics: fc.constantFrom('leak' as const, 'paper' as const),
    tau: fc.double({ min: 0.1, max: 1, noNaN: true }),
    k: fc.constantFrom(undefined, 0.5, 1, 3, 5, 7),
    surrogate: fc.oneof(fc.constant(rectangular()), surrogates()),
  })
  .map(({ k, ...options }) => ({ ...options, rectifier: k === undefined ? null : mpr({ k }) }));
const rarely = fc.constantFrom(false, false, true);

const cases = fc.record({
  spec: fc
    .oneof(neuronOptions(), commonOptions)
    .map((options) => neuronOf('test', options) as FusedNeuron)
    .filter((spec) => compilable(lifModel(spec)) !== undefined),
  T: fc.integer({ min: 1, max: 5 }),
  size: fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })) },
    fc.constantFrom([1, 70], [2, 33], [5, 8]),
  ),
  C: fc.constantFrom(8, 16, 24, 13),
  beside: fc.constantFrom('nothing' as const, 'spikes' as const, 'branch' as const),
  affine: fc.boolean(),
  given: rarely,
  last: rarely,
  gradient: fc.constantFrom('planes' as const, 'two' as const, 'image' as const),
  sums: fc.boolean(),
  inPlace: fc.boolean(),
  seed: fc.integer(),
});

/** Whether a membrane is so near to a jump of O or of the slope that f32 may decide otherwise. */
function isDelicate(
  { rectifier, surrogate, vth }: FusedNeuron,
  { charged, chargedErrors }: Sequence,
): boolean {
  const steepest = Math.max(1, rectifier?.derivative(rectifier.parameters.centre ?? vth) ?? 1);
  const edge = surrogate.name === 'rectangular' ? surrogate.parameters.window! / 2 : 0;
  return charged.some((h, t) => {
    const distance = Math.abs((rectifier?.value(h) ?? h) - vth);
    const doubt = 4 * (chargedErrors[t]! * steepest + 2 ** -22);
    return distance <= doubt || Math.abs(distance - edge) <= doubt;
  });
}

/** What a number too small for f32 may leave behind. */
const UNDERFLOW = 2 ** -120;
function expectWithin(got: number, expected: number, error: number): void {
  if (!(Math.abs(got - expected) <= error + UNDERFLOW))
    expect.fail(`${got} instead of ${expected} ± ${error}`);
}

/** A memory from which pieces are taken one after another. */
class Memory {
  readonly memory = new WebAssembly.Memory({ initial: 64, maximum: 65536 });
  #top = 64;
  alloc(bytes: number): number {
    const at = this.#top;
    this.#top = (at + bytes + CANARY + 127) & ~63;
    const missing = this.#top - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
    this.u8(at, bytes + CANARY).fill(UNTOUCHED);
    return at;
  }
  u8 = (at: number, length: number): Uint8Array => new Uint8Array(this.memory.buffer, at, length);
  f32 = (at: number, length: number): Float32Array => new Float32Array(this.memory.buffer, at, length);
  f64 = (at: number, length: number): Float64Array => new Float64Array(this.memory.buffer, at, length);
  floats(data: Float32Array): number {
    const at = this.alloc(data.byteLength);
    this.f32(at, data.length).set(data);
    return at;
  }
  bytes(data: Uint8Array): number {
    const at = this.alloc(data.byteLength);
    this.u8(at, data.length).set(data);
    return at;
  }
}

describe.each(flavours)('%s', (flavour) => {
  test.prop([cases], { numRuns: 25 })('every form gives what the equations say', (s) => {
    const { spec, T, C } = s;
    const [H, W] = s.size as [number, number];
    const packed = C % 8 === 0;
    const beside = s.beside === 'spikes' && !packed ? 'nothing' : s.beside;
    const memory = new Memory();
    const random = new Random(s.seed);
    const n = H * W * C;
    const numbers = (count: number, low = -1, high = 2) =>
      Float32Array.from({ length: count }, () => random.uniform(low, high));
    const y = numbers(T * n);
    const y2 = numbers(T * n);
    const [coef, coef2, mean] = [numbers(2 * C, 0.2, 1), numbers(2 * C, -0.5, 0.5), numbers(C)];
    const bits = Uint8Array.from({ length: (T * n) / 8 }, () => random.uint32() & random.uint32() & 255);
    const initial = numbers(n);
    const g = numbers(T * (s.gradient === 'image' ? C : n), -1, 1);
    const g2 = numbers(T * n, -1, 1);
    const last = numbers(n, -1, 1);

    const { graph } = compilable(lifModel(spec))!;
    const input = { affine: s.affine, beside, branchAffine: s.affine };
    const parts = partsOf(C, W);
    const options = { relaxed: flavour === 'relaxed', shared: false };
    const given = [s.given];
    const forward = compileForward(graph, { input, initial: given, bits: [packed] }, options, parts);
    const form = {
      input,
      initial: given,
      initialGradients: [s.given],
      gradients: [s.gradient],
      last: [s.last],
      sums: s.sums,
    };
    const backward = compileBackward(graph, form, options, parts);

    const [spikes, final, dInitial] = [memory.alloc(T * n * 4), memory.alloc(4 * n), memory.alloc(4 * n)];
    const gAt = memory.floats(g);
    const dx = s.inPlace && s.gradient !== 'image' ? gAt : memory.alloc(T * n * 4);
    const scratch = memory.alloc(backward.scratchBytes(T));
    const sumBytes = 8 * C + 8;
    const [sumDx, sumProduct] = [memory.alloc(sumBytes), memory.alloc(sumBytes)];
    for (const at of [sumDx, sumProduct]) memory.u8(at, sumBytes).fill(0);
    const plane = 4 * n;
    const args: Record<string, number> = {
      y: memory.floats(y),
      'y pitch': plane,
      a: memory.floats(coef),
      beside: beside === 'spikes' ? memory.bytes(bits) : memory.floats(y2),
      'beside pitch': beside === 'spikes' ? n / 8 : plane,
      a2: memory.floats(coef2),
      mean: memory.floats(mean),
      'initial v': memory.floats(initial),
      'final v': final,
      'output spikes': spikes,
      'output spikes pitch': packed ? n / 8 : plane,
      'gradient spikes': gAt,
      'gradient spikes pitch': s.gradient === 'image' ? 4 * C : plane,
      'second gradient spikes': memory.floats(g2),
      'second gradient spikes pitch': plane,
      'gradient final v': memory.floats(last),
      'gradient initial v': dInitial,
      dx,
      'dx pitch': plane,
      scratch,
      'norm dx': sumDx,
      'norm product': sumProduct,
    };
    args.b = args.a! + 4 * C;
    args.b2 = args.a2! + 4 * C;
    const fixed = new Set(['scratch']);
    const call = ({ bytes, table, own }: Compiled, direction: string) => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
        env: { memory: memory.memory },
      });
      const at = memory.floats(table);
      for (const { piece, from, groups } of parts) {
        const list = own.map((name) => {
          const value = args[name]!;
          if (fixed.has(name) || name.endsWith(' pitch')) return value;
          if (name.startsWith('norm ')) return value + 8 * from;
          const isBits = (name === 'output spikes' && packed) || (name === 'beside' && beside === 'spikes');
          return value + (isBits ? (from / 8) * W : 4 * from);
        });
        const sweep = exports[`${direction}${piece.name}`] as (...list: number[]) => void;
        sweep(at, H, W, 4 * C, groups, T, ...list);
      }
    };
    call(forward, 'forward');
    call(backward, 'backward');

    const bitAt = (at: number, t: number, i: number) => {
      const c = i % C;
      const row = Math.floor(i / (C * W));
      const byte = (t * n) / 8 + (row * (C / 8) + (c >> 3)) * W + (Math.floor(i / C) % W);
      return (memory.u8(at, (T * n) / 8)[byte]! >> (c & 7)) & 1;
    };
    for (let i = 0; i < n; i++) {
      const c = i % C;
      const terms = Array.from({ length: T }, (_, t) => {
        const currents = s.affine ? [coef[c]! * y[t * n + i]!, coef[C + c]!] : [y[t * n + i]!];
        if (beside === 'spikes') currents.push(bitAt(args.beside!, t, i));
        if (beside === 'branch' && !s.affine) currents.push(y2[t * n + i]!);
        if (beside === 'branch' && s.affine) currents.push(coef2[c]! * y2[t * n + i]!, coef2[C + c]!);
        return currents;
      });
      const x = terms.map((currents) => currents.reduce((a, b) => a + b));
      const sizes = terms.map((currents) => currents.reduce((a, b) => a + Math.abs(b), 0));
      const sequence = run(spec, x, s.given ? initial[i]! : 0, sizes);
      if (isDelicate(spec, sequence)) continue;
      const gradients = Array.from({ length: T }, (_, t) => {
        const first = s.gradient === 'image' ? g[t * C + c]! : g[t * n + i]!;
        return s.gradient === 'two' ? Math.fround(first + g2[t * n + i]!) : first;
      });
      const back = runBack(spec, sequence, gradients, s.last ? last[i]! : 0);
      for (let t = 0; t < T; t++) {
        const fired = packed ? bitAt(spikes, t, i) : memory.f32(spikes, T * n)[t * n + i];
        expect(fired).toBe(sequence.spikes[t]);
        expectWithin(memory.f32(dx, T * n)[t * n + i]!, back.dx[t]!, back.dxErrors[t]!);
      }
      expectWithin(memory.f32(final, n)[i]!, sequence.carried, sequence.carriedError);
      if (s.given) expectWithin(memory.f32(dInitial, n)[i]!, back.initial, back.initialError);
    }
    if (s.sums) {
      const sums = [new Float64Array(C), new Float64Array(C)];
      const most = [1e-6, 1e-6];
      for (const [j, d] of memory.f32(dx, T * n).entries()) {
        for (const [k, value] of [d, d * (y[j]! - mean[j % C]!)].entries()) {
          sums[k]![j % C]! += value;
          most[k]! += Math.abs(value);
        }
      }
      for (const [k, at] of [sumDx, sumProduct].entries())
        for (const [c, sum] of sums[k]!.entries()) expectWithin(memory.f64(at, C)[c]!, sum, 1e-5 * most[k]!);
    }
    for (const [at, used] of [
      [spikes, packed ? (T * n) / 8 : T * plane],
      [final, plane],
      [dInitial, s.given ? plane : 0],
      [dx, T * plane],
      [scratch, backward.scratchBytes(T)],
      [sumDx, sumBytes],
    ] as const)
      expect(memory.u8(at + used, CANARY).every((byte) => byte === UNTOUCHED)).toBe(true);
  });
});
