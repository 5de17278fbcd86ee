// ONNX Runtime for tests, and the comparison of a model with the network that it was made from.

import * as ort from 'onnxruntime-web';
import { expect } from 'vitest';
import { tensor } from '../../../src/core/create';
import { Random } from '../../../src/core/random';
import { noGrad } from '../../../src/core/tape';
import { permuteArray } from '../../../src/interop/layout';
import type { Module } from '../../../src/nn';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export interface Numbers {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Axes of an image, the last three, from [H,W,C] to [C,H,W]. */
export function channelsFirst({ data, shape }: Numbers) {
  const rank = shape.length;
  if (rank < 4) return { data, shape };
  const leading = Array.from({ length: rank - 3 }, (_, axis) => axis);
  return permuteArray({ data, shape }, [...leading, rank - 1, rank - 3, rank - 2]);
}

/** What ONNX Runtime makes of a model. @param x as the network takes it, channels last */
export async function run(model: Uint8Array, x: Numbers) {
  const session = await ort.InferenceSession.create(model);
  const first = channelsFirst(x);
  const { output } = await session.run({
    input: new ort.Tensor('float32', Float32Array.from(first.data), [...first.shape]),
  });
  await session.release();
  return { shape: [...output!.dims], data: output!.data as Float32Array };
}

export function numbers(shape: readonly number[], seed: number): Numbers {
  const random = new Random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return { data: Float64Array.from({ length: size }, () => Math.fround(random.normal())), shape };
}

/** In evaluation, with running statistics that let neurons fire. */
export function settled<M extends Module>(network: M, { data, shape }: Numbers, passes = 8): M {
  network.train();
  for (let i = 0; i < passes; i++) noGrad(() => network.call(tensor(data, shape)));
  return network.evaluate();
}

/**
 * Both give the same numbers, as far as f32 goes; and not all the same number. @param given to the model instead of x
 */
export async function compare(network: Module, model: Uint8Array, x: Numbers, given = x): Promise<void> {
  const mine = noGrad(() => network.call(tensor(x.data, x.shape)));
  const theirs = await run(model, given);
  const expected = channelsFirst({ data: mine.dataSync(), shape: mine.shape });
  expect(theirs.shape).toEqual(expected.shape);
  expect(new Set(expected.data).size).toBeGreaterThan(1);
  const far = Array.from(expected.data).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - theirs.data[i]!)),
    0,
  );
  expect(far).toBeLessThan(1e-5);
}
