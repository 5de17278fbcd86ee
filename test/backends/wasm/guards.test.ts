// Kernels write raw addresses. Here a guarded memory watches them through whole training steps and evaluations on
// images, widths and batches that fit no tile.

import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type WasmBackend, wasmBackend } from '../../../src/backends/wasm';
import { tensor } from '../../../src/core/create';
import { manualSeed, setActiveBackend } from '../../../src/core/engine';
import { Random } from '../../../src/core/random';
import { scope } from '../../../src/core/scope';
import { noGrad } from '../../../src/core/tape';
import { crossEntropy } from '../../../src/ops';
import { arctan, mpr, rectangular, resnet20 } from '../../../src/snn';
import { gridCases } from '../../../src/testing/cases/grids';
import { GuardedHeap } from './guarded-heap';
import { flavours } from './kernel-memory';

const networks = fc.record({
  variant: fc.constantFrom('small' as const, 'wide' as const),
  width: fc.constantFrom(4, 8, 16, 24),
  timesteps: fc.integer({ min: 1, max: 5 }),
  height: fc.integer({ min: 4, max: 33 }),
  imageWidth: fc.integer({ min: 4, max: 33 }),
  images: fc.integer({ min: 2, max: 4 }),
  reset: fc.constantFrom('hard' as const, 'soft' as const),
  dynamics: fc.constantFrom('leak' as const, 'paper' as const),
  vReset: fc.constantFrom(0, -0.25),
  surrogate: fc.constantFrom(rectangular(), rectangular({ window: 3 }), arctan()),
  k: fc.constantFrom(undefined, 1, 3, 12),
});

describe.each(flavours)('the kernels (%s)', (flavour) => {
  let backend: WasmBackend | undefined;
  afterEach(() => backend?.close());

  test('write nothing outside their buffers, and read nothing that was not written', async () => {
    const heap = new GuardedHeap(false);
    backend = await wasmBackend({ flavour, heap });
    setActiveBackend(backend);
    fc.assert(
      fc.property(networks, (o) => {
        manualSeed(1);
        const neuron = {
          reset: o.reset,
          dynamics: o.dynamics,
          vReset: o.vReset,
          surrogate: o.surrogate,
          rectifier: o.k === undefined ? null : mpr({ k: o.k }),
        };
        const network = resnet20({ variant: o.variant, width: o.width, timesteps: o.timesteps, neuron });
        const random = new Random(3);
        const pixels = Float32Array.from({ length: o.images * o.height * o.imageWidth * 3 }, () =>
          random.normal(),
        );
        scope(() => {
          const x = tensor(pixels, [o.images, o.height, o.imageWidth, 3], { requiresGrad: true });
          const labels = Int32Array.from({ length: o.images }, (_, i) => i);
          crossEntropy(network.call(x), labels).backward();
          for (const p of network.parameters()) {
            expect(p.grad!.dataSync().every(Number.isFinite)).toBe(true);
            p.grad!.dispose();
          }
          expect(x.grad!.dataSync().every(Number.isFinite)).toBe(true);
          x.grad!.dispose();
          const logits = noGrad(() => network.evaluate().call(x));
          expect(logits.dataSync().every(Number.isFinite)).toBe(true);
        });
        for (const { tensor: t } of network.state().values()) t.dispose();
        heap.checkAll();
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  test('of grids by axis, in groups, and of max pools write nothing outside their buffers', async () => {
    const heap = new GuardedHeap(false);
    backend = await wasmBackend({ flavour, heap });
    for (const { measure } of gridCases()) {
      await measure(backend);
      heap.checkAll();
    }
  });
});
