// Draws of tensors as before, but shrunk as tensors: to fewer slices along any axis, then to simpler numbers.
// Shrinking a shape that was drawn first would draw all numbers anew, and mostly lose what made them fail.

import type fc from 'fast-check';
import { sizeOf, stridesOf } from '../backends/shape';
import type { TensorData } from './arbitraries';
import { shrunk } from './laws/shrunk';
import { simpler } from './laws/simplest';

/** The slices of one axis for which `keep` holds. */
function kept({ data, shape }: TensorData, axis: number, keep: (slice: number) => boolean): TensorData {
  const [stride, length] = [stridesOf(shape)[axis]!, shape[axis]!];
  const rest = data.filter((_, i) => keep(Math.floor(i / stride) % length));
  const shorter = rest.length / (sizeOf(shape) / length);
  return { data: rest, shape: shape.map((old, i) => (i === axis ? shorter : old)) };
}

function* smaller(drawn: TensorData): Generator<TensorData> {
  const { data, shape } = drawn;
  // the first axis is time, where a slice depends on those before it: last
  for (const axis of [...shape.keys()].reverse()) {
    const length = shape[axis]!;
    if (length === 1) continue;
    for (let one = 0; one < length; one++) yield kept(drawn, axis, (slice) => slice === one);
    if (length === 2) continue;
    for (let one = 0; one < length; one++) yield kept(drawn, axis, (slice) => slice !== one);
  }
  for (const [i, x] of data.entries())
    for (const candidate of simpler(x)) yield { data: data.with(i, candidate), shape };
}

/**
 * @param drawn tensors of numbers in [min, max], no axis of which is empty
 */
export function smallest(
  drawn: fc.Arbitrary<TensorData>,
  min: number,
  max: number,
): fc.Arbitrary<TensorData> {
  const allowed = ({ data }: TensorData) => data.every((x) => x >= min && x <= max);
  return shrunk(drawn, { simpler: smaller, allowed });
}
