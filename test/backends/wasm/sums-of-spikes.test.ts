// Sums of spikes under 3x3 windows: the engine takes them term by term, and gives what the reference gives of the sum.

import { describe, expect, test } from 'vitest';
import type { WasmBackend } from '../../../src/backends/wasm';
import { tensor } from '../../../src/core/create';
import { Random } from '../../../src/core/random';
import type { Tensor } from '../../../src/core/tensor';
import { init } from '../../../src/init';
import { add, conv2d } from '../../../src/ops';
import { lif, rectangular } from '../../../src/snn';

/** [T,N,H,W,C] of zeros and ones. */
function noise(seed: number, shape: readonly number[], rate: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: shape.reduce((a, b) => a * b) }, () => (random.uniform() < rate ? 1 : 0));
}

/** Spikes where they are wanted, as a neuron gives them; all of a gradient passes. */
const spikesOf = (current: Tensor) =>
  lif(current, { tau: 1e-20, vth: 0.5, detachReset: true, surrogate: rectangular({ window: 4, scale: 4 }) });

async function sumConvolved(terms: number, channels: number, side: number, stride: number, rate: number) {
  const shape = [2, 3, side, side, channels];
  const currents = Array.from({ length: terms }, (_, i) =>
    tensor(noise(i + 1, shape, rate), shape, { requiresGrad: true }),
  );
  const random = new Random(9);
  const normal = (of: readonly number[]) =>
    tensor(
      Array.from({ length: of.reduce((a, b) => a * b) }, () => random.normal()),
      of,
      { requiresGrad: true },
    );
  const weight = normal([3, 3, channels, 16]);
  const [first, ...others] = currents.map(spikesOf);
  const sum = others.reduce((all, one) => add(all, one), first!);
  const y = conv2d(sum, weight, { padding: 1, stride });
  y.backward(normal(y.shape).detach());
  const plain = add(sum, sum); // its numbers are asked for, too
  return [y, weight.grad!, currents.at(-1)!.grad!, plain].map((one) => one.dataSync());
}

describe('a convolution of a sum of spikes', () => {
  test.each([
    [2, 16, 6, 2, 0.2],
    [3, 16, 7, 2, 0.2],
    [2, 32, 5, 2, 0.05],
    [3, 72, 4, 2, 0.2],
    [2, 16, 8, 1, 0.3],
    [2, 16, 2, 1, 0.3],
    [4, 16, 6, 2, 0.2], // too many to be remembered
  ])('of %i terms, %i channels, %i pixels, stride %i, rate %f', async (...given) => {
    await init({ backend: 'cpu' });
    const wanted = await sumConvolved(...given);
    const backend = (await init({ backend: 'wasm', threads: 1 })) as WasmBackend;
    backend.profile(true);
    const got = await sumConvolved(...given);
    for (const [i, numbers] of got.entries())
      numbers.forEach((value, at) => {
        expect(Math.abs(value - wanted[i]![at]!)).toBeLessThan(1e-4 * (1 + Math.abs(wanted[i]![at]!)));
      });
    const ways = backend.profiled().plans.map(({ direction, way }) => `${direction}: ${way}`);
    backend.profile(false);
    expect(ways.includes('weight gradient: spikes by term')).toBe(given[0] <= 3);
  });

  test('whose term was changed in place since is taken as the numbers that it had', async () => {
    const shape = [1, 1, 4, 4, 8];
    const backend = await init({ backend: 'wasm', threads: 1 });
    const [a, b] = [1, 2].map((seed) => spikesOf(tensor(noise(seed, shape, 0.3), shape)));
    const sum = add(a!, b!);
    const weight = tensor(new Array(9 * 64).fill(1), [3, 3, 8, 8]);
    const before = conv2d(sum, weight, { padding: 1, stride: 2 }).dataSync();
    backend.overwrite(a!.handle, new Float32Array(128).fill(7));
    expect(conv2d(sum, weight, { padding: 1, stride: 2 }).dataSync()).toEqual(before);
  });
});
