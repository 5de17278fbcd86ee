// Sizes are exact whatever the shape, so that what does not fit is known before anything is touched: what kernels say
// of their scratch, and where operators on shapes around 2^31 and 2^32 bytes read and write. Over a memory that is
// only counted: nothing runs.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Handle, Operand } from '../../../src/backends/backend';
import { convGeometry } from '../../../src/backends/geometry';
import { type Shape, sizeOf } from '../../../src/backends/shape';
import { type Argument, BufferArgument } from '../../../src/backends/wasm/argument';
import { convolutionKernels } from '../../../src/backends/wasm/convolution';
import { elementwiseKernels } from '../../../src/backends/wasm/elementwise';
import { Engine } from '../../../src/backends/wasm/engine';
import type { WasmHandle } from '../../../src/backends/wasm/handle';
import { Heap } from '../../../src/backends/wasm/heap';
import { productKernels } from '../../../src/backends/wasm/matmul';
import { normKernels } from '../../../src/backends/wasm/norm';
import { reductionKernels } from '../../../src/backends/wasm/reduce';
import type { Reference } from '../../../src/backends/wasm/reference';
import { Scheduler } from '../../../src/backends/wasm/schedule';
import type { KernelCall } from '../../../src/backends/wasm/schedule/chain';
import type { Crew } from '../../../src/backends/wasm/threads/crew';
import type { ProgramChain } from '../../../src/backends/wasm/threads/program';
import { OutOfMemoryError } from '../../../src/errors';
import { kernelMemory } from './kernel-memory';
import { virtualHeap } from './virtual-memory';

const { kernels } = kernelMemory();

test('kernels tell the size of their scratch exactly beyond 4 GiB', () => {
  const length = fc.integer({ min: 1, max: 2 ** 27 });
  fc.assert(
    fc.property(length, length, fc.integer({ min: 1, max: 2 ** 10 }), (a, b, c) => {
      const eights = (n: number) => 8 * Math.ceil(n / 8);
      const plane = (rows: number, columns: number) => 4 * rows * columns + 64;
      expect(kernels.panelBytes!(a, b)).toBe(4 * a * eights(b));
      expect(kernels.transposedScratchBytes!(b)).toBe(512 * (eights(b) + 4));
      expect(kernels.eventWeightBytes!(a, b)).toBe(36 * a * b);
      expect(kernels.quadWeightBytes!(a, b)).toBe(144 * a * b);
      expect(kernels.tableBytes!(eights(c), eights(b))).toBe(
        ((eights(b) / 8) * 3 * eights(c) * 256 * 96) / 8,
      );
      expect(kernels.eventScratchBytes!(a, c)).toBeGreaterThanOrEqual(6 * Math.min(c, 128) * a);
      expect(kernels.winogradWeightBytes!(a, b)).toBe(36 * plane(a, b));
      expect(kernels.stridedWinogradWeightBytes!(a, b)).toBe(36 * plane(a, b));
      expect(kernels.stridedWeightBytes!(a, b)).toBe(36 * a * b);
      expect(kernels.smallGradientScratchBytes!(c, c, b)).toBe(32 * c * c * b);
      expect(kernels.pairPlane!(a, b)).toBe(plane(4 * Math.ceil(a / 4), b));
      expect(kernels.winogradTilesPlane!(a, 1, 1, b)).toBe(plane(4 * Math.ceil(a / 4), b));
      expect(kernels.batchPartBytes!(a)).toBe(16 * Math.ceil((20 * a + 8) / 16));
      expect(kernels.denseScratchBytes!(1, c, a)).toBe(
        4 * c * a * Math.max(64, Math.min(256, Math.floor(65536 / (c * a)))),
      );
      expect(kernels.tilePanelBytes!(a, 32)).toBe(128 * a);
      expect(kernels.spikeWeightScratchBytes!(1, 20, 20, eights(a), 1)).toBeGreaterThan(2 * 400 * eights(a));
    }),
  );
});

/** An engine that puts phases together and runs none of them; `calls` is what was scheduled. */
function idleEngine(threads: number): { engine: Engine; calls: { items: number; call: KernelCall }[] } {
  const counted = virtualHeap();
  class CountedHeap extends Heap {
    override f32(): Float32Array<ArrayBuffer> {
      return new Float32Array(4096);
    }
  }
  const heap = new CountedHeap(false, 2 ** 32, counted.memory);
  const names = Object.keys(kernels).filter((name) => typeof kernels[name] === 'function');
  const computes = /Bytes$|Plane$|Pays$|Columns$|Tile$/;
  const crew = {
    names,
    threads,
    call: (name: string, args: number[]) => (computes.test(name) ? kernels[name]!(...args) : 0),
    fits: () => true,
    finish() {},
    start(chains: readonly ProgramChain[]) {
      for (const { args } of chains.flatMap((chain) => chain.calls)) {
        for (let i = 0; i < args.length; i += 4) expect(Number.isFinite(args[i])).toBe(true);
      }
    },
  } as unknown as Crew;
  const scheduler = new Scheduler(heap, crew);
  const calls: { items: number; call: KernelCall }[] = [];
  const schedule = scheduler.scheduleTogether.bind(scheduler);
  scheduler.scheduleTogether = (groups, heavy) => {
    for (const { items, calls: list } of groups) {
      if (items > 0) for (const call of list) calls.push({ items, call });
    }
    schedule(groups, heavy);
  };
  return { engine: new Engine(scheduler), calls };
}

