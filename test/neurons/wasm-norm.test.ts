// What a normalisation's gradient is behind a neuron, whether or not that has been changed on its way: the numbers of
// the reference. The neuron makes the sums that it needs, and who looks at the current between them makes the engine do
// that in a pass of its own: the bits are the same.

import { expect, test } from 'vitest';
import { type Backend, createBackend } from '../../src';
import { type FusedNeuron, neuronOf } from '../../src/snn/options';
import { fire, fireBack } from '../../src/testing/cases/neuron';

const shape = [3, 4, 3, 5, 16];
const size = shape.reduce((a, b) => a * b, 1);
const wave = (n: number, at: number, low = 0) =>
  Float32Array.from({ length: n }, (_, i) => low + Math.sin(1.3 * i * i + at));
const spec = neuronOf('test', {}) as FusedNeuron;
const norm = { scale: 0.5, epsilon: 1e-5, momentum: 0.1 };

/** Gradients of y, weight and bias of a normalisation with a neuron behind it. */
async function gradients(backend: Backend, { changed = false, looked = false }): Promise<Float64Array[]> {
  const list = (at: number, low: number) => ({ handle: backend.upload(wave(16, at, low)), shape: [16] });
  const x = { handle: backend.upload(wave(size, 0, 40)), shape }; // a mean far from 0
  const weight = list(1, 2);
  const { y, statistics } = backend.normTrain(
    x,
    weight,
    list(2, 0),
    list(3, 0).handle,
    list(4, 3).handle,
    norm,
  );
  if (looked) backend.readSync(y);
  fire(backend, spec, { handle: y, shape });
  const g = { handle: backend.upload(wave(size, 5)), shape };
  const dx = fireBack(backend, spec, { handle: y, shape }, undefined, g).x!;
  if (changed) backend.overwrite(dx, wave(size, 6));
  const result = backend.normGradient({ handle: dx, shape }, x, weight, statistics, norm);
  const read = async (handle: typeof result.x) => Float64Array.from(await backend.read(handle));
  return Promise.all([read(result.x), read(result.weight), read(result.bias)]);
}

/** On wasm, and how often sums were made in a pass of their own. */
async function onWasm(how: { changed?: boolean; looked?: boolean }, simd: 'plain' | 'relaxed' = 'plain') {
  const wasm = await createBackend({ backend: 'wasm', threads: 1, simd });
  wasm.profile(true);
  const numbers = await gradients(wasm, how);
  const { kernels } = wasm.profiled();
  wasm.close();
  return { numbers, hasPass: kernels.some(({ kernel, calls }) => kernel === 'gradientSums' && calls > 0) };
}

test.each([false, true])('changed in between: %s', async (changed) => {
  const { numbers, hasPass } = await onWasm({ changed });
  expect(hasPass).toBe(changed);
  const wanted = await gradients(await createBackend({ backend: 'cpu', precision: 'f64' }), { changed });
  for (const [k, values] of wanted.entries()) {
    const most = Math.max(...values.map(Math.abs));
    for (const [i, value] of values.entries())
      expect(Math.abs(numbers[k]![i]! - value) / most).toBeLessThan(2e-5);
  }
});

test.each(['plain', 'relaxed'] as const)('looking at the current changes no bit: %s', async (simd) => {
  const [alone, looked] = [await onWasm({}, simd), await onWasm({ looked: true }, simd)];
  expect([alone.hasPass, looked.hasPass]).toEqual([false, true]);
  expect(looked.numbers).toEqual(alone.numbers);
});
