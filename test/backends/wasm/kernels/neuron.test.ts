import { describe, expect } from 'vitest';
import type { NeuronSpec } from '../../../../src/backends/backend';
import { neuronConstants } from '../../../../src/backends/wasm/neuron/spec';
import { Random } from '../../../../src/core/random';
import { rectangular } from '../../../../src/neurons';
import { neuronOf } from '../../../../src/snn/options';
import { mpr } from '../../../../src/snn/rectifier';
import { neuronOptions, surrogates } from '../../../../src/testing/arbitraries';
import { fc, test } from '../../../support/properties';
import { flavours, kernelMemory } from '../kernel-memory';
import { run, runBack, type Sequence } from './neuron-reference';

/** Bytes after every output that must stay as they were. */
const CANARY = 1024;
const UNTOUCHED = 77;
/** Room for the runs of one flavour: compiling the kernels for each would take longer than running them. */
const PAGES = 8192;

/** Reset to zero, gradients through the reset: what the kernels have a path of its own for. */
const commonOptions = fc
  .record({
    dynamics: fc.constantFrom('leak' as const, 'paper' as const),
    tau: fc.double({ min: 0.1, max: 1, noNaN: true }),
    k: fc.constantFrom(undefined, 0.5, 1, 3, 5, 7),
    surrogate: fc.oneof(fc.constant(rectangular()), surrogates()),
  })
  .map(({ k, ...options }) => ({ ...options, rectifier: k === undefined ? null : mpr({ k }) }));
const specs = fc
  .oneof(neuronOptions(), commonOptions)
  .map((options) => neuronOf('test', options) as NeuronSpec);
const rarely = fc.constantFrom(false, false, true);

const cases = fc.record({
  spec: specs,
  T: fc.integer({ min: 1, max: 5 }),
  size: fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })) },
    fc.constantFrom([1, 70], [2, 33], [9, 7], [1, 49], [5, 8]),
  ),
  C: fc.constantFrom(8, 16, 24),
  currents: fc.constantFrom('plain', 'spikes', 'branch'),
  affine: fc.boolean(),
  oneFrame: fc.boolean(),
  withInitial: rarely,
  withCarried: rarely,
  secondGradient: fc.boolean(),
  oneGradient: fc.boolean(),
  inPlace: fc.boolean(),
  gap: fc.constantFrom(0, 64),
  seed: fc.integer(),
});

/** Whether a membrane is so near to a jump of O or of the slope that f32 may decide otherwise. */
function isDelicate(constants: Float32Array, { charged, chargedErrors }: Sequence): boolean {
  const edges = [constants[2]!, constants[3]!, constants[4]!].filter(Number.isFinite);
  return charged.some((h, t) => edges.some((edge) => Math.abs(h - edge) <= chargedErrors[t]!));
}

/** What a number too small for f32 may leave behind. */
const UNDERFLOW = 2 ** -120;

function expectWithin(got: number, expected: number, error: number): void {
  if (!(Math.abs(got - expected) <= error + UNDERFLOW))
    expect.fail(`${got} instead of ${expected} ± ${error}`);
}

