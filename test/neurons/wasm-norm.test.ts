// What a normalisation's gradient is behind a neuron, whether or not that has been changed on its way: the numbers of
// the reference.

import { expect, test } from 'vitest';
import { type Backend, createBackend } from '../../src';
import type { NeuronSpec } from '../../src/backends/backend';
import { neuronOf } from '../../src/snn/options';

const shape = [3, 4, 3, 5, 16];
const size = shape.reduce((a, b) => a * b, 1);
const wave = (n: number, at: number, low = 0) =>
  Float32Array.from({ length: n }, (_, i) => low + Math.sin(1.3 * i * i + at));
const spec = neuronOf('test', {}) as NeuronSpec;
const norm = { scale: 0.5, epsilon: 1e-5, momentum: 0.1 };

/** Gradients of y, weight and bias of a normalisation with a neuron behind it. */
async function gradients(backend: Backend, changed: boolean): Promise<Float64Array[]> {
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
  const { saved } = backend.neuron({ handle: y, shape }, undefined, spec);
  const g = { handle: backend.upload(wave(size, 5)), shape };
  const back = backend.neuronGradient(g, undefined, saved, spec);
  if (changed) backend.overwrite(back.x, wave(size, 6));
  const result = backend.normGradient({ handle: back.x, shape }, x, weight, statistics, norm);
  const read = async (handle: typeof result.x) => Float64Array.from(await backend.read(handle));
  return Promise.all([read(result.x), read(result.weight), read(result.bias)]);
}

test.each([[false], [true]])('changed in between: %s', async (changed) => {
  const wasm = await createBackend({ backend: 'wasm', threads: 1 });
  const ours = await gradients(wasm, changed);
  wasm.close();
  const wanted = await gradients(await createBackend({ backend: 'cpu', precision: 'f64' }), changed);
  for (const [k, values] of wanted.entries()) {
    const most = Math.max(...values.map(Math.abs));
    for (const [i, value] of values.entries())
      expect(Math.abs(ours[k]![i]! - value) / most).toBeLessThan(2e-5);
  }
});
