// The order of an image's numbers in a row: channels last here, channels first in PyTorch.

import { type Shape, sizeOf } from '../../backends/shape';
import type { SafetensorsEntry } from '../../formats/dtypes';

/** An image [H,W,C] in a row, and index of ours to theirs, [C,H,W], where it is not the same. */
export function flattened(shape: Shape): { shape: Shape; order?: readonly number[] } {
  const [height, width, channels] = shape as [number, number, number];
  const order = Array.from({ length: sizeOf(shape) }, (_, i) => {
    const [place, channel] = [Math.floor(i / channels), i % channels];
    return channel * height * width + place;
  });
  return { shape: [order.length], order: height * width === 1 || channels === 1 ? undefined : order };
}

/** Element i of an axis is what was element order[i]. */
export function reordered(entry: SafetensorsEntry, order: readonly number[], axis: number): SafetensorsEntry {
  const { shape } = entry;
  const inner = sizeOf(shape.slice(axis + 1));
  const length = order.length * inner;
  const data = entry.data.slice();
  for (let at = 0; at < data.length; at++) {
    const [outer, rest] = [Math.floor(at / length), at % length];
    data[at] = entry.data[outer * length + order[Math.floor(rest / inner)]! * inner + (rest % inner)]!;
  }
  return { ...entry, data } as SafetensorsEntry;
}