for (const flavour of flavours) {
  describe(`neuron kernels, ${flavour} SIMD`, () => {
    const memory = kernelMemory(flavour, PAGES);

    test.prop([cases], { numRuns: 80 })('spikes, V[T] and gradients are those of the equations', (s) => {
      const { spec, T, C } = s;
      const [H, W] = s.size as [number, number];
      const random = new Random(s.seed);
      const n = H * W * C;
      const pitch = n * 4 + s.gap;
      const bitPitch = n / 8 + s.gap;
      const numbers = (count: number, low = -1, high = 2) =>
        Float32Array.from({ length: count }, () => random.uniform(low, high));
      const place = (planes: Float32Array[], behind = 0) => {
        const at = memory.alloc(planes.length * pitch + behind);
        memory.u8(at, planes.length * pitch + behind).fill(UNTOUCHED);
        planes.forEach((plane, t) => {
          memory.f32(at + t * pitch, n).set(plane);
        });
        return at;
      };
      const steps = (make: () => Float32Array) => Array.from({ length: T }, make);
      const output = (bytes: number) => {
        const at = memory.alloc(bytes + CANARY);
        memory.u8(at, bytes + CANARY).fill(UNTOUCHED);
        return at;
      };

      const y = s.oneFrame ? new Array<Float32Array>(T).fill(numbers(n)) : steps(() => numbers(n));
      const y2 = steps(() => numbers(n));
      const coef = numbers(2 * C, 0.2, 1);
      const coef2 = numbers(2 * C, -0.5, 0.5);
      const bytes = Uint8Array.from({ length: T * bitPitch }, () => random.uint32() & random.uint32() & 255);
      const initial = s.withInitial ? numbers(n) : undefined;
      const g = steps(() => numbers(s.oneGradient ? C : n, -1, 1));
      const g2 = s.secondGradient ? steps(() => numbers(n, -1, 1)) : undefined;
      const carriedGradient = s.withCarried ? numbers(n, -1, 1) : undefined;

      const constants = neuronConstants(spec)!;
      const coefAt = s.affine ? memory.floats(coef) : 0;
      const coef2At = s.affine ? memory.floats(coef2) : 0;
      const inputs = [
        s.oneFrame ? memory.floats(y[0]!) : place(y),
        s.oneFrame ? 0 : pitch,
        T,
        H,
        W,
        C,
        coefAt,
        ...(s.currents === 'spikes' ? [memory.bytes(bytes), bitPitch] : [0, 0]),
        ...(s.currents === 'branch' ? [place(y2), pitch, coef2At] : [0, 0, 0]),
        initial === undefined ? 0 : memory.floats(initial),
        memory.floats(constants),
      ];
      const bits = output(T * bitPitch);
      const carried = s.withCarried ? output(n * 4) : 0;
      memory.kernels.neuronForward!(...inputs, bits, bitPitch, carried);
      const gAt = s.oneGradient ? memory.floats(g.flatMap((row) => [...row])) : place(g, CANARY);
      const dx = s.inPlace && !s.oneGradient ? gAt : output(T * pitch);
      const tmp = output(6144 * T + 64);
      const dInitial = s.withInitial ? output(n * 4) : 0;
      memory.kernels.neuronBackward!(
        ...inputs,
        gAt,
        s.oneGradient ? C * 4 : pitch,
        s.oneGradient ? 0 : C * 4,
        ...(g2 === undefined ? [0, 0] : [place(g2), pitch]),
        carriedGradient === undefined ? 0 : memory.floats(carriedGradient),
        dx,
        pitch,
        dInitial,
        tmp,
      );

      const spikeAt = (at: number, t: number, i: number) => {
        const c = i % C;
        const x = Math.floor(i / C) % W;
        const row = Math.floor(i / (C * W));
        const byte = t * bitPitch + (row * (C / 8) + (c >> 3)) * W + x;
        return (memory.u8(at, T * bitPitch)[byte]! >> (c & 7)) & 1;
      };
      for (let i = 0; i < n; i++) {
        const c = i % C;
        const terms = y.map((plane, t) => {
          const currents = s.affine ? [coef[c]! * plane[i]!, coef[C + c]!] : [plane[i]!];
          if (s.currents === 'spikes') currents.push(spikeAt(inputs[7]!, t, i));
          if (s.currents === 'branch' && !s.affine) currents.push(y2[t]![i]!);
          if (s.currents === 'branch' && s.affine) currents.push(coef2[c]! * y2[t]![i]!, coef2[C + c]!);
          return currents;
        });
        const x = terms.map((currents) => currents.reduce((a, b) => a + b));
        const sizes = terms.map((currents) => currents.reduce((a, b) => a + Math.abs(b), 0));
        const sequence = run(spec, x, initial?.[i] ?? 0, sizes);
        if (isDelicate(constants, sequence)) continue;
        const gradients = g.map((plane, t) =>
          Math.fround(plane[s.oneGradient ? c : i]! + (g2?.[t]?.[i] ?? 0)),
        );
        const back = runBack(spec, sequence, gradients, carriedGradient?.[i] ?? 0);
        for (let t = 0; t < T; t++) {
          expect(spikeAt(bits, t, i)).toBe(sequence.spikes[t]);
          expectWithin(memory.f32(dx + t * pitch, n)[i]!, back.dx[t]!, back.dxErrors[t]!);
        }
        if (carried !== 0) {
          expectWithin(memory.f32(carried, n)[i]!, sequence.carried, sequence.carriedError);
        }
        if (dInitial !== 0) expectWithin(memory.f32(dInitial, n)[i]!, back.initial, back.initialError);
      }
      const isUntouched = (at: number, used: number) =>
        memory.u8(at + used, CANARY).every((byte) => byte === UNTOUCHED);
      expect(isUntouched(bits, T * bitPitch)).toBe(true);
      expect(isUntouched(dx, T * pitch)).toBe(true);
      expect(isUntouched(tmp, 6144 * T + 64)).toBe(true);
      if (carried !== 0) expect(isUntouched(carried, n * 4)).toBe(true);
      if (dInitial !== 0) expect(isUntouched(dInitial, n * 4)).toBe(true);
    });

    test.prop(
      [specs, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 150 }), fc.boolean(), fc.integer()],
      {
        numRuns: 100,
      },
    )(
      'any number of neurons in a row gives spikes as floats and their gradients',
      (spec, T, n, stateful, seed) => {
        const random = new Random(seed);
        const numbers = (count: number, low = -1, high = 2) =>
          Float32Array.from({ length: count }, () => random.uniform(low, high));
        const x = numbers(T * n);
        const g = numbers(T * n, -1, 1);
        const initial = stateful ? numbers(n) : undefined;
        const carriedGradient = stateful ? numbers(n, -1, 1) : undefined;
        const output = (count: number) => memory.floats(new Float32Array(count + 64).fill(UNTOUCHED));
        const constants = neuronConstants(spec)!;
        const specAt = memory.floats(constants);
        const [xAt, gAt] = [memory.floats(x), memory.floats(g)];
        const initialAt = initial === undefined ? 0 : memory.floats(initial);
        const carriedGradientAt = carriedGradient === undefined ? 0 : memory.floats(carriedGradient);
        const [out, carried, dx, dInitial] = [output(T * n), output(n), output(T * n), output(n)];
        const tmp = memory.alloc(512 * T + 64);
        memory.kernels.neuronForwardDense!(xAt, 4 * n, T, n, initialAt, specAt, out, 4 * n, carried);
        memory.kernels.neuronBackwardDense!(
          xAt,
          4 * n,
          T,
          n,
          initialAt,
          specAt,
          gAt,
          4 * n,
          carriedGradientAt,
          dx,
          4 * n,
          dInitial,
          tmp,
        );
        for (let i = 0; i < n; i++) {
          const column = (data: Float32Array) => Array.from({ length: T }, (_, t) => data[t * n + i]!);
          const sequence = run(spec, column(x), initial?.[i] ?? 0);
          if (isDelicate(constants, sequence)) continue;
          const back = runBack(spec, sequence, column(g), carriedGradient?.[i] ?? 0);
          expect(column(memory.f32(out, T * n))).toEqual(sequence.spikes);
          column(memory.f32(dx, T * n)).forEach((got, t) => {
            expectWithin(got, back.dx[t]!, back.dxErrors[t]!);
          });
          expectWithin(memory.f32(carried, n)[i]!, sequence.carried, sequence.carriedError);
          expectWithin(memory.f32(dInitial, n)[i]!, back.initial, back.initialError);
        }
        for (const [at, used] of [
          [out, T * n],
          [carried, n],
          [dx, T * n],
          [dInitial, n],
        ] as const) {
          expect(memory.f32(at + 4 * used, 64).every((v) => v === UNTOUCHED)).toBe(true);
        }
        // in place: dx over g gives the same numbers
        const before = memory.f32(dx, T * n).slice();
        memory.kernels.neuronBackwardDense!(
          xAt,
          4 * n,
          T,
          n,
          initialAt,
          specAt,
          gAt,
          4 * n,
          carriedGradientAt,
          gAt,
          4 * n,
          dInitial,
          tmp,
        );
        expect(memory.f32(gAt, T * n)).toEqual(before);
      },
    );
  });
}
