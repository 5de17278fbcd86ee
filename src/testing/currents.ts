// Input currents of neurons, time first: noise, constant, pulses, silence.

import fc from 'fast-check';
import { sizeOf } from '../backends/shape';
import { check } from '../errors';
import { finite, type OptionsOf, option, optional, optionTable, whole } from '../options';
import type { TensorData } from './arbitraries';
import { smallest } from './smallest';

/** Limits of the input currents that are drawn. */
export interface CurrentConstraints {
  /** Default 6. */
  maxSteps?: number;
  /** With it currents are [T,B,N]. Default: none, they are [T,N]. */
  maxBatch?: number;
  /** Default 5. */
  maxNeurons?: number;
  /** Default -1. */
  min?: number;
  /** Default 2, four times the paper's threshold. */
  max?: number;
}

export const currentConstraints = optionTable({
  maxSteps: option(whole({ least: 1 }), 6),
  maxBatch: optional(whole({ least: 1 }), 'none, they are [T,N]'),
  maxNeurons: option(whole({ least: 1 }), 5),
  min: option(finite(), -1),
  max: option(finite(), 2),
} satisfies OptionsOf<CurrentConstraints>);

/** Quarters, which sums and thresholds meet exactly, and numbers drawn evenly. */
function amounts(min: number, max: number): fc.Arbitrary<number> {
  const quarter = fc.integer({ min: Math.ceil(4 * min), max: Math.floor(4 * max) }).map((i) => i / 4);
  const even = fc.integer({ min: 0, max: 2 ** 20 }).map((i) => min + ((max - min) * i) / 2 ** 20);
  return fc.oneof({ arbitrary: even, weight: 3 }, { arbitrary: quarter, weight: 1 });
}

/** Currents of neurons at rest, driven steadily, by pulses of one height, or by noise; about half of these fire. */
export function inputCurrents(constraints: CurrentConstraints = {}): fc.Arbitrary<TensorData> {
  const { maxSteps, maxBatch, maxNeurons, min, max } = currentConstraints.read('inputCurrents', constraints);
  check(min <= max, 'inputCurrents', () => `min ${min} is above max ${max}`);
  const axis = (longest: number) => fc.integer({ min: 1, max: longest });
  const longest = maxBatch === undefined ? [maxSteps, maxNeurons] : [maxSteps, maxBatch, maxNeurons];
  const amount = amounts(min, max);
  const drawn = fc.tuple(...longest.map(axis)).chain((shape) => {
    const length = sizeOf(shape);
    const together = length / shape[0]!;
    const many = <T>(item: fc.Arbitrary<T>, count: number) =>
      fc.array(item, { minLength: count, maxLength: count });
    const noise = many(amount, length);
    const constant = many(amount, together).map((row) =>
      Array.from({ length }, (_, i) => row[i % together]!),
    );
    const pulses = fc
      .tuple(amount, many(fc.boolean(), length))
      .map(([height, on]) => on.map((now) => (now ? height : 0)));
    const silence = fc.constant(new Array<number>(length).fill(0));
    return fc
      .oneof(
        { arbitrary: noise, weight: 4 },
        { arbitrary: constant, weight: 2 },
        { arbitrary: pulses, weight: 2 },
        { arbitrary: silence, weight: 1 },
      )
      .map((data) => ({ data, shape }));
  });
  return smallest(drawn, min, max);
}
