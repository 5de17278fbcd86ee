// The fast kernels give the bits of the plain loops, on any number of threads and in either flavour; and no sum of the
// loops leaves the range that was proved for it.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { type WasmBackend, wasmBackend } from '../../src/backends/wasm';
import { setActiveBackend } from '../../src/core/engine';
import { Random } from '../../src/core/random';
import { type CompiledNetwork, compile } from '../../src/integer';
import { twin } from '../../src/integer/twin';
import { flavours } from '../backends/wasm/kernel-memory';
import { type Drawn, drawnNetwork, drawnNetworks } from './networks';

const IMAGES = 5;
const widths = fc.constantFrom(16 as const, 8 as const, 6 as const, 4 as const);

let backends: WasmBackend[] = [];
beforeAll(async () => {
  backends = await Promise.all([
    ...flavours.map((flavour) => wasmBackend({ flavour })),
    ...[2, 3, 8].map((threads) => wasmBackend({ threads })),
  ]);
});
afterAll(() => {
  for (const backend of backends) backend.close();
});

async function compiled(drawn: Drawn, weights: 16 | 8 | 6 | 4): Promise<CompiledNetwork> {
  setActiveBackend(cpuBackend('f32'));
  const { height, width } = drawn;
  // a range whose steps are no power of two
  return compile(drawnNetwork(drawn), { weights, inputShape: [height, width, 3], inputRange: 6.7 });
}

function pixelsOf({ height, width, seed }: Drawn): Float32Array {
  const random = new Random(seed + 1);
  return Float32Array.from({ length: IMAGES * height * width * 3 }, () => random.normal());
}

describe('integers on wasm', () => {
  test('are those of the plain loops, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(drawnNetworks, widths, fc.nat(4), async (drawn, weights, which) => {
        const fast = await compiled(drawn, weights);
        const [{ planned }] = fast.parts.parts as [(typeof fast.parts.parts)[number]];
        const pixels = pixelsOf(drawn);
        const wanted = twin(planned.plan).run([pixels], IMAGES, drawn.timesteps);
        const backend = backends[which % backends.length]!;
        const runner = await backend.integers(planned.plan);
        try {
          // twice: once its firing rates are known, it may go other ways
          for (const _ of [1, 2])
            expect(runner.run([pixels], IMAGES, drawn.timesteps).map((one) => [...one])).toEqual(
              wanted.map((one) => [...one]),
            );
        } finally {
          runner.dispose();
        }
      }),
      { numRuns: 14, endOnFailure: true },
    );
  });

  test('never leave the range that is proved for them', async () => {
    await fc.assert(
      fc.asyncProperty(drawnNetworks, widths, async (drawn, weights) => {
        const fast = await compiled(drawn, weights);
        const [{ planned }] = fast.parts.parts as [(typeof fast.parts.parts)[number]];
        twin(planned.plan, (step, planes, membranes) => {
          const range = planned.ranges.get(step.name);
          if (range === undefined) return;
          // of sums that spikes pick the range is that without the bias
          const bias = step.op === 'conv' ? Math.max(...step.bias.map(Math.abs)) : 0;
          for (const plane of step.op === 'neuron' ? membranes! : planes) {
            expect(Math.min(...plane)).toBeGreaterThanOrEqual(range.low - bias);
            expect(Math.max(...plane)).toBeLessThanOrEqual(range.high + bias);
          }
        }).run([pixelsOf(drawn)], IMAGES, drawn.timesteps);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
});