/** Whether the last item still lies within the buffer. */
function expectInside(argument: Argument, items: number): void {
  if (!(argument instanceof BufferArgument)) return;
  const { buffer, offset, step, layout } = argument;
  let end = offset;
  if (layout !== undefined) {
    end += layout.times * layout.images * layout.planeBytes;
    if (offset > 0) end = offset + (items - 1) * step; // the inside of padded planes
  } else if (step > 0) end += items * step;
  expect(end).toBeLessThanOrEqual(buffer.bytes);
  expect(Number.isSafeInteger(end)).toBe(true);
}

const axis = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.constantFrom(8, 16, 64, 128),
  fc.integer({ min: 1000, max: 2 ** 15 }),
  fc.integer({ min: 2 ** 20, max: 2 ** 30 }),
);
/** Up to five axes whose numbers take between nothing and 64 GB, many of them about 2^31 or 2^32 bytes. */
const shape = fc.oneof(
  fc.array(axis, { minLength: 1, maxLength: 5 }).filter((s) => sizeOf(s) <= 2 ** 34),
  fc.integer({ min: 2 ** 28, max: 2 ** 30 }).map((n) => [2, Math.floor(n / 2)]),
  fc.integer({ min: 2 ** 12, max: 2 ** 14 }).map((n) => [1, n, Math.floor(2 ** 26 / n), 16]),
  fc.integer({ min: 2, max: 600_000 }).map((n) => [4, 2, Math.ceil(600_000 / n), n, 8]),
);

const operators: Record<string, (engine: Engine, x: Operand) => Handle[]> = {
  unary: (engine, x) => [elementwiseKernels(engine, never).unary('exp', x, [])],
  binary: (engine, x) => [elementwiseKernels(engine, never).binary('multiply', x, x, x.shape)],
  'sum over the first axis': (engine, x) =>
    x.shape.length > 1 ? [reductionKernels(engine, never).reduce('sum', x, [0])] : [],
  norm(engine, x) {
    const channels = x.shape.at(-1)!;
    const of = (): Operand => ({ handle: engine.out(channels).handle, shape: [channels] });
    const spec = { scale: 1, epsilon: 1e-5, momentum: 0.1 };
    const { y } = normKernels(engine).normTrain(x, of(), of(), of().handle, of().handle, spec);
    return [elementwiseKernels(engine, never).unary('relu', { handle: y, shape: x.shape }, [])];
  },
  matmul(engine, x) {
    if (x.shape.length !== 2) return [];
    const [m, k] = x.shape as [number, number];
    const b: Operand = { handle: engine.out(k * 3).handle, shape: [k, 3] };
    return [productKernels(engine).matmul(x, b, { transposeA: false, transposeB: false }, [m, 3])];
  },
  'convolution and its gradients'(engine, x) {
    if (x.shape.length < 4) return [];
    const channels = x.shape.at(-1)!;
    const wShape = [3, 3, channels, 8];
    const g = convGeometry('conv2d', x.shape, wShape, 1, 1);
    const w: Operand = { handle: engine.out(sizeOf(wShape)).handle, shape: wShape };
    const convolution = convolutionKernels(engine);
    const y = convolution.conv2d(x, w, g);
    const gradient: Operand = { handle: y, shape: [...x.shape.slice(0, -1), 8] };
    return [
      y,
      convolution.conv2dInputGradient(gradient, w, g),
      convolution.conv2dWeightGradient(x, gradient, g),
    ];
  },
};

/** Operators here never fall back on plain loops. */
const never = new Proxy({} as Reference, {
  get() {
    throw new Error('runs on the reference');
  },
});

test.each(Object.keys(operators))('%s stays inside its buffers, or is refused whole', (name) => {
  fc.assert(
    fc.property(shape, fc.constantFrom(1, 2, 16), (drawn: Shape, threads) => {
      const { engine, calls } = idleEngine(threads);
      const { heap, scheduler } = engine;
      const small = engine.out(3).handle as WasmHandle;
      scheduler.flush();
      const held: Handle[] = [small];
      try {
        const x: Operand = { handle: engine.out(sizeOf(drawn)).handle, shape: drawn };
        held.push(x.handle);
        held.push(...engine.attempt(() => operators[name]!(engine, x)));
      } catch (error) {
        expect(error).toBeInstanceOf(OutOfMemoryError);
      }
      scheduler.flush(); // what was taken can run
      scheduler.flush();
      scheduler.finish();
      for (const { items, call } of calls) for (const argument of call.args) expectInside(argument, items);
      expect(heap.used).toBeLessThanOrEqual(2 ** 32);
      expect(heap.size).toBeLessThanOrEqual(2 ** 32);
    }),
    { numRuns: 60 },
  );
});
